"""What happened while migrations ran."""

from __future__ import annotations

from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
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


Event = Ran | Nothing | Reached
