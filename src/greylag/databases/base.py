"""The seam every engine fits behind: one Protocol, one conformance suite (``tests/engines``)."""

from __future__ import annotations

import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Protocol

    from greylag.model.event import Ran, Trace
    from greylag.model.history import Applied, Stamp
    from greylag.model.migration import Script
    from greylag.model.server import Server
else:
    Protocol = object


class Deadline:
    """One point in time that bounds a whole command (goose's ``-timeout``)."""

    def __init__(self, seconds: float) -> None:
        self._at = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds left, never below zero."""
        return max(0.0, self._at - time.monotonic())


class Interrupt(Protocol):
    """A signal that arrived while a run was under way; engines look at it wherever they wait."""

    signal: int
    """Number of the signal that came first, 0 while none did."""

    def fileno(self) -> int:
        """A descriptor that becomes readable when a signal arrives."""


class Session(Protocol):
    """One database, opened when first needed and opened anew after an error that closed it.

    Errors are :class:`greylag.errors.DatabaseError` and its children, translated by the engine alone.
    """

    table: str
    """The version table, put into SQL unquoted as goose does."""

    def connect(self) -> Server:
        """Open the connection if it is not open and say where it leads. Raises ConnectError."""

    def history(self) -> list[Applied]:
        """All rows of the version table, newest first (by the engine's idea of newest)."""

    def stamps(self) -> list[Stamp]:
        """The newest row of every version in the version table, by its time stamp."""

    def create_history(self) -> None:
        """Make the version table with its row for version 0, in one transaction."""

    def apply(
        self, scripts: Iterable[Script], *, record: bool = True, trace: Trace | None = None
    ) -> Iterator[Ran]:
        """Run scripts in order, each with its version row (unless ``record`` is False); yield each when done.

        ``scripts`` is read lazily, at most one window ahead; an exception it raises is re-raised here, after
        the scripts before it have finished. With ``trace`` everything runs statement by statement. Raises
        ApplyError for the script that failed, InterruptedRunError after a signal.
        """

    def close(self) -> None:
        """Close the connection; calling it twice is fine."""
