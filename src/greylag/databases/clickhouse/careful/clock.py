"""The server's time, kept on between questions: laptops and pods have clocks of their own."""

from __future__ import annotations

import time


class Clock:
    """``now()`` of a server, in whole microseconds since 1970, advanced by time that also runs in sleep."""

    def __init__(self, server_seconds: int) -> None:
        self._base = server_seconds * 1_000_000
        self._began = _elapsed()

    def now(self) -> int:
        """Microseconds since 1970, good to the second that now() has."""
        return self._base + (_elapsed() - self._began) // 1000


def _elapsed() -> int:
    # a laptop that slept must find its lock expired, and the monotonic clock stands still meanwhile
    kind = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return time.clock_gettime_ns(kind)
