"""What an entry of the tables is, and what its hint may look at."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from greylag.operations.troubles.nearby import Nearby

if TYPE_CHECKING:
    from collections.abc import Callable

    from greylag.model.migration import Statement

AGAIN = "then run the same command again"


class Scene(NamedTuple):
    """An answer of the server, and where it came. ``path`` is the migration file's, empty without one.

    ``line`` is that of the file the error is about, 0 when it is about none. ``source`` says where the
    connection string was from. ``nearby`` asks the database what is there; it does not fail.
    """

    sqlstate: str
    message: str
    detail: str = ""
    path: str = ""
    statement: Statement | None = None
    line: int = 0
    transactional: bool = True
    source: str = ""
    nearby: Nearby = Nearby()

    @property
    def text(self) -> str:
        """The failing statement, empty where none failed."""
        return self.statement.text if self.statement is not None else ""

    @property
    def name(self) -> str:
        """The file's base name."""
        return self.path.rpartition("/")[2]

    @property
    def version(self) -> str:
        """The digits the file's name begins with."""
        return self.name.partition("_")[0]

    def said(self, pattern: str) -> tuple[str, ...] | None:
        """The groups of a pattern found in the message; None where the server says something else."""
        found = re.search(pattern, self.message)
        return tuple(group or "" for group in found.groups()) if found else None


class Trouble(NamedTuple):
    """An answer, known by its SQLSTATE and by words of its message, and what mends it.

    ``hint`` is a sentence or a function that may look closer; it gives None where it is not sure, and the
    next entry that fits is asked. ``page`` is the name of the page (default: the SQLSTATE). ``again`` ends
    the hint.
    """

    sqlstate: str
    hint: str | Callable[[Scene], str | None]
    says: str = ""
    page: str = ""
    again: str = AGAIN

    def fits(self, scene: Scene) -> bool:
        """Whether this entry is about such an answer."""
        return scene.sqlstate == self.sqlstate and re.search(self.says, scene.message) is not None

    def advice(self, scene: Scene) -> str | None:
        """The whole hint; None where the entry is not sure."""
        said = self.hint if isinstance(self.hint, str) else self.hint(scene)
        return "\n".join(part for part in (said, self.again) if part) if said else None

    @property
    def shown_on(self) -> str:
        """The page that tells more."""
        return self.page or self.sqlstate
