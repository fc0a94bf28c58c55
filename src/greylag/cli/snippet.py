"""The line of a file an error is about, with a caret under the place."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from greylag.model.location import Location

_BEFORE, _AFTER = 60, 40


def snippet(where: Location) -> list[str]:
    """``12 | text`` and a caret line; empty when the file cannot be read or the place has no line."""
    line = _line(where)
    if line is None:
        return []
    offset = max(where.column, 1) - 1
    start = max(0, offset - _BEFORE)
    end = start + _BEFORE + _AFTER
    shown = line[start:end].replace("\t", " ")
    lead = line[start:offset].replace("\t", " ")
    left, right = ("…" if start else ""), ("…" if end < len(line) else "")
    number = str(where.line)
    rows = [f"{number} | {left}{_printable(shown)}{right}"]
    if where.column:
        rows.append(f"{' ' * len(number)} | {' ' * (_width(lead) + len(left))}^")
    return rows


def _line(where: Location) -> str | None:
    if not where.line:
        return None
    try:
        with open(where.path, encoding="utf-8", errors="replace", newline="\n") as file:
            for number, line in enumerate(file, 1):
                if number == where.line:
                    return line.rstrip("\r\n")
    except OSError:
        return None
    return None


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def _width(text: str) -> int:
    """Columns on a terminal: East Asian wide characters take two, combining ones none."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )
