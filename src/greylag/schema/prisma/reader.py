"""Where in a file the parser stands, and what it found wrong so far."""

from __future__ import annotations

import re

from greylag.schema.prisma.document import Comment, Problem
from greylag.schema.prisma.scanner import NEWLINE, SPACE, UnreadableError, wrong_escapes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    Read = TypeVar("Read")

_OPENING = re.compile(r"/\*")
_LINE_END = re.compile(rf"{SPACE}{NEWLINE}")
_PLAIN = re.compile(rf"{SPACE}(//[^\r\n]*+){NEWLINE}?+")
_LONG = re.compile(rf"{SPACE}/\*")
_NEWLINE = re.compile(NEWLINE)


class Reader:
    """A text, a place in it, its line (from 1), and the problems told on the way."""

    __slots__ = ("at", "last_brace", "last_long", "line", "never_closes", "problems", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.line = 1
        self.problems: list[Problem] = []
        # A file of openings alone would otherwise be read to its end for each of them.
        self.last_brace = text.rfind("}")
        self.last_long = text.rfind("*/")
        self.never_closes = False

    def move(self, end: int) -> None:
        """Go on at ``end``."""
        self.line += self.text.count("\n", self.at, end)
        self.at = end

    def tell(self, message: str, end: int = -1) -> None:
        """Note a problem with what stands from here to ``end``; without it, with this line."""
        more = self.text.count("\n", self.at, end) if end >= 0 else 0
        self.problems.append(Problem(message, self.line, self.line + more))

    def tail(self, match: re.Match[str], read: Callable[[str], Read]) -> tuple[Read, int]:
        """What ``read`` makes of a line's rest, the match's last group, and where the next line starts.

        A comment in ``/* */`` may end the line, or a later one. UnreadableError if it can be nothing.
        """
        group = match.lastindex or 0
        rest = match[group]
        try:
            return read(rest), match.end()
        except UnreadableError:
            start, end = match.start(group), 0
            for opening in _OPENING.finditer(rest):
                if start + opening.start() < end:
                    continue  # it would end where the one before it did
                end = self._long_end(start + opening.start())
                if end and (line_end := _LINE_END.match(self.text, end)):
                    return read(self.text[start:end]), line_end.end()
            raise

    def _long_end(self, start: int) -> int:
        """Where the long comment ends that starts there; 0 if it never does."""
        return self.text.find("*/", start + 2) + 2 if start + 2 <= self.last_long else 0

    def comment(self) -> tuple[Comment, int] | None:
        """The comment that comes next, and where it ends: behind its line end, if one follows."""
        if plain := _PLAIN.match(self.text, self.at):
            return Comment(plain[1], self.line), plain.end()
        opening = _LONG.match(self.text, self.at)
        end = self._long_end(opening.end() - 2) if opening else 0
        if not opening or not end:
            return None
        line_end = _NEWLINE.match(self.text, end)
        comment = Comment(self.text[opening.end() - 2 : end], self.line)
        return comment, line_end.end() if line_end else end

    def tell_escapes(self, text: str) -> None:
        """Note each escape in this line's strings that means nothing."""
        for message in wrong_escapes(text):
            self.tell(message)
