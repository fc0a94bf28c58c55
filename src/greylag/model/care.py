"""How greylag runs migrations with care: what it may wait for, and what it notes of each file."""

from __future__ import annotations

from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from greylag.model.event import Notice, Progress
    from greylag.model.facts import Facts
    from greylag.model.history import Applied
    from greylag.model.migration import Direction, Script

    Tell = Callable[[Notice | Progress], None]
    """Told at once what happens while a run waits or works; Ran comes from the run itself."""


WAYS_OUT: dict[Direction, tuple[str, str]] = {
    "up": ("--mark-applied", "all of it is done"),
    "down": ("--mark-pending", "all of it is taken back"),
}
"""Of a file that was broken off on its way: the option that says it is at its end, and what that means."""


class Runner(NamedTuple):
    """Who runs: the journal keeps it. ``run`` is a UUID in text form."""

    run: str
    who: str
    host: str
    tool: str
    verb: str


class Manners(NamedTuple):
    """What a run may wait for, in seconds: one lock, all tries of one file, another runner."""

    runner: Runner
    lock_timeout_seconds: float = 2.0
    lock_budget_seconds: float = 600.0
    lock_wait_seconds: float = 300.0
    atomic: bool = False


class Record(NamedTuple):
    """What the journal keeps of a file. ``file`` is its base name.

    ``raw_hash`` is over its bytes, ``hash`` over its statements without comments, white space and case of
    words outside quotes (both SHA-256). ``content`` is the file compressed with zlib, with the literals after
    PASSWORD blanked; empty where the file is too large to keep.
    """

    version: int
    file: str
    raw_hash: bytes
    hash: bytes
    content: bytes = b""


NO_HASH = bytes(32)
"""In a record: there is no file, and a person has said that it may be gone."""


class Known(NamedTuple):
    """A version that is applied, as the journal knows its file; its hashes may be NO_HASH."""

    version: int
    file: str
    raw_hash: bytes
    hash: bytes


class Attempt(NamedTuple):
    """One statement of a file outside transactions, as the journal has it.

    ``number`` counts from 1. ``state`` is ``begun`` while nothing is known of its end, else ``done`` or
    ``failed``.
    ``apart``: it ran outside a transaction, so that ``begun`` may mean anything; other statements are
    committed with their journal row and ``begun`` means they did not take effect.
    """

    number: int
    hash: bytes
    state: str
    apart: bool
    sqlstate: str = ""
    error: str = ""


class Unfinished(NamedTuple):
    """A file outside transactions that was begun and neither finished nor resolved.

    ``next`` is the number of the statement to go on with, where a person has said so (``greylag resolve``),
    else 0. ``pid`` and ``backend_since`` (text of the server) name the server process of its last run.
    """

    version: int
    direction: Direction
    file: str
    started: datetime | None
    who: str
    host: str
    pid: int
    backend_since: str
    attempts: tuple[Attempt, ...]
    next: int = 0


class Opening(NamedTuple):
    """What a run finds. ``rows`` are those of the version table, newest first.

    ``known`` holds what the journal knows of the versions whose rows are there; a version that goose applied
    is not among them. ``unchecked`` are constraints that are NOT VALID, as ``table.constraint``. ``closed``
    names a journal that is there and that this role may not read. ``form`` is the SQL whose normal form the
    hashes in here are over: ``postgres`` or ``clickhouse``.
    """

    rows: list[Applied]
    known: Mapping[int, Known]
    unfinished: Sequence[Unfinished]
    unchecked: Sequence[str] = ()
    closed: str = ""
    form: str = "postgres"


class Resume(NamedTuple):
    """Where a file outside transactions goes on: ``number`` (from 1) is the next statement.

    ``doubtful``: whether that statement took effect is to be asked of the catalog first. ``pid`` and
    ``backend_since`` name the process of the run that was broken off.
    """

    number: int
    doubtful: bool = False
    pid: int = 0
    backend_since: str = ""


class CarefulScript(NamedTuple):
    """A script with what a careful run needs beside it. ``hashes`` are those of its statements, in order."""

    script: Script
    record: Record
    examine: Callable[[str], Facts]
    hashes: Sequence[bytes] = ()
    resume: Resume | None = None


class Entry(NamedTuple):
    """A row of the journal. ``statement`` is None for a row about the whole file.

    ``state`` is ``done``, ``failed``, ``begun``, ``adopted`` (first contact with a history made by goose),
    ``marked`` (recorded by a person), ``resolved``. Times are aware UTC; durations are seconds.
    """

    id: int
    run: str
    version: int
    direction: Direction
    file: str
    statement: int | None
    state: str
    who: str
    host: str
    tool: str
    started: datetime
    finished: datetime | None
    lock_wait_seconds: float
    retries: int
    sqlstate: str
    error: str
    raw_hash: bytes
    hash: bytes
    kept: bool
    """True when the text of the file is there."""
