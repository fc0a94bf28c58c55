"""Lines of a migration file, as a hint shows them changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection

    from greylag.operations.troubles.trouble import Scene

_LONGEST = 200


class Line(NamedTuple):
    """A line of a file; ``text`` begins with its number."""

    number: int
    text: str


def indented(sentence: str, *lines: str) -> str:
    """A sentence with lines to copy under it."""
    return "\n".join((sentence, *(f"    {line}" for line in lines)))


def numbered(number: int, text: str) -> str:
    """A line as messages show lines."""
    return f"{number} | {text}"


def lines_of(path: str) -> list[str]:
    """The lines of a file without their ends; none when it cannot be read."""
    try:
        with open(path, encoding="utf-8", errors="replace", newline="\n") as file:
            return [line.rstrip("\r\n") for line in file]
    except OSError:
        return []


def rewritten(scene: Scene, start: int, end: int, old: Collection[str], new: str) -> Line | None:
    """The file's line with the words from ``start`` to ``end`` of the statement replaced.

    None unless these words are one of ``old``, in any case and with any length in parentheses, and stand so
    in the file: variables may have been put in.
    """
    statement = scene.statement
    if statement is None:
        return None
    words = statement.text[start:end]
    if words.lower().partition("(")[0].rstrip() not in old:
        return None
    number, column = statement.place(start)
    lines = lines_of(scene.path)
    if not 0 < number <= len(lines):
        return None
    line, at = lines[number - 1], column - 1
    if line[at : at + len(words)] != words or len(line) > _LONGEST:
        return None
    return Line(number, numbered(number, line[:at] + new + line[at + len(words) :]))
