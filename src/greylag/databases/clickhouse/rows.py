"""Rows in the format TabSeparatedWithNamesAndTypes, and the values of the version table."""

from __future__ import annotations

from datetime import datetime

from greylag.databases.stepwise import ScanError
from greylag.model.numbers import parse_int
from greylag.model.quoting import quote
from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_ESCAPES = {"b": "\b", "f": "\f", "r": "\r", "n": "\n", "t": "\t", "0": "\0", "a": "\a", "v": "\v"}
_TRUE = ("1", "t", "T", "true", "TRUE", "True")
_FALSE = ("0", "f", "F", "false", "FALSE", "False")


class Answer(NamedTuple):
    """Types and names of the columns, and the rows as text; ``None`` stands for NULL."""

    types: list[str]
    rows: list[list[str | None]]
    names: Sequence[str] = ()


def read_answer(text: str) -> Answer:
    """The answer to a query; a statement that gives no rows has no types."""
    lines = text.split("\n")[:-1]
    if len(lines) < 2:
        return Answer([], [])
    names, types = ([_value(field) or "" for field in line.split("\t")] for line in lines[:2])
    return Answer(types, [[_value(field) for field in line.split("\t")] for line in lines[2:]], names)


def _value(field: str) -> str | None:
    if "\\" not in field:
        return field
    if field == "\\N":
        return None
    head, *rest = field.split("\\")
    done = [head]
    escaped = False  # the piece behind a doubled backslash is plain
    for piece in rest:
        if escaped:
            done.append(piece)
            escaped = False
        elif piece:
            done.append(_ESCAPES.get(piece[0], piece[0]) + piece[1:])
        else:
            done.append("\\")
            escaped = True
    return "".join(done)


def read_version(value: str | None, kind: str) -> int:
    """A ``version_id`` of the type ``kind``. Raises ScanError."""
    if value is None:
        raise ScanError(0, "version_id", "converting NULL to int64 is unsupported")
    try:
        return parse_int(value)
    except ValueError as error:
        given = f"driver.Value type {_go_type(kind)} ({quote(value)})"
        raise ScanError(0, "version_id", f"converting {given} to a int64: {error}") from None


def read_flag(value: str | None, kind: str) -> bool:
    """An ``is_applied``: whole numbers 0 and 1, and the words of Go's ParseBool. Raises ScanError."""
    floating = _bare(kind).startswith("Float")
    if value in _TRUE and not floating:
        return True
    if value in _FALSE and not floating:
        return False
    shown = "<nil> (<nil>)" if value is None else f"{value} (float64)" if floating else value
    raise ScanError(1, "is_applied", f"sql/driver: couldn't convert {shown} into type bool")


def read_stamp(value: str | None, kind: str) -> datetime:
    """A ``tstamp``: the digits of the column's zone, which is how goose shows them. Raises ScanError."""
    if value is not None and _bare(kind).startswith("Date"):
        return datetime.fromisoformat(value)
    given = "<nil>" if value is None else _go_type(kind)
    raise ScanError(0, "tstamp", f"unsupported Scan, storing driver.Value type {given} into type *time.Time")


def _bare(kind: str) -> str:
    for around in ("LowCardinality(", "Nullable("):
        if kind.startswith(around):
            kind = kind[len(around) : -1]
    return kind


def _go_type(kind: str) -> str:
    kind = _bare(kind)
    return kind.lower() if kind.startswith(("Int", "UInt", "Float")) else "string"
