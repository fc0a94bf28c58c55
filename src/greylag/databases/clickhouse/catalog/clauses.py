"""Taking apart what the server prints: CREATE statements, engines, columns; its layout is always the same."""

from __future__ import annotations

import re

from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_PIECE = re.compile(
    r"""(?P<quoted>'(?:[^'\\]|\\.|'')*'|`(?:[^`\\]|\\.|``)*`|"(?:[^"\\]|\\.|"")*")
    |(?P<word>\w+)|(?P<sign>\S)""",
    re.VERBOSE | re.DOTALL,
)
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


def split(text: str) -> list[str]:
    """The items between the commas that stand in no brackets."""
    edges = [piece.start for piece in pieces(text) if piece.depth == 0 and piece.text == ","]
    starts, ends = [0, *(edge + 1 for edge in edges)], [*edges, len(text)]
    return [text[start:end].strip() for start, end in zip(starts, ends, strict=True) if text.strip()]


def bracketed(text: str) -> tuple[str, str, str]:
    """What stands before the first round bracket, in it, and behind it; nothing in it where there is none."""
    start = -1
    for piece in pieces(text):
        if piece.depth == 0 and piece.text == "(" and start < 0:
            start = piece.end
        elif piece.depth == 0 and piece.text == ")" and start >= 0:
            return text[: start - 1].strip(), text[start : piece.start].strip(), text[piece.end :].strip()
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
    for piece in pieces(text):
        return bare(piece.text), text[piece.end :].strip()
    return "", ""


def dotted_name(text: str) -> list[str]:
    """The parts of the name that ``text`` begins with: database and table, or one of them alone."""
    parts: list[str] = []
    for number, piece in enumerate(pieces(text)):
        if number % 2 == 0:
            parts.append(bare(piece.text))
        elif piece.text != ".":
            break
    return parts
