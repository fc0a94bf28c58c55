"""Taking apart what the server prints: CREATE statements, engines, columns; its layout is always the same."""

from __future__ import annotations

import re

from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_QUOTED = r"""'(?:[^'\\]|\\.|'')*'|`(?:[^`\\]|\\.|``)*`|"(?:[^"\\]|\\.|"")*\""""
_PIECE = re.compile(rf"(?P<quoted>{_QUOTED})|(?P<word>\w+)|(?P<sign>\S)", re.DOTALL)
_EDGE = re.compile(rf"{_QUOTED}|[()\[\]{{}},]", re.DOTALL)
_FIRST = re.compile(rf"\s*({_QUOTED}|\w+|\S)", re.DOTALL)
_STEPS = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}


class Piece(NamedTuple):
    """A word, a quoted text or a sign. ``depth`` counts the brackets around it, itself left out."""

    kind: str
    text: str
    start: int
    end: int
    depth: int


def pieces(text: str) -> Iterator[Piece]:
    """Everything but white space. Nothing here raises."""
    depth = 0
    for found in _PIECE.finditer(text):
        step = _STEPS.get(found[0], 0)
        depth += min(0, step)
        yield Piece(found.lastgroup or "", found[0], found.start(), found.end(), depth)
        depth += max(0, step)


def _edges(text: str) -> Iterator[tuple[str, int]]:
    """Brackets and commas that stand in no brackets, with where; what is quoted is passed over.

    Columns of large tables come by here: nothing else is looked at.
    """
    depth = 0
    for found in _EDGE.finditer(text):
        edge = found[0]
        step = _STEPS.get(edge, 0)
        depth += min(0, step)
        if depth == 0 and len(edge) == 1:
            yield edge, found.start()
        depth += max(0, step)


def split(text: str) -> list[str]:
    """The items between the commas that stand in no brackets."""
    commas = [place for edge, place in _edges(text) if edge == ","]
    starts, ends = [0, *(place + 1 for place in commas)], [*commas, len(text)]
    return [
        text[start:end].strip() for start, end in zip(starts, ends, strict=True) if text[start:end].strip()
    ]


def bracketed(text: str) -> tuple[str, str, str]:
    """What stands before the first round bracket, in it, and behind it; nothing in it where there is none."""
    start = -1
    for edge, place in _edges(text):
        if edge == "(" and start < 0:
            start = place
        elif edge == ")" and start >= 0:
            return text[:start].strip(), text[start + 1 : place].strip(), text[place + 1 :].strip()
    return text.strip(), "", ""


def unwrapped(text: str) -> str:
    """``text`` without the round brackets around all of it."""
    before, inner, behind = bracketed(text)
    return inner if text.startswith("(") and not before and not behind else text


def clauses(text: str, names: Sequence[str], *, last: str = "") -> dict[str, str]:
    """The text behind each of ``names`` that stands outside brackets, up to the next; ``""`` is the head.

    A name right behind a name is no clause: a column may be called so (``PARTITION BY TTL TTL TTL + …``).
    Each counts once. ``last`` takes all the rest.
    """
    found = [(0, 0, "")]
    words = [piece for piece in pieces(text) if piece.depth == 0]
    at, empty = 0, False
    while at < len(words):
        name = "" if empty else _name_at(words, at, names, [name for *_, name in found])
        length = name.count(" ") + 1 if name else 1
        if name:
            found.append((words[at].start, words[at + length - 1].end, name))
            if name == last:
                break
        empty = bool(name)
        at += length
    starts = [start for start, _, _ in found[1:]] + [len(text)]
    return {name: text[end:start].strip() for (_, end, name), start in zip(found, starts, strict=True)}


def _name_at(words: Sequence[Piece], at: int, names: Sequence[str], had: Sequence[str]) -> str:
    if words[at].kind != "word":
        return ""
    for name in names:
        parts = name.split()
        ahead = words[at : at + len(parts)]
        if name not in had and [each.text.upper() for each in ahead] == parts:
            return name
    return ""


def bare(text: str) -> str:
    """A name without its quotes; a literal as the text it stands for."""
    if len(text) < 2 or text[0] not in "`'\"" or text[-1] != text[0]:
        return text
    inner = text[1:-1].replace(text[0] * 2, text[0])
    return re.sub(r"\\(.)", lambda match: _ESCAPES.get(match[1], match[1]), inner, flags=re.DOTALL)


_ESCAPES = {"b": "\b", "f": "\f", "r": "\r", "n": "\n", "t": "\t", "0": "\0", "a": "\a", "v": "\v"}


def first_name(text: str) -> tuple[str, str]:
    """The bare name that ``text`` begins with, and what follows it."""
    found = _FIRST.match(text)
    return (bare(found[1]), text[found.end() :].strip()) if found else ("", "")


def dotted_name(text: str) -> list[str]:
    """The parts of the name that ``text`` begins with: database and table, or one of them alone."""
    parts: list[str] = []
    for number, piece in enumerate(pieces(text)):
        if number % 2 == 0:
            parts.append(bare(piece.text))
        elif piece.text != ".":
            break
    return parts
