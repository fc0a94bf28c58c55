"""Statements that goose cuts too early: a ``;`` at the end of a line inside a body or a literal."""

from __future__ import annotations

import re
from typing import NamedTuple

from greylag.operations.troubles.lines import indented, lines_of, numbered
from greylag.operations.troubles.tokens import tokens
from greylag.operations.troubles.trouble import Scene, Trouble

_BEGIN, _END = "-- +goose StatementBegin", "-- +goose StatementEnd"
_BODY = re.compile(r"\s*(CREATE\s+(OR\s+REPLACE\s+)?(FUNCTION|PROCEDURE)\b|DO\b)", re.IGNORECASE)
_ANNOTATION = re.compile(r"\s*--.*\+goose", re.IGNORECASE)
_MOST_LINES = 5000
"""Lines of a file that are looked through for the end of a statement."""


class _Span(NamedTuple):
    """First and last line of a statement as PostgreSQL understands it."""

    first: int
    last: int


def _span(lines: list[str], first: int) -> _Span | None:
    """The statement that begins in line ``first``; None where it does not end before the next annotation."""
    below = lines[first - 1 : first - 1 + _MOST_LINES]
    end = next((at for at, line in enumerate(below) if _ANNOTATION.match(line)), len(below))
    text = "\n".join(below[:end])
    depth = 0
    for token in tokens(text):
        depth += {"(": 1, ")": -1}.get(token.key, 0)
        if token.key == ";" and depth <= 0:
            last = first + text.count("\n", 0, token.end)
            return _Span(first, last) if last > first else None
        if token.key in ("'", "$", '"'):  # a quote that never ends
            return None
    return None


def _insertion(lines: list[str], span: _Span) -> str:
    first, last = lines[span.first - 1], lines[span.last - 1]
    return indented(
        "A ; at the end of a line ends a statement here, inside a body too. Put these two lines around "
        "lines "
        f"{span.first} to {span.last}:",
        _BEGIN,
        numbered(span.first, first),
        "…",
        numbered(span.last, last),
        _END,
    )


def _above(lines: list[str], number: int) -> str:
    """The last line above that is not blank."""
    return next((line for line in reversed(lines[: number - 1]) if line.strip()), "")


def _unterminated(scene: Scene) -> str | None:
    if scene.statement is None:
        return None
    lines, first = lines_of(scene.path), scene.statement.line
    if not 0 < first <= len(lines):
        return None
    if _above(lines, first).strip().lower() == _BEGIN.lower():
        return "The quote that opens in the line shown is not closed before StatementEnd: close it"
    span = _span(lines, first)
    return _insertion(lines, span) if span else None


def _unfinished(scene: Scene) -> str | None:
    """The parser found text behind the last ``;``: the rest of a body, or a ``;`` that is missing."""
    lines = lines_of(scene.path)
    if not 0 < scene.line <= len(lines):
        return None
    for first in range(scene.line, max(0, scene.line - _MOST_LINES), -1):
        if _ANNOTATION.match(lines[first - 1]):
            break
        if _BODY.match(lines[first - 1]) and first < scene.line:
            span = _span([*lines[: scene.line - 1], *_closed(lines[scene.line - 1 :])], first)
            return _insertion(lines, span) if span and span.last >= scene.line else None
    end = _last_line(lines, scene.line)
    text = lines[end - 1]
    if "--" in text or ";" in text or "$" in text:
        return None
    return indented(
        f"A statement ends with a ; at the end of a line. Line {end} becomes:", numbered(end, f"{text};")
    )


def _last_line(lines: list[str], first: int) -> int:
    """The last line with text from ``first`` to the next annotation."""
    last = first
    for number, line in enumerate(lines[first - 1 :], first):
        if _ANNOTATION.match(line):
            break
        if line.strip() and not line.lstrip().startswith("--"):
            last = number
    return last


def _closed(lines: list[str]) -> list[str]:
    """Lines with a ``;`` behind the last statement, which may be all that is missing."""
    end = _last_line(lines, 1)
    return [*lines[: end - 1], f"{lines[end - 1]};", *lines[end:]]


def _reserved(scene: Scene) -> str | None:
    said = scene.said(r'at or near "(\w+)"')
    if said is None or said[0].lower() not in (
        "user",
        "order",
        "group",
        "table",
        "column",
        "default",
        "check",
    ):
        return None
    return f'{said[0]} is a word of SQL. As a name it stands in quotes: "{said[0]}"'


TROUBLES = (
    Trouble("42601", _unterminated, says="^unterminated (dollar-quoted|quoted) string"),
    Trouble(
        "42601",
        "A quote is opened and not closed before the statement ends. goose ends it at a ; at the end of a "
        f"line: a body or literal that has one stands between {_BEGIN} and {_END}",
        says="^unterminated",
    ),
    Trouble("42601", _reserved, says="^syntax error"),
    Trouble(
        "42601",
        "PostgreSQL cannot read the statement from the place shown on; the mistake is there or just before "
        "it",
        says="^syntax error",
    ),
    Trouble("", _unfinished, says="unexpected unfinished SQL query: .*missing semicolon", page="G012"),
)
