"""Where in a file the parser stands, and what it found wrong so far."""

from __future__ import annotations

import re

from greylag.schema.prisma.document import Problem
from greylag.schema.prisma.scanner import LONG_COMMENT, NEWLINE, SPACE, UnreadableError, wrong_escapes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    Read = TypeVar("Read")

_OPENING = re.compile(r"/\*")
_LONG_END = re.compile(rf"({LONG_COMMENT}){SPACE}{NEWLINE}")


class Reader:
    """A text, a place in it, its line (from 1), and the problems told on the way."""

    __slots__ = ("at", "line", "problems", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.line = 1
        self.problems: list[Problem] = []

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
            for opening in _OPENING.finditer(rest):
                start = match.start(group)
                if comment := _LONG_END.match(self.text, start + opening.start()):
                    return read(self.text[start : comment.end(1)]), comment.end()
            raise

    def tell_escapes(self, text: str) -> None:
        """Note each escape in this line's strings that means nothing."""
        for message in wrong_escapes(text):
            self.tell(message)
