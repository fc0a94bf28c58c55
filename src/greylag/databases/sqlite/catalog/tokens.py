"""The words of an SQL text as SQLite takes it apart, without comments."""

from __future__ import annotations

import re

from greylag.model.records import NamedTuple

_TOKENS = re.compile(
    r"(?P<gap>\s+|--[^\n]*|/\*.*?(?:\*/|\Z))"
    r"|(?P<string>[xX]?'(?:[^']|'')*')"
    r'|(?P<name>"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\])'
    r"|(?P<word>[\w$]+)"
    r"|(?P<mark>\|\||->>?|<[=>]?|>=|==|!=|<<|>>|.)",
    re.DOTALL,
)

_TIGHT_BEFORE, _TIGHT_AFTER = {")", ",", ".", ";"}, {"(", "."}


class Token(NamedTuple):
    """A word. ``key`` is what keywords are compared with: upper case, empty for quoted names and strings."""

    text: str
    key: str


def tokens_of(sql: str) -> list[Token]:
    """All words of a text."""
    found = []
    for match in _TOKENS.finditer(sql):
        if match.lastgroup != "gap":
            plain = match.lastgroup in ("word", "mark")
            found.append(Token(match[0], match[0].upper() if plain else ""))
    return found


def text_of(tokens: list[Token]) -> str:
    """The words as one line, so that two ways of laying out a text are the same."""
    text, before = "", "("
    for token in tokens:
        call = token.text == "(" and (before.isidentifier() or before[-1:] in '"`]')
        tight = token.text in _TIGHT_BEFORE or before in _TIGHT_AFTER or call
        text += token.text if tight else " " + token.text
        before = token.text
    return text


def name_of(token: Token) -> str:
    """The name a word stands for: without its quotes."""
    text = token.text
    if text[0] in "\"`'":
        return text[1:-1].replace(text[0] * 2, text[0])
    return text[1:-1] if text[0] == "[" else text


def end_of_group(tokens: list[Token], start: int) -> int:
    """The place behind the parenthesis that closes the one at ``start``."""
    depth = 0
    for place in range(start, len(tokens)):
        depth += {"(": 1, ")": -1}.get(tokens[place].key, 0)
        if not depth:
            return place + 1
    return len(tokens)


def parted(tokens: list[Token]) -> list[list[Token]]:
    """The parts between the commas of a list."""
    parts: list[list[Token]] = [[]]
    place = 0
    while place < len(tokens):
        end = end_of_group(tokens, place) if tokens[place].key == "(" else place + 1
        if tokens[place].key == ",":
            parts.append([])
        else:
            parts[-1].extend(tokens[place:end])
        place = end
    return parts
