"""The server's log file: opened for the next start, turned over when it has grown, read from its end."""

from __future__ import annotations

import os
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

KEEP_BYTES = 8 * 1024 * 1024
"""A log longer than this becomes ``server.log.1`` at the next start; the one before that is gone."""

_BLOCK = 64 * 1024


def open_log(log: Path) -> IO[bytes]:
    """The log, for appending, readable by its owner alone: statements in it may hold data."""
    if log.exists() and log.stat().st_size > KEEP_BYTES:
        log.replace(log.with_name(log.name + ".1"))
    descriptor = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    file = os.fdopen(descriptor, "ab")
    file.seek(0, os.SEEK_END)
    return file


def read_from(log: Path, offset: int) -> str:
    """What stands in the log after ``offset`` bytes."""
    with log.open("rb") as file:
        file.seek(offset)
        return file.read().decode(errors="replace")


def last_lines(log: Path, count: int) -> list[str]:
    """The last ``count`` lines of the log, fewer when it is shorter, none when it is not there."""
    try:
        file = log.open("rb")
    except FileNotFoundError:
        return []
    with file:
        left = file.seek(0, os.SEEK_END)
        tail = b""
        while left and tail.count(b"\n") <= count:
            step = min(_BLOCK, left)
            left -= step
            file.seek(left)
            tail = file.read(step) + tail
    return tail.decode(errors="replace").splitlines()[-count:] if count > 0 else []
