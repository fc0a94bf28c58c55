"""Foreign keys: between columns of two types, and to columns that nothing makes unique."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from greylag.operations.troubles.definitions import read
from greylag.operations.troubles.lines import indented, rewritten
from greylag.operations.troubles.trouble import Scene, Trouble

if TYPE_CHECKING:
    from greylag.operations.troubles.definitions import Definition

_PAIR = re.compile(
    r'Key columns "(.+?)"(?: of the referencing table)? and "(.+?)"(?: of the referenced table)? '
    r"are of incompatible types: (.+) and (.+?)\.?$"
)
"""PostgreSQL 18 names the tables' parts, 16 does not."""

_TEXTS = ("text", "character varying")

_SPELLED = {
    "integer": ("integer", "int", "int4"),
    "bigint": ("bigint", "int8"),
    "smallint": ("smallint", "int2"),
    "character varying": ("character varying", "varchar"),
}
"""How files write types that the server calls by one name."""


class _Pair(NamedTuple):
    """The two columns of a key as the server names them, with the tables where the statement shows them."""

    column: str
    there: str
    type: str
    type_there: str
    table: str
    table_there: str

    @property
    def wanted(self) -> str:
        """The type that makes the new column fit."""
        return "TEXT" if self.type_there in _TEXTS else self.type_there.upper()

    def sentence(self) -> str:
        here = f"{self.table}.{self.column}" if self.table else self.column
        other = f"{self.table_there}.{self.there}" if self.table_there else self.there
        return f"{here} is {self.type} and refers to {other}, which is {self.type_there}"


def _types(scene: Scene) -> str | None:
    found = _PAIR.search(scene.detail)
    if found is None:
        return None
    definition = read(scene.text)
    pair = _pair(found.groups(), definition)
    rule = _rule(pair)
    if definition is None or not pair.table_there:
        return f"{pair.sentence()}: both must have one type. {rule}"
    return f"{pair.sentence()}. {rule}\n{_change(scene, definition, pair)}"


def _pair(groups: tuple[str, ...], definition: Definition | None) -> _Pair:
    column, there, type_here, type_there = groups
    tables = {
        reference.table
        for reference in (definition.references if definition else ())
        if column in reference.columns
        and (
            not reference.there
            or there == dict(zip(reference.columns, reference.there, strict=False))[column]
        )
    }
    other = tables.pop() if len(tables) == 1 else ""
    return _Pair(column, there, type_here, type_there, definition.table if definition else "", other)


def _rule(pair: _Pair) -> str:
    if pair.type == "uuid" and pair.type_there in _TEXTS:
        return "Ids are kept as TEXT, never as UUID: change the new column"
    if pair.type in _TEXTS and pair.type_there == "uuid":
        return (
            "Ids are better kept as TEXT, so it is the old column that should change, in a migration of its "
            "own that retypes it and all columns that refer to it. Until then the new one has to be UUID"
        )
    return "Give the new column the type of the one it refers to"


def _change(scene: Scene, definition: Definition, pair: _Pair) -> str:
    column = next((each for each in definition.columns if each.name == pair.column), None)
    if column is None:
        if definition.creates:
            return f"Change the type of {pair.column} to {pair.wanted}"
        return indented(
            f"The statement does not define {pair.column}. Where another file has applied it, put this "
            "before the key:",
            f"ALTER TABLE {pair.table} ALTER COLUMN {pair.column} TYPE {pair.wanted} "
            f"USING {pair.column}::{pair.wanted};",
        )
    # A default or identity of the old type may not fit the new one; any value fits TEXT.
    if pair.wanted != "TEXT" and column.has_default:
        return f"Change the type of {pair.column} to {pair.wanted}, and its default with it"
    line = rewritten(scene, column.start, column.end, _SPELLED.get(pair.type, (pair.type,)), pair.wanted)
    if line is None:
        return f"Change the type of {pair.column} to {pair.wanted}"
    return indented(f"Line {line.number} of {scene.path} becomes:", line.text)


def _no_unique(scene: Scene) -> str | None:
    said = scene.said(r'for referenced table "(.+)"')
    definition = read(scene.text)
    if said is None or definition is None:
        return None
    meant = [
        reference
        for reference in definition.references
        if reference.there and reference.table.rpartition(".")[2] == said[0]
    ]
    if len(meant) != 1:
        return None
    (reference,) = meant
    columns = ", ".join(reference.there)
    return indented(
        f"Nothing makes {columns} of {reference.table} unique. Refer to its primary key, or put this before:",
        f"ALTER TABLE {reference.table} ADD UNIQUE ({columns});",
    )


TROUBLES = (
    Trouble("42804", _types, says="^foreign key constraint"),
    Trouble(
        "42804",
        "PostgreSQL does not convert the old values by itself: say how, as in "
        "ALTER COLUMN c TYPE integer USING c::integer",
        says="^column .* cannot be cast automatically to type",
    ),
    Trouble(
        "42804",
        "Drop the default, change the type, set the new default: three actions of one ALTER TABLE",
        says="^default for column .* cannot be cast automatically",
    ),
    Trouble(
        "42804", "Two types meet that PostgreSQL does not convert by itself: make them one, or write a cast"
    ),
    Trouble("42830", _no_unique),
    Trouble(
        "42830", "The columns a foreign key refers to need a primary key or a unique constraint of their own"
    ),
    Trouble(
        "42P10",
        "ON CONFLICT needs a unique index over exactly the columns it names, and with its WHERE where the "
        "index is partial. Make the index before this statement, or name the columns of one that is there",
        says="ON CONFLICT",
    ),
    Trouble(
        "42P10",
        "A column is named here that this clause may not use: compare it with the definition of the table",
    ),
)
