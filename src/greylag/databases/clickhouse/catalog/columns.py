"""Columns: what system.columns says of them, and what only the CREATE statement does."""

from __future__ import annotations

import re

from greylag.databases.clickhouse.catalog.clauses import clauses, first_name, split, unwrapped
from greylag.model.catalog.parts import Column, Type
from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from greylag.model.catalog.parts import Generated, Options

_KINDS: Mapping[str, Generated] = {"MATERIALIZED": "materialized", "ALIAS": "alias", "EPHEMERAL": "ephemeral"}
"""``default_kind`` to the Column's word; DEFAULT is none of them."""
_DEFAULTS = ("DEFAULT", *_KINDS)
_CLAUSES = ("COMMENT", "CODEC", "STATISTICS", "TTL", "COLLATE", "PRIMARY KEY", "SETTINGS")
_NUMBERS = re.compile(r"\w+\((\d+(?:, \d+)*)[,)]")
_MAY_BE_NULL = ("Nullable(", "LowCardinality(Nullable(", "Variant(", "Dynamic")

_types: dict[str, Type] = {}


class ColumnRow(NamedTuple):
    """A row of system.columns; what an old server lacks is empty."""

    name: str
    type: str
    kind: str = ""
    expression: str = ""
    comment: str = ""


def make_column(row: ColumnRow, printed: str) -> Column:
    """The column of ``row``; ``printed`` is what the CREATE statement has behind its name, or empty."""
    rest = _without_default(row, printed.removeprefix(row.type))
    found = clauses(rest, (*_DEFAULTS, *_CLAUSES)) if rest.strip() else {}
    options = _options(found) if found else ()
    # by position: names cost as much as all the rest, and there may be ten thousand columns
    return Column(
        row.name, type_of(row.type), row.type.startswith(_MAY_BE_NULL), row.expression if row.kind else None,
        _KINDS.get(row.kind, ""), "", None, found.get("COLLATE", ""), row.comment, None, True, "", "", -1,
        options, _codec(found.get("CODEC", "")), found.get("TTL", ""),
    )  # fmt: skip


def _options(found: Mapping[str, str]) -> Options:
    options = list(pairs(unwrapped(found.get("SETTINGS", ""))))
    if statistics := found.get("STATISTICS"):
        options.append(("statistics", unwrapped(statistics)))
    return tuple(sorted(options))


def _codec(text: str) -> str:
    """The codecs; what stands for the server's own is none."""
    codec = unwrapped(text)
    return "" if codec == "Default" else codec


def _without_default(row: ColumnRow, printed: str) -> str:
    """The expression may hold any word; EPHEMERAL has none printed where nobody gave one."""
    for text in (f"{row.kind} {row.expression}", row.kind):
        if row.kind and text in printed:
            return printed.replace(text, "", 1)
    return printed


def type_of(text: str) -> Type:
    """The type written ``text``; equal ones are one object."""
    if text not in _types:
        numbers = _NUMBERS.match(text)
        modifiers = tuple(int(number) for number in numbers[1].split(", ")) if numbers else ()
        _types[text] = Type(text, text.partition("(")[0], modifiers=modifiers)
    return _types[text]


def pairs(text: str) -> Options:
    """``a = 1, b = 'x'`` as pairs, sorted by name; values as they are printed."""
    found = []
    for item in split(text):
        name, rest = first_name(item)
        found.append((name, rest.removeprefix("=").strip()))
    return tuple(sorted(found))
