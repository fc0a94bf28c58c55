"""The catalog of a ClickHouse database, in seven questions."""

from __future__ import annotations

from greylag.databases.clickhouse.catalog import questions
from greylag.databases.clickhouse.catalog.access import NOTHING, read_access
from greylag.databases.clickhouse.catalog.clauses import clauses
from greylag.databases.clickhouse.catalog.columns import ColumnRow
from greylag.databases.clickhouse.catalog.dictionaries import make_dictionary
from greylag.databases.clickhouse.catalog.questions import SYSTEM, Asker
from greylag.databases.clickhouse.catalog.secrets import hidden
from greylag.databases.clickhouse.catalog.tables import TableRow, make_table
from greylag.databases.clickhouse.catalog.views import KINDS, hidden_names, is_hidden, make_view
from greylag.errors import DatabaseError
from greylag.model.catalog.catalog import Catalog
from greylag.model.catalog.objects import Routine, Schema

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from greylag.databases.clickhouse.catalog.access import Access
    from greylag.databases.clickhouse.catalog.questions import Question
    from greylag.databases.clickhouse.link import Link
    from greylag.model.catalog.objects import Dictionary, View
    from greylag.model.catalog.tables import Table

    Row = list[str | None]

_REFUSALS = (497, 60, 47)
"""Not allowed; no such table; no such column."""
_OWN = ("greylag_journal", "greylag_lock")


def read_catalog(link: Link, *, everywhere: bool = False) -> Catalog:
    """The schema of the connection's database; of all databases where that is ``default``, or ``everywhere``.

    Functions belong to the server and are always listed, grants and row policies where this user may see
    them. Left out are greylag's journal and lock. Raises DatabaseError.
    """
    asker = Asker(link)
    asker.learn()
    version, databases = places(link, everywhere=everywhere)
    return read_hosts(asker, version, databases)[""]


def places(link: Link, *, everywhere: bool = False) -> tuple[str, list[str]]:
    """The server's version, and the databases that a catalog is of. Raises DatabaseError."""
    text = (
        "SELECT version(), currentDatabase(), "
        "(SELECT arrayStringConcat(groupArray(name), '\\n') FROM system.databases)"
    )
    version, current, names = (value or "" for value in link.query(text).rows[0])
    if everywhere or current == "default":
        return version, [name for name in names.split("\n") if name not in SYSTEM]
    return version, [current]


def read_hosts(
    asker: Asker, version: str, databases: Sequence[str], hosts: Sequence[str] = ("",)
) -> dict[str, Catalog]:
    """A catalog for each of ``hosts``, as the asker names them. Raises DatabaseError."""
    answers = {question.table: _by_host(_ask(asker, question, databases)) for question in questions.ALL}
    return {
        host: _catalog(version, {table: rows.get(host, []) for table, rows in answers.items()})
        for host in hosts
    }


def _ask(asker: Asker, question: Question, databases: Sequence[str]) -> list[Row]:
    """What cannot be done without is asked in any case: its refusal says more than an empty catalog."""
    if question.needed:
        if not asker.knows(question):
            return []
        try:
            return asker.ask(question, databases)
        except DatabaseError as error:
            if getattr(error, "number", 0) in _REFUSALS:
                return []
            raise
    return asker.ask(question, databases)


def _by_host(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for host, *row in rows:
        found.setdefault(host or "", []).append(row)
    return found


def _catalog(version: str, answers: Mapping[str, Sequence[Row]]) -> Catalog:
    access = NOTHING
    if answers["grants"] or answers["row_policies"]:
        access = read_access(answers["grants"], answers["row_policies"])
    rows = [
        TableRow(*(value or "" for value in row))
        for row in answers["tables"]
        if (row[1] or "") not in _OWN and not (row[1] or "").startswith("greylag_lock_")
    ]
    columns = _columns(answers["columns"])
    tables, views, dictionaries = _objects(rows, columns)
    return Catalog(
        "clickhouse",
        version,
        schemas=tuple(_schema(row, access) for row in answers["databases"]),
        tables=tuple(_with_access(table, access) for table in sorted(tables, key=_place)),
        views=tuple(
            view._replace(grants=access.grants.get((view.schema, view.name, "")))
            for view in sorted(views, key=_place)
        ),
        routines=tuple(_routine(name or "", text or "") for name, text in answers["functions"]),
        dictionaries=tuple(sorted(dictionaries, key=_place)),
    )


def _objects(
    rows: Sequence[TableRow], columns: Mapping[tuple[str, str], list[ColumnRow]]
) -> tuple[list[Table], list[View], list[Dictionary]]:
    tables, views, dictionaries = [], [], []
    storage = {(row.schema, row.name): row.engine_full for row in rows if is_hidden(row.name)}
    for row in rows:
        of = columns.get((row.schema, row.name), [])
        if is_hidden(row.name):
            continue
        if row.engine in KINDS:
            kept = [storage.get((row.schema, name), "") for name in hidden_names(row)]
            views.append(make_view(row, of, max(kept)))
        elif row.engine == "Dictionary" and row.create.startswith("CREATE DICTIONARY"):
            dictionaries.append(make_dictionary(row))
        else:
            tables.append(make_table(row, of))
    return tables, views, dictionaries


def _columns(rows: Sequence[Row]) -> dict[tuple[str, str], list[ColumnRow]]:
    found: dict[tuple[str, str], list[ColumnRow]] = {}
    for database, table, *rest in rows:
        row = ColumnRow(*(value or "" for value in rest))
        found.setdefault((database or "", table or ""), []).append(row)
    return found


def _place(each: Table | View | Dictionary) -> tuple[bytes, bytes]:
    return each.schema.encode(), each.name.encode()


def _schema(row: Row, access: Access) -> Schema:
    name, engine, full, comment = (value or "" for value in row)
    return Schema(
        name, comment=comment, grants=access.grants.get((name, "", "")), engine=hidden(full or engine)
    )


def _with_access(table: Table, access: Access) -> Table:
    place = table.schema, table.name
    if access is NOTHING:
        return table
    columns = tuple(
        column._replace(grants=access.grants.get((*place, column.name))) for column in table.columns
    )
    return table._replace(
        columns=columns, grants=access.grants.get((*place, "")), policies=access.policies.get(place, ())
    )


def _routine(name: str, create: str) -> Routine:
    """Without overloads a name is enough to tell functions apart."""
    body = clauses(create, ("AS",), last="AS").get("AS", create)
    return Routine("", name, "", language="SQL", definition=body)
