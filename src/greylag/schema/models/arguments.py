"""What a table has beside its columns, as ``__table_args__`` or the rest of a ``sa.Table(…)``."""

from __future__ import annotations

from greylag.schema.models.columns import foreign_key
from greylag.schema.models.indexes import deferring, exclusion, index, options
from greylag.schema.models.writing import call, clause, sequence, string

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from greylag.model.catalog.tables import Constraint, Index, Table
    from greylag.schema.models.columns import Context
    from greylag.schema.models.writing import Group

_HOMES = ("", "public", "main")


def arguments(context: Context, *, inline: bool = True) -> list[Group]:
    """Constraints, then indexes; foreign keys of one column are left to it where ``inline``."""
    table = context.table
    found = [*_constraints(context, inline=inline)]
    plain = (each for each in table.indexes if not each.constraint)
    return found + [index(each, context.engine) for each in plain if each.keys]


def _constraints(context: Context, *, inline: bool) -> Iterator[Group]:
    behind = {each.name: each for each in context.table.indexes}
    order = {"primary key": 0, "unique": 1, "foreign key": 2, "check": 3, "exclude": 4}
    foreign = set(context.foreign)
    for each in sorted(context.table.constraints, key=lambda one: order.get(one.kind, 9)):
        if each.kind == "foreign key":
            if each in foreign and not (inline and len(each.columns) == 1):
                yield foreign_key(each, context, whole=True)
        elif each.kind == "check":
            yield _check(each, context.engine)
        elif each.kind == "exclude":
            found = exclusion(each, behind.get(each.index_name))
            if found is not None:
                yield found
        elif each.kind in ("primary key", "unique") and (each.kind == "unique" or _is_said(each, context)):
            yield _key(each, behind.get(each.index_name), context.engine)


def _is_said(constraint: Constraint, context: Context) -> bool:
    """Whether a primary key is more than its columns, in their order, under the engine's name."""
    columns = [each.name for each in context.table.columns if each.name in constraint.columns]
    behind = next((each for each in context.table.indexes if each.name == constraint.index_name), None)
    usual = constraint.name in ("", f"{context.table.name}_pkey") and list(constraint.columns) == columns
    plain = not (behind and (behind.include or behind.options or behind.tablespace))
    return not usual or not plain or constraint.deferrable


def _key(constraint: Constraint, behind: Index | None, engine: str) -> Group:
    word = "sa.PrimaryKeyConstraint" if constraint.kind == "primary key" else "sa.UniqueConstraint"
    named: dict[str, str | Group] = {"name": string(constraint.name)} if constraint.name else {}
    named |= deferring(constraint)
    if engine == "postgres" and behind is not None:
        if behind.include:
            named["postgresql_include"] = sequence(string(each) for each in behind.include)
        if constraint.kind == "unique" and not behind.nulls_distinct:
            named["postgresql_nulls_not_distinct"] = "True"
    return call(word, [string(each) for each in constraint.columns], named)


def _check(constraint: Constraint, engine: str) -> Group:
    named: dict[str, str | Group] = {"name": string(constraint.name)} if constraint.name else {}
    if engine == "postgres" and not constraint.validated:
        named["postgresql_not_valid"] = "True"
    return call("sa.CheckConstraint", [clause(constraint.expression)], named)


def table_options(table: Table, engine: str) -> dict[str, str | Group]:
    """What stands as keywords: schema, comment, partitioning, storage."""
    named: dict[str, str | Group] = {}
    if table.schema not in _HOMES:
        named["schema"] = string(table.schema)
    if table.comment:
        named["comment"] = string(table.comment)
    if engine == "sqlite":
        words = {
            name for name, _ in (*table.options, *(each for one in table.columns for each in one.options))
        }
        return named | {
            key: value
            for word, key, value in (
                ("autoincrement", "sqlite_autoincrement", "True"),
                ("without_rowid", "sqlite_with_rowid", "False"),
                ("strict", "sqlite_strict", "True"),
            )
            if word in words
        }
    if table.kind == "partitioned" and table.partition_key:
        named["postgresql_partition_by"] = string(table.partition_key)
    if table.options and table.kind == "ordinary":
        named["postgresql_with"] = options(table.options)
    if table.tablespace:
        named["postgresql_tablespace"] = string(table.tablespace)
    if table.persistence == "unlogged":
        named["prefixes"] = sequence([string("UNLOGGED")])
    return named
