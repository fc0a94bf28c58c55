"""The words of a statement with their places; comments are left out, literals are one word each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_TOKEN = re.compile(
    r"""
      (?P<skip> \s+ | --[^\n]* | /\*.*?\*/ )
    | (?P<text> [eE]'(?:[^'\\]|\\.|'')*' | (?:[bBxXnN]|[uU]&)?'(?:[^']|'')*'
              | \$(?P<tag>(?:[^\W\d]\w*)?)\$.*?\$(?P=tag)\$ )
    | (?P<quoted> "(?:[^"]|"")+" )
    | (?P<word> [^\W\d][\w$]* )
    | (?P<mark> . )
    """,
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """A word, a quoted name, a literal or a mark. ``name`` is what it means as a name, folded."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def name(self) -> str:
        """The name PostgreSQL makes of it; empty for literals and marks."""
        if self.kind == "quoted":
            return self.text[1:-1].replace('""', '"')
        return self.text.lower() if self.kind == "word" else ""

    @property
    def key(self) -> str:
        """A word without quotes in capitals, or the mark; empty for names in quotes and literals."""
        return self.text.upper() if self.kind in ("word", "mark") else ""


def tokens(text: str) -> list[Token]:
    """The tokens of a statement in order. A comment inside a comment ends where the inner one does."""
    return list(_tokens(text))


def _tokens(text: str) -> Iterator[Token]:
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup or ""
        if found["skip"] is None:
            yield Token("text" if kind == "tag" else kind, found.group(), found.start(), found.end())


def keys(found: Sequence[Token], count: int | None = None) -> list[str]:
    """The keys of the first tokens."""
    return [token.key for token in found[:count]]


def split(found: Sequence[Token]) -> list[list[Token]]:
    """The parts between commas that stand in no parentheses; a part ends early where they close."""
    parts: list[list[Token]] = [[]]
    depth = 0
    for token in found:
        if token.key == "," and depth == 0:
            parts.append([])
            continue
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(token.key, 0)
        if depth < 0 or (token.key == ";" and depth == 0):
            break
        parts[-1].append(token)
    return [part for part in parts if part]


def dotted(found: Sequence[Token], start: int) -> tuple[str, int]:
    """The qualified name that begins at index ``start``, and the index after it; empty when there is none."""
    names: list[str] = []
    at = start
    while at < len(found) and found[at].name:
        names.append(found[at].name)
        at += 1
        if at >= len(found) or found[at].key != ".":
            break
        at += 1
    return ".".join(names), at
