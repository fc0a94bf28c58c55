"""Several statements in one block: where each begins and ends."""

from __future__ import annotations

from greylag.model.migration import Statement
from greylag.sql.clickhouse.tokens import tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from greylag.sql.clickhouse.tokens import Token

_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")


def split(statement: Statement) -> list[Statement]:
    """The statements of a block, each with its ``;``; the block itself where it holds one.

    The server refuses several at once (62). A block that cannot be read for sure stays whole, so that the
    server says what is wrong with it: an open quote, brackets across a ``;``, rows in a format of their own.
    """
    if ";" not in statement.text.rstrip().rstrip(";"):
        return [statement]
    parts = _parts(statement.text)
    if len(parts) < 2:
        return [statement]
    return [_part(statement, start, end) for start, end in parts]


def split_all(statements: Iterable[Statement]) -> list[Statement]:
    """The statements of all blocks in order."""
    return [part for statement in statements for part in split(statement)]


def _parts(text: str) -> list[tuple[int, int]]:
    """Start and end of every statement; nothing where that is not sure."""
    found: list[tuple[int, int]] = []
    run: list[Token] = []
    depth, start = 0, 0
    for token in tokens(text):
        if token.kind == "open":
            return []
        if token.kind == "sign" and token.text == ";":
            if depth or _has_own_format(run):
                return []
            end = token.start + 1
            if run:
                found.append((start, end))
            run, start = [], end
            continue
        depth += (token.text in _OPENING) - (token.text in _CLOSING)
        run.append(token)
    if depth or _has_own_format(run):
        return []
    if run:
        found.append((start, len(text)))
    return found


def _has_own_format(run: list[Token]) -> bool:
    """Whether rows follow in a format whose quotes are not SQL's: INSERT … FORMAT CSV."""
    words = [token.text.upper() for token in run]
    if not words or words[0] != "INSERT" or "FORMAT" not in words:
        return False
    return words[words.index("FORMAT") + 1 :][:1] != ["VALUES"]


def _part(statement: Statement, start: int, end: int) -> Statement:
    piece = statement.text[start:end]
    start += len(piece) - len(piece.lstrip())
    piece = piece.strip()
    row = statement.text.count("\n", 0, start)
    last = row + piece.count("\n")
    line, column = statement.place(start)
    return Statement(piece, line, column, tuple(gap - row for gap in statement.gaps if row < gap <= last))
