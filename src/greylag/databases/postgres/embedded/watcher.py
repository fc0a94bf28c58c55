"""A small process beside each server: it ends with it, and stops it when nobody has used it for a while."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from greylag.databases.postgres.embedded.databases import look_at_activity
from greylag.databases.postgres.embedded.lock import locked
from greylag.databases.postgres.embedded.places import place_at
from greylag.databases.postgres.embedded.postmaster import find_postmaster, is_running, stop_postmaster
from greylag.databases.postgres.embedded.started import read_start
from greylag.databases.postgres.embedded.supervisor import (
    IDLE_SECONDS,
    EmbeddedServer,
    touch_used,
    unused_for,
)
from greylag.errors import EmbeddedError

if TYPE_CHECKING:
    from greylag.databases.postgres.embedded.places import Place

_LOOK_SECONDS = 60.0
_TICK_SECONDS = 1.0
_SHORTEST_SECONDS = 0.1


def watch(place: Place) -> None:
    """Stay until the server of ``place`` is gone, or nobody has used it for its idle time: then stop it.

    Between two looks connections may come and go: the server's count of sessions tells.
    """
    sessions: int | None = None
    looked_at = time.monotonic()
    while is_running(place):
        time.sleep(min(_TICK_SECONDS, _look_every(place)))
        if time.monotonic() < looked_at + _look_every(place):
            continue
        looked_at = time.monotonic()
        # under the lock no greylag starts, stops or begins to use the server
        with contextlib.suppress(EmbeddedError), locked(place.lock_file):
            seen = find_postmaster(place)
            if seen is None:
                return
            activity = look_at_activity(EmbeddedServer(place, seen))
            if activity.clients or sessions not in (None, activity.sessions):
                touch_used(place)
            sessions = activity.sessions
            if unused_for(place) >= _idle_limit(place):
                stop_postmaster(place)
                _say(f"stopped: nobody used the server for {_idle_limit(place):g} s")


def _look_every(place: Place) -> float:
    return max(_SHORTEST_SECONDS, min(_LOOK_SECONDS, _idle_limit(place) / 4))


def _idle_limit(place: Place) -> float:
    """Read anew each time: the server may have been stopped and started between two ticks."""
    start = read_start(place)
    return start.idle_seconds if start else IDLE_SECONDS


def _say(text: str) -> None:
    """Write a line of the server's log, which stdout is."""
    now = datetime.now(UTC)
    stamp = f"{now:%Y-%m-%d %H:%M:%S}.{now.microsecond // 1000:03d} UTC"
    sys.stdout.write(f"{stamp} [{os.getpid()}] greylag: {text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    watch(place_at(Path(sys.argv[1])))
