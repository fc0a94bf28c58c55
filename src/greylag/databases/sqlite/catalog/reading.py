"""A Catalog from sqlite_schema and the pragmas (https://www.sqlite.org/pragma.html)."""

from __future__ import annotations

from greylag.databases.sqlite.catalog.definitions import Clauses, clauses_of
from greylag.databases.sqlite.catalog.indexes import indexes_by_table
from greylag.databases.sqlite.catalog.tokens import text_of, tokens_of
from greylag.databases.sqlite.catalog.triggers import trigger_of
from greylag.errors import DatabaseError
from greylag.model.catalog.catalog import Catalog
from greylag.model.catalog.objects import Schema, View
from greylag.model.catalog.parts import Column, Name, Type
from greylag.model.catalog.tables import Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any, TypeAlias, TypeVar

    from greylag.model.catalog.parts import Generated, Options
    from greylag.model.catalog.tables import Constraint, Index, Trigger

    Rows: TypeAlias = list[tuple[Any, ...]]
    Part = TypeVar("Part", Index, Trigger, Table, View)

SCHEMA = "main"
"""What SQLite calls the database of its file."""

_OBJECTS = """SELECT l.type, l.name, l.wr, l.strict, m.sql FROM pragma_table_list l
JOIN sqlite_schema m ON m.name = l.name AND m.type IN ('table', 'view')
WHERE l.schema = 'main' AND l.type IN ('table', 'view', 'virtual') AND substr(l.name, 1, 7) <> 'sqlite_'"""
_COLUMNS = """SELECT m.name, x.name, x.type, x."notnull", x.dflt_value, x.pk, x.hidden
FROM sqlite_schema m JOIN pragma_table_xinfo(m.name) x WHERE m.type = '{kind}'{name} ORDER BY m.name, x.cid"""
_TRIGGERS = "SELECT tbl_name, name, sql FROM sqlite_schema WHERE type = 'trigger'"

_GENERATED: dict[int, Generated] = {2: "virtual", 3: "stored"}
"""Values of the column ``hidden``; 1 is a hidden column of a virtual table."""
_HIDDEN = 1


def read_catalog(ask: Callable[[str], Rows], version: str) -> Catalog:
    """The schema behind ``ask``, which answers queries with text decoded. Raises what it raises."""
    columns: dict[str, Rows] = {}
    for table, *facts in ask(_COLUMNS.format(kind="table", name="")):
        columns.setdefault(table, []).append(tuple(facts))
    triggers: dict[str, list[Trigger]] = {}
    for table, name, sql in ask(_TRIGGERS):
        triggers.setdefault(table, []).append(trigger_of(name, sql))
    objects = ask(_OBJECTS)
    clauses = {name: clauses_of(sql, SCHEMA) for kind, name, *_, sql in objects if kind != "view"}
    indexes = indexes_by_table(ask, clauses)
    types: dict[str, Type] = {}
    tables: list[Table] = []
    views: list[View] = []
    for kind, name, without_rowid, strict, sql in objects:
        own = _sorted(triggers.get(name, ()))
        if kind == "view":
            views.append(View(SCHEMA, name, _view_columns(ask, name, types), _query(sql), triggers=own))
        else:
            switches = {"strict": strict, "without_rowid": without_rowid}
            options = tuple((option, "true") for option, on in switches.items() if on)
            found = _sorted(indexes.get(name, ()))
            tables.append(_table(name, sql, columns[name], clauses[name], types, found, own, options))
    return Catalog(
        engine="sqlite",
        version=version,
        schemas=(Schema(SCHEMA),),
        tables=_sorted(_with_true_names(tables)),
        views=_sorted(views),
    )


def _sorted(parts: Iterable[Part]) -> tuple[Part, ...]:
    return tuple(sorted(parts, key=lambda part: part.name))


def _view_columns(ask: Callable[[str], Rows], name: str, types: dict[str, Type]) -> tuple[Column, ...]:
    """None for a view that no longer works: its table may be gone, and SQLite only says so when asked."""
    chosen = " AND m.name = '" + name.replace("'", "''") + "'"
    try:
        rows = ask(_COLUMNS.format(kind="view", name=chosen))
    except DatabaseError:
        return ()
    return tuple(_column(tuple(row[1:]), Clauses(), types) for row in rows)


def _table(
    name: str,
    sql: str,
    rows: Rows,
    clauses: Clauses,
    types: dict[str, Type],
    indexes: tuple[Index, ...],
    triggers: tuple[Trigger, ...],
    options: Options,
) -> Table:
    return Table(
        SCHEMA,
        name,
        tuple(_column(row, clauses, types) for row in rows if row[5] != _HIDDEN),
        tuple(sorted(clauses.constraints, key=lambda each: (each.name, each.definition))),
        indexes,
        triggers,
        options=options,
        engine=_module(sql),
    )


def _column(row: tuple[Any, ...], clauses: Clauses, types: dict[str, Type]) -> Column:
    name, declared, required, default, _, hidden = row
    kind = types.get(declared)
    if kind is None:
        numbers = declared.partition("(")[2].partition(")")[0].split(",")
        modifiers = tuple(int(number) for number in numbers if number.strip().isdecimal())
        kind = types[declared] = Type(declared, declared, modifiers=modifiers)
    return Column(
        name,
        kind,
        not required,
        clauses.generated.get(name, default),
        _GENERATED.get(hidden, ""),
        collation=clauses.collations.get(name, ""),
        options=(("autoincrement", "true"),) if name == clauses.autoincrement else (),
    )


def _query(sql: str) -> str:
    """The SELECT behind CREATE VIEW … AS."""
    tokens = tokens_of(sql)
    start = next(place for place, token in enumerate(tokens) if token.key == "AS")
    return text_of(tokens[start + 1 :]).strip()


def _module(sql: str) -> str:
    """The module of a virtual table with its arguments, as written; empty for another."""
    tokens = tokens_of(sql)
    if [token.key for token in tokens[1:3]] != ["VIRTUAL", "TABLE"]:
        return ""
    start = next(place for place, token in enumerate(tokens) if token.key == "USING")
    return text_of(tokens[start + 1 :]).strip()


def _with_true_names(tables: list[Table]) -> list[Table]:
    """Names in constraints as their owners spell them, and the columns of a foreign key that names none.

    SQLite does not care for case, and takes the other table's primary key where no columns are named.
    """
    known = {table.name.lower(): table for table in tables}
    return [
        table._replace(constraints=tuple(_with_names(each, table, known) for each in table.constraints))
        for table in tables
    ]


def _with_names(constraint: Constraint, table: Table, known: Mapping[str, Table]) -> Constraint:
    columns = _spelt(constraint.columns, table)
    references = constraint.references
    target = known.get(references.table.name.lower()) if references else None
    if references is not None and target is not None:
        keys = (each.columns for each in target.constraints if each.kind == "primary key")
        named = references.columns or next(keys, ())
        references = references._replace(table=Name(SCHEMA, target.name), columns=_spelt(named, target))
    return constraint._replace(columns=columns, references=references)


def _spelt(names: tuple[str, ...], table: Table) -> tuple[str, ...]:
    spelling = {column.name.lower(): column.name for column in table.columns}
    return tuple(spelling.get(name.lower(), name) for name in names)
