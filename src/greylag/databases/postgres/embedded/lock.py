"""One process at a time starts, stops or looks for the server of a place."""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from greylag.errors import EmbeddedError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PAUSE = 0.01


@contextmanager
def locked(file: Path, *, seconds: float = 180) -> Iterator[None]:
    """Hold the lock of ``file``. The kernel drops it with the process, however that ends.

    Raises EmbeddedError when another process holds it for more than ``seconds``, longer than a start takes.
    """
    descriptor = open_lock(file)
    try:
        over = time.monotonic() + seconds
        while not try_lock(descriptor):
            if time.monotonic() > over:
                raise EmbeddedError(
                    f"another process has been starting or stopping this server for {seconds:g} s",
                    hint=f"see who holds {file}: fuser {file}",
                )
            time.sleep(_PAUSE)
        yield
    finally:
        os.close(descriptor)


def open_lock(file: Path) -> int:
    """A descriptor of ``file`` that may be locked; closing it, and all its copies, ends the lock."""
    return os.open(file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)


def try_lock(descriptor: int) -> bool:
    """Lock an open file if nobody else has; whether that went well."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
