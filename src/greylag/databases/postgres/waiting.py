"""Waiting for a descriptor with an eye on the clock and on signals."""

from __future__ import annotations

import os
import select
from time import monotonic

from greylag.databases.postgres import failures
from greylag.errors import InterruptedRunError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from greylag.databases.base import Deadline, Interrupt
    from greylag.errors import DatabaseError

    class Heeding(Protocol):
        """What knows a deadline and signals."""

        deadline: Deadline | None
        interrupt: Interrupt | None


_LOOK_SECONDS = 0.2
"""How often the flag of a signal is looked at when its descriptor cannot be waited for."""


class StopError(Exception):
    """The wait is over before the answer came: ``signal`` arrived, or, when it is 0, the time is up."""

    def __init__(self, signal: int) -> None:
        super().__init__(signal)
        self.signal = signal

    def as_error(self) -> DatabaseError | InterruptedRunError:
        """What a caller sees where no migration was under way."""
        return InterruptedRunError(self.signal) if self.signal else failures.deadline()


def end_of(deadline: Deadline | None) -> float | None:
    """The deadline on the monotonic clock, None for none."""
    return None if deadline is None else monotonic() + deadline.left()


def wait_for(descriptor: int, events: int, until: float | None, interrupt: Interrupt | None) -> bool:
    """True when ``descriptor`` is ready for ``events``, False when ``until`` passed first.

    Raises StopError when a signal has arrived.
    """
    poll = select.poll()
    poll.register(descriptor, events)
    signals = -1 if interrupt is None else interrupt.fileno()
    deaf = interrupt is not None and signals < 0
    if signals >= 0:
        poll.register(signals, select.POLLIN)
    while True:
        if interrupt is not None and interrupt.signal:
            raise StopError(interrupt.signal)
        left = None if until is None else max(0.0, until - monotonic())
        if deaf:
            left = _LOOK_SECONDS if left is None else min(left, _LOOK_SECONDS)
        ready = poll.poll(None if left is None else left * 1000)
        if any(found == descriptor for found, _ in ready):
            return True
        if until is not None and monotonic() >= until:
            return False
        if ready and interrupt is not None and not interrupt.signal:
            # Some other byte made it readable; whose it is to read is not for an engine to say.
            poll.unregister(signals)
            deaf = True


def pause(seconds: float, heeding: Heeding) -> None:
    """Sleep, awake for signals and the deadline. Raises StopError."""
    until = monotonic() + seconds
    end = end_of(heeding.deadline)
    read, write = os.pipe()  # never readable: the wait ends by the clock or by a signal
    try:
        if wait_for(read, select.POLLIN, until if end is None else min(until, end), heeding.interrupt):
            raise AssertionError("nothing writes to this pipe")
    finally:
        os.close(read)
        os.close(write)
    if end is not None and monotonic() >= end:
        raise StopError(0)


def jittered(seconds: float) -> float:
    """Between half of it and all of it, so that those who wait for one thing do not come at once."""
    import random  # loads hashlib; only a run that waits needs it

    return seconds * random.uniform(0.5, 1.0)  # noqa: S311  # no secret
