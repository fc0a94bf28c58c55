"""What a migration file is and what it holds for one direction."""

from __future__ import annotations

from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Literal

    Direction = Literal["up", "down"]
else:
    Direction = str


class Migration(NamedTuple):
    """A file of a migrations folder: its version, and the path as goose shows it (folder cleaned, joined)."""

    version: int
    path: str

    @property
    def name(self) -> str:
        """The file's base name, as it stands in every output line."""
        return self.path.rpartition("/")[2]

    @property
    def is_sql(self) -> bool:
        """False for a ``.go`` file, which is listed and never run."""
        return self.path.endswith(".sql")


class Statement(NamedTuple):
    """One unit as it is sent to the server: bytes that are not UTF-8 stand as surrogate escapes.

    ``line`` and ``column`` (from 1) say where its first character stands in the file; ``gaps`` holds the
    indexes of lines of ``text`` in front of which the parser dropped one line of the file.
    """

    text: str
    line: int = 0
    column: int = 1
    gaps: tuple[int, ...] = ()

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column in the file (from 1) of the character at ``offset`` (from 0) of the text."""
        before = self.text[:offset]
        row = before.count("\n")
        column = offset - (before.rfind("\n") + 1) + (self.column if row == 0 else 1)
        return self.line + row + sum(1 for gap in self.gaps if gap <= row), column


class Script(NamedTuple):
    """A migration parsed for one direction, ready to be applied.

    ``statements`` may be read more than once and may be lazy (a large file is streamed from disk).
    ``plain`` is True when every unit is one command without parameters, transaction control or COPY: only
    such files may travel over PostgreSQL's extended protocol. ``size`` is in bytes, 0 when not known.
    """

    migration: Migration
    direction: Direction
    statements: Iterable[Statement]
    count: int  # type: ignore[assignment]  # the field hides tuple.count on purpose
    transactional: bool
    plain: bool
    size: int = 0
