"""Tables with what hangs on them: the engine's clauses, indices, constraints, projections."""

from __future__ import annotations

from greylag.databases.clickhouse.catalog.clauses import (
    bare,
    bracketed,
    clauses,
    first_name,
    pieces,
    split,
    unwrapped,
)
from greylag.databases.clickhouse.catalog.columns import make_column, pairs
from greylag.databases.clickhouse.catalog.secrets import hidden
from greylag.model.catalog.tables import Constraint, Index, Key, Projection, Table
from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from greylag.databases.clickhouse.catalog.columns import ColumnRow
    from greylag.model.catalog.parts import Column, Options
    from greylag.model.catalog.tables import ConstraintKind

_STORAGE = ("PARTITION BY", "UNIQUE KEY", "PRIMARY KEY", "ORDER BY", "SAMPLE BY", "TTL", "SETTINGS")
_PARTS = ("INDEX", "CONSTRAINT", "PROJECTION")
_PRINTED_ALWAYS = ("index_granularity", "8192")
"""A setting that the server adds to every table of the MergeTree family."""


class TableRow(NamedTuple):
    """A row of system.tables; what an old server lacks is empty."""

    schema: str
    name: str
    uuid: str
    engine: str
    engine_full: str
    create: str
    partition_key: str
    sorting_key: str
    primary_key: str
    sampling_key: str
    comment: str
    select: str


class Storage(NamedTuple):
    """An engine with what is behind it. ``text`` is all of it, as it would be written by a person."""

    engine: str
    ttl: str
    settings: Options
    text: str


def read_storage(engine_full: str) -> Storage:
    """Take ``system.tables.engine_full`` apart."""
    found = clauses(hidden(engine_full), _STORAGE)
    settings = tuple(pair for pair in pairs(found.pop("SETTINGS", "")) if pair != _PRINTED_ALWAYS)
    engine, ttl = found.pop(""), found.get("TTL", "")
    words = [engine, *(f"{name} {body}" for name, body in found.items())]
    if settings:
        words.append("SETTINGS " + ", ".join(f"{name} = {value}" for name, value in settings))
    return Storage(engine, ttl, settings, " ".join(words))


def read_parts(create: str) -> dict[str, dict[str, str]]:
    """Columns, indices, constraints and projections of a CREATE statement: by kind, name to what follows it.

    The kind of columns is empty.
    """
    found: dict[str, dict[str, str]] = {kind: {} for kind in ("", *_PARTS)}
    _, inner, _ = bracketed(create)
    for item in split(inner):
        kind = item.partition(" ")[0]
        name, rest = first_name(item.removeprefix(kind).strip() if kind in _PARTS else item)
        found[kind if kind in _PARTS else ""].setdefault(name, rest)
    return found


def make_table(row: TableRow, columns: Sequence[ColumnRow]) -> Table:
    """The table of ``row``. Grants and policies are not in it yet."""
    parts, storage = read_parts(row.create), read_storage(row.engine_full)
    made = tuple(make_column(column, parts[""].get(column.name, "")) for column in columns)
    return Table(
        row.schema,
        row.name,
        made,
        constraints=tuple(_constraints(parts["CONSTRAINT"], made)),
        indexes=tuple(_index(name, parts["INDEX"][name], made) for name in sorted(parts["INDEX"])),
        comment=row.comment,
        options=storage.settings,
        partition_key=row.partition_key,
        engine=storage.engine or _function(row) or row.engine,
        order_by=row.sorting_key,
        primary_key=row.primary_key,
        sample_by=row.sampling_key,
        ttl=storage.ttl,
        projections=tuple(
            _projection(name, parts["PROJECTION"][name]) for name in sorted(parts["PROJECTION"])
        ),
    )


def _function(row: TableRow) -> str:
    """A table that stands for a table function (``CREATE TABLE t AS numbers(10)``) has no engine printed."""
    function = clauses(bracketed(row.create)[2], ("AS",), last="AS").get("AS", "")
    return f"AS {hidden(function)}" if function else ""


def _constraints(found: Mapping[str, str], columns: Sequence[Column]) -> Iterator[Constraint]:
    for name in sorted(found):
        word, _, expression = found[name].partition(" ")
        kind: ConstraintKind = "assume" if word == "ASSUME" else "check"
        words = {bare(piece.text) for piece in pieces(expression) if piece.kind != "sign"}
        of = tuple(column.name for column in columns if column.name in words)
        yield Constraint(name, kind, of, expression, definition=found[name])


def _index(name: str, text: str, columns: Sequence[Column]) -> Index:
    found = clauses(text, ("TYPE", "GRANULARITY"))
    names = {column.name for column in columns}
    keys = [
        Key(column=bare(part)) if bare(part) in names else Key(expression=part)
        for part in split(unwrapped(found[""]))
    ]
    granularity = found.get("GRANULARITY", "")
    return Index(
        name,
        found.get("TYPE", ""),
        keys=tuple(keys),
        granularity=int(granularity) if granularity.isdigit() else 1,
        definition=f"INDEX {name} {text}",
    )


def _projection(name: str, text: str) -> Projection:
    before, query, behind = bracketed(text)
    if before:
        return Projection(name, text, "index")
    options = pairs(unwrapped(clauses(behind, ("WITH SETTINGS",)).get("WITH SETTINGS", "")))
    kind = "aggregate" if "GROUP BY" in clauses(query, ("GROUP BY",)) else "normal"
    return Projection(name, query, kind, options)
