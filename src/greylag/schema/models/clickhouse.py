"""ClickHouse's types in Python; they are written as calls inside each other, and read that way."""

from __future__ import annotations

import re

from greylag.model.records import NamedTuple
from greylag.schema.models.kinds import Kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_TOKEN = re.compile(r"""\s*('(?:[^'\\]|\\.|'')*'|`(?:[^`\\]|\\.)*`|[\w.]+|[(),=]|-\d+|.)""")
_NUMBER = re.compile(r"^U?Int\d+$|^Interval\w+$")
_ESCAPE = re.compile(r"\\(.)|''")
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "b": "\b", "f": "\f", "a": "\a", "v": "\v"}

_PLAIN: dict[str, str] = {
    "String": "str",
    "FixedString": "str",
    "Bool": "bool",
    "UUID": "UUID",
    "Date": "dt.date",
    "Date32": "dt.date",
    "DateTime": "Moment",
    "DateTime32": "Moment",
    "DateTime64": "Moment",
    "Time": "dt.timedelta",
    "Time64": "dt.timedelta",
    "Float32": "float",
    "Float64": "float",
    "BFloat16": "float",
    "IPv4": "IPv4Address",
    "IPv6": "IPv6Address",
    "Nothing": "None",
}


class Written(NamedTuple):
    """A type as written: ``Array(String)``; ``label`` is the name an element of a tuple has."""

    name: str
    arguments: tuple[Written, ...] = ()
    label: str = ""


def read(text: str) -> Written:
    """The type that text is."""
    tokens = [each for each in _TOKEN.findall(text) if each.strip()]
    found, _ = _read(tokens, 0)
    return found


def _read(tokens: list[str], place: int) -> tuple[Written, int]:
    words: list[str] = []
    arguments: list[Written] = []
    while place < len(tokens) and tokens[place] not in ",)":
        if tokens[place] == "(":
            place += 1
            while place < len(tokens) and tokens[place] != ")":
                argument, place = _read(tokens, place)
                arguments.append(argument)
                place += place < len(tokens) and tokens[place] == ","
        else:
            words.append(tokens[place])
        place += 1
    if "=" in words:
        return Written(words[0]), place
    name = words[-1] if words else ""
    return Written(name, tuple(arguments), words[0].strip("`") if len(words) > 1 else ""), place


class Clickhouse:
    """Looks types up; ``enum`` gives the class for an enum's values."""

    def __init__(self, enum: Callable[[tuple[str, ...]], str]) -> None:
        self._enum = enum

    def kind(self, text: str) -> Kind:
        """What a column of the type is; an empty ``row`` where it holds a state and no value."""
        row = self._row(read(text))
        nullable = row.endswith(" | None")
        return Kind("", "", row.removesuffix(" | None"), nullable=nullable)

    def _row(self, type_: Written) -> str:
        if type_.name in _COMPOUND:
            parts = [self._row(each) for each in type_.arguments]
            return (
                _COMPOUND[type_.name](parts, [each.label for each in type_.arguments]) if all(parts) else ""
            )
        if type_.name in ("Enum", "Enum8", "Enum16"):
            return self._enum(tuple(unquoted(each.name) for each in type_.arguments))
        if type_.name == "SimpleAggregateFunction":
            return self._row(type_.arguments[-1])
        if type_.name == "AggregateFunction":
            return ""
        if _NUMBER.match(type_.name):
            return "int"
        if type_.name.startswith("Decimal"):
            return "Decimal"
        return _PLAIN.get(type_.name, "Any")


def unquoted(literal: str) -> str:
    """The text of a literal of ClickHouse."""
    return _ESCAPE.sub(_unescaped, literal[1:-1])


def _unescaped(found: re.Match[str]) -> str:
    char = found.group(1)
    return "'" if char is None else _CONTROLS.get(char, char)


def _tuple(parts: list[str], labels: list[str]) -> str:
    """Drivers give a tuple with names as a tuple or as a dict, by their settings."""
    row = f"tuple[{', '.join(parts)}]" if parts else "tuple[()]"
    return f"{row} | dict[str, Any]" if any(labels) else row


_COMPOUND: dict[str, Callable[[list[str], list[str]], str]] = {
    "Nullable": lambda parts, _: f"{parts[0]} | None",
    "LowCardinality": lambda parts, _: parts[0],
    "Array": lambda parts, _: f"list[{parts[0]}]",
    "Map": lambda parts, _: f"dict[{', '.join(parts)}]",
    "Tuple": _tuple,
    "Nested": lambda parts, labels: f"list[{_tuple(parts, labels)}]",
}
