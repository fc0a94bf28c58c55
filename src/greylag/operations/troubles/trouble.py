"""What an entry of the tables is, and what its hint may look at."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from greylag.model.migration import Statement

    Names = Callable[[str], Sequence[str]]
    """Asks the catalog for names; see :mod:`greylag.operations.troubles.nearby`."""

AGAIN = "then run the same command again"


def no_names(kind: str) -> Sequence[str]:
    """Where no catalog can be asked."""
    del kind
    return ()


class Scene(NamedTuple):
    """An answer of the server, and where it came. ``path`` is the migration file's, empty without one.

    ``source`` says where the connection string was from, ``line`` is where the parser points.
    """

    sqlstate: str
    message: str
    detail: str = ""
    path: str = ""
    statement: Statement | None = None
    line: int = 0
    transactional: bool = True
    source: str = ""
    role: str = ""
    names: Names = no_names

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
