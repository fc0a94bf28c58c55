"""A file on its way, and what ended it."""

from __future__ import annotations

from time import perf_counter_ns

from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.errors import DatabaseError
    from greylag.model.event import Stage
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
