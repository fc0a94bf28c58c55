"""A file on its way, and what ended it."""

from __future__ import annotations

from time import perf_counter_ns

from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Protocol

    from greylag.databases.postgres.channel import Row
    from greylag.errors import DatabaseError
    from greylag.model.event import Ran, Stage
    from greylag.model.migration import Script, Statement


class Flight:
    """A file that is being sent or waits for its answers. ``sent``: its COMMIT too, so it may stand."""

    __slots__ = ("began", "count", "script", "sent")

    def __init__(self, script: Script) -> None:
        self.script = script
        self.count = 0
        self.sent = False
        self.began = perf_counter_ns()


class Failure(NamedTuple):
    """What went wrong where."""

    flight: Flight
    stage: Stage
    statement: Statement | None
    cause: DatabaseError


if TYPE_CHECKING:

    class Caretaker(Protocol):
        """What a careful run adds to goose's way; see greylag.databases.postgres.careful.caretaker."""

        def fly(self, under_way: Callable[[], tuple[Script | None, int]] | None) -> None:
            """Files fly, and this tells the one under way with its statement's number; None: no more."""

        def before(self, script: Script, statement: Statement) -> Iterable[Row]:
            """What goes to the server in front of a statement. May raise, and the file is undone."""

        def closing(self, script: Script) -> Iterable[Row]:
            """What goes to the server at the end of a transaction, in place of goose's version row."""

        def step(self, flight: Flight) -> Ran:
            """Run a file statement by statement. Raises DatabaseError, StopError, UnfinishedError."""

        def failure(self, flight: Flight, cause: DatabaseError) -> Failure:
            """``cause`` with the step the last file had come to."""

        def tries_again(self, failure: Failure) -> bool:
            """Whether the file is to be run again, after a pause. Raises StopError."""

        def translated(self, failure: Failure) -> Failure:
            """The failure as a person should hear of it."""

        def note_failure(self, failure: Failure) -> None:
            """Write down what failed, once everything is rolled back. Never raises."""

        def note_interruption(self, script: Script, signal: int) -> None:
            """The same for a signal."""
