"""The seam every engine fits behind: one Protocol, one conformance suite (``tests/engines``)."""

from __future__ import annotations

import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime
    from typing import Protocol

    from greylag.model.care import CarefulScript, Entry, Manners, Opening, Record, Tell
    from greylag.model.catalog.catalog import Catalog
    from greylag.model.event import Ran, Trace
    from greylag.model.history import Applied, Stamp
    from greylag.model.migration import Direction, Script
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

    def moments(self) -> dict[int, datetime | None]:
        """The times of stamps() alone, by version: all that a list of ten thousand files needs."""

    def create_history(self) -> None:
        """Make the version table with its row for version 0, in one transaction."""

    def is_empty(self) -> bool:
        """Whether nobody has made a table or view; the version table and greylag's own do not count."""

    def names(self, table: str) -> list[str]:
        """Tables and views that are there, or with ``table`` its columns; an engine may know none."""

    def catalog(self, schemas: Sequence[str] | None = None, *, home: str = "public") -> Catalog:
        """What the database says it is, read from one snapshot where the engine has them; writes nothing.

        ``schemas`` are those asked for, None for all but the system's; objects that are in no schema are
        left out where some are named. Names in ``home`` stand without their schema in expressions and
        definitions. An engine without schemas heeds neither.
        """

    def apply(
        self, scripts: Iterable[Script], *, record: bool = True, trace: Trace | None = None
    ) -> Iterator[Ran]:
        """Run scripts in order, each with its version row (unless ``record`` is False); yield each when done.

        ``scripts`` is read lazily, at most one window ahead; an exception it raises is re-raised here, after
        the scripts before it have finished. With ``trace`` everything runs statement by statement. Raises
        ApplyError for the script that failed, InterruptedRunError after a signal.
        """

    def journal(self) -> Journal | None:
        """What greylag has noted in this database; None for an engine without a journal."""

    def careful(self, manners: Manners, tell: Tell) -> Careful | None:
        """A run with lock, journal and timeouts; None for an engine that has none of them."""

    def close(self) -> None:
        """Close the connection; calling it twice is fine."""


class Journal(Protocol):
    """Reading what greylag noted, beside goose's table and never in it. Writes nothing; takes no lock."""

    def opening(self) -> Opening:
        """The version table's rows and what is known of them. ``rows`` is empty without a version table."""

    def entries(self, *, version: int | None = None, limit: int | None = None) -> list[Entry]:
        """Rows of the journal, newest first; empty where there is no journal."""

    def content(self, version: int, *, begun: bool = False) -> tuple[str, bytes] | None:
        """Name and text of the file that made ``version``, as it was applied; None where it is not kept.

        With ``begun`` the text of the last run that was broken off in it.
        """


class Careful(Protocol):
    """One run on one database by one runner. Opened once, closed always."""

    transactional: bool
    """Whether files can run in a transaction, and several of them in one."""

    def open(self) -> Opening:
        """Take the lock (waiting as manners say), make journal and version table, and read them.

        Raises LockedError when another runner does not end in time, PoolerError, DatabaseError.
        """

    def adopt(self, records: Iterable[Record]) -> None:
        """Note files of versions that are applied and that the journal does not know."""

    def apply(self, scripts: Iterable[CarefulScript]) -> Iterator[Ran]:
        """As Session.apply, each file with its journal row; tells what it waits for.

        Raises ApplyError, UnfinishedError, RefusedError, PoolerError, InterruptedRunError.
        """

    def mark(self, records: Sequence[Record], state: str) -> None:
        """Record versions as applied, with their journal rows in ``state``, in one transaction.

        A version that is recorded already keeps its row in the version table.
        """

    def unmark(self, records: Sequence[Record], state: str) -> None:
        """The reverse of mark(): versions are recorded as not applied, whatever the database holds."""

    def settle(self, record: Record, direction: Direction, number: int, hashes: Sequence[bytes]) -> None:
        """Note where the unfinished file of a version goes on: statement ``number``, from 1.

        ``hashes`` are those of the statements before it, as they are in the file now: they count as done.
        """

    def unchecked(self) -> list[str]:
        """Constraints that are NOT VALID, as ``table.constraint``. Never raises DatabaseError."""

    def close(self) -> None:
        """Give the lock back. Never raises."""
