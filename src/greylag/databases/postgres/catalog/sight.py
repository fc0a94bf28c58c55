"""What Prisma meets in a database beside its schema: see :mod:`greylag.model.catalog.sight`."""

from __future__ import annotations

from greylag.databases.postgres.catalog.copying import copy_out
from greylag.databases.postgres.catalog.texts import items
from greylag.errors import DatabaseError
from greylag.model.catalog.parts import Name
from greylag.model.catalog.sight import Sight
from greylag.model.catalog.tables import Constraint, Reference

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from greylag.databases.postgres.channel import Channel
    from greylag.model.catalog.tables import Action

_ACTIONS: dict[str, Action] = {
    "a": "no action", "r": "restrict", "c": "cascade", "n": "set null", "d": "set default",
}  # fmt: skip

_BEFORE = "BEGIN READ ONLY; SET LOCAL jit = off;"
_PARENTS = """
SELECT n.nspname, c.relname FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relhassubclass AND c.relkind IN ('r', 'p') AND n.nspname IN ({schemas})"""

_COLUMNS = """ARRAY(SELECT a.attname FROM pg_catalog.unnest({key}) WITH ORDINALITY u (number, place)
  JOIN pg_catalog.pg_attribute a ON a.attrelid = {table} AND a.attnum = u.number ORDER BY u.place)"""
_CLONES = f"""
SELECT n.nspname, c.relname, k.conname, {_COLUMNS.format(key="k.conkey", table="k.conrelid")},
  fn.nspname, f.relname, {_COLUMNS.format(key="k.confkey", table="k.confrelid")},
  k.confupdtype, k.confdeltype, k.condeferrable
FROM pg_catalog.pg_constraint k
JOIN pg_catalog.pg_constraint o ON o.oid = k.conparentid AND o.conrelid = k.conrelid
JOIN pg_catalog.pg_class f ON f.oid = k.confrelid AND f.relkind = 'p'
JOIN pg_catalog.pg_namespace fn ON fn.oid = f.relnamespace
JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE k.contype = 'f' AND n.nspname IN ({{schemas}})"""

# the condition of information_schema.columns, the other way round
_UNSEEN = """
SELECT n.nspname, c.relname, a.attname FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p', 'v') AND n.nspname IN ({schemas})
  AND NOT pg_catalog.pg_has_role(c.relowner, 'USAGE'::text)
  AND NOT pg_catalog.has_column_privilege(c.oid, a.attnum, 'SELECT, INSERT, UPDATE, REFERENCES'::text)"""

_VIEWS = """
SELECT n.nspname, c.relname FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'v' AND n.nspname IN ({schemas}) ORDER BY c.oid"""


def read_sight(channel: Channel, schemas: Sequence[str]) -> Sight:
    """What is beside the schema, in one round trip. Raises DatabaseError."""
    names = ", ".join(_literal(schema) for schema in schemas) or "NULL"
    queries = [query.format(schemas=names) for query in (_PARENTS, _CLONES, _UNSEEN, _VIEWS)]
    try:
        parents, clones, unseen, views = copy_out(channel, _BEFORE, queries, "COMMIT")
    except DatabaseError:
        if channel.usable:
            channel.roll_back()
        raise
    by_table: dict[Name, list[str]] = {}
    for schema, table, column in unseen:
        by_table.setdefault(Name(schema, table), []).append(column)
    return Sight(
        frozenset(Name(schema, table) for schema, table in parents),
        tuple((Name(row[0], row[1]), _clone(row)) for row in clones),
        tuple((table, tuple(columns)) for table, columns in by_table.items()),
        tuple(Name(schema, view) for schema, view in views),
    )


def _clone(row: list[str]) -> Constraint:
    _, _, name, columns, schema, target, referenced, on_update, on_delete, deferrable = row
    reference = Reference(
        Name(schema, target), tuple(items(referenced)), _ACTIONS[on_update], _ACTIONS[on_delete]
    )
    return Constraint(
        name,
        "foreign key",
        tuple(items(columns)),
        references=reference,
        deferrable=deferrable == "t",
        own=False,
    )


def _literal(text: str) -> str:
    return "E'" + text.replace("\\", "\\\\").replace("'", "''") + "'"
