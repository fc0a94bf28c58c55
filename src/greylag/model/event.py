"""What happened while migrations ran."""

from __future__ import annotations

from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Literal

    from greylag.model.migration import Direction, Migration

    Stage = Literal["begin", "statement", "insert", "delete", "commit"]
    """Where in a file a run failed; ``insert`` and ``delete`` are the version row's."""

    Trace = Callable[[Literal["begin", "statement", "rollback", "commit"], str, bool], None]
    """Told before each step of a file that runs statement by statement: step, text, inside a transaction."""
else:
    Stage = str


class Ran(NamedTuple):
    """A file was run and its version recorded."""

    migration: Migration
    direction: Direction
    statements: int
    took_ns: int


class Nothing(NamedTuple):
    """There was nothing to do; the database is at ``current``."""

    current: int


class Reached(NamedTuple):
    """The run is over; ``version`` belongs to the file that ran last."""

    version: int


class Notice(NamedTuple):
    """Something a person wants to know while a run goes on. ``kind`` is a word for programs.

    Kinds: waiting (another runner holds the lock), blocked (a statement waits for others), unwatched (what
    it waits for cannot be seen), retry, pooler, healed, resumed, adopted, ahead, unchecked, orphan, local
    (statements for a cluster run on one node), hosts (of a cluster, that are down or late), degraded (no
    quorum), advice. ``facts`` are what JSON shows beside the text, which may have
    several lines.
    """

    kind: str
    text: str
    facts: Mapping[str, object] = {}


class Progress(NamedTuple):
    """How far a file is: statement ``number`` of ``count``, under way for so long.

    ``phase``, ``done`` and ``total`` are the server's for an index build, else empty and 0.
    """

    migration: Migration
    direction: Direction
    number: int
    count: int  # type: ignore[assignment]  # the field hides tuple.count on purpose
    elapsed_seconds: float
    phase: str = ""
    done: int = 0
    total: int = 0


Event = Ran | Nothing | Reached
