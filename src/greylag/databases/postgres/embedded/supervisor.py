"""The server of a workspace, running: started when somebody asks for it, watched, stopped."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from greylag.databases.postgres.embedded.accounts import bare_environ
from greylag.databases.postgres.embedded.cluster import ROLE, read_password
from greylag.databases.postgres.embedded.lock import locked, open_lock, try_lock
from greylag.databases.postgres.embedded.places import find_place, make_place
from greylag.databases.postgres.embedded.postmaster import HOST, find_postmaster, stop_postmaster

if TYPE_CHECKING:
    from greylag.databases.postgres.embedded.places import Place
    from greylag.databases.postgres.embedded.postmaster import Postmaster

IDLE_SECONDS = 900
"""A server nobody is connected to for this long is stopped."""

_WATCHER = "greylag.databases.postgres.embedded.watcher"


@dataclass(frozen=True)
class EmbeddedServer:
    """A server that took connections a moment ago. ``fresh`` is True when this call started it."""

    place: Place
    postmaster: Postmaster
    fresh: bool = False

    def dsn(self, database: str) -> str:
        """The URL of ``database``, password included: to be shown only by the verb that is asked to."""
        address = f"{ROLE}:{read_password(self.place)}@{HOST}:{self.postmaster.port}"
        return f"postgres://{address}/{quote(database, safe='')}?sslmode=disable"


def ensure_running(
    root: str | os.PathLike[str],
    *,
    setting: str | os.PathLike[str] | None = None,
    idle_seconds: float = IDLE_SECONDS,
) -> EmbeddedServer:
    """The server of the workspace ``root``, made and started if need be.

    ``setting`` is ``[local] bin``; it and ``idle_seconds`` count when the server is started, not before.
    Raises EmbeddedError.
    """
    place = make_place(root)
    with locked(place.lock_file):
        touch_used(place)
        seen = find_postmaster(place) if place.made else None
        fresh = seen is None
        if seen is None:
            from greylag.databases.postgres.embedded.launch import launch  # not needed by most calls

            seen = launch(place, setting, idle_seconds)
        _watch(place)
    return EmbeddedServer(place, seen, fresh)


def find_running(root: str | os.PathLike[str]) -> EmbeddedServer | None:
    """The server of the workspace ``root`` if it runs; nothing is made, started or kept awake."""
    place = find_place(root)
    if not place.made:
        return None
    with locked(place.lock_file):
        seen = find_postmaster(place)
    return None if seen is None else EmbeddedServer(place, seen)


def stop(root: str | os.PathLike[str]) -> EmbeddedServer | None:
    """Stop the server of the workspace ``root``; what it was, or None when none ran. Raises EmbeddedError."""
    place = find_place(root)
    if not place.made:
        return None
    with locked(place.lock_file):
        seen = stop_postmaster(place)
    return None if seen is None else EmbeddedServer(place, seen)


def touch_used(place: Place) -> None:
    """Begin the idle time anew."""
    place.used_file.touch(mode=0o600)


def unused_for(place: Place) -> float:
    """Seconds since the server was last of use; 0 when that lies ahead because the clock was set back."""
    try:
        return max(0.0, time.time() - place.used_file.stat().st_mtime)
    except OSError:
        return 0.0


def _watch(place: Place) -> None:
    """Have one watcher. It inherits the locked descriptor, so the lock says whether a watcher lives."""
    descriptor = open_lock(place.watch_file)
    try:
        if not try_lock(descriptor):
            return
        import subprocess

        environ = bare_environ() | {"PYTHONPATH": os.pathsep.join(folder for folder in sys.path if folder)}
        with place.log.open("ab") as log:
            # the shell leaves at once, so that the watcher is nobody's child and nobody's zombie
            subprocess.run(
                ["/bin/sh", "-c", '"$@" &', "sh", sys.executable, "-P", "-m", _WATCHER, str(place.folder)],
                check=False, cwd="/", env=environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                pass_fds=(descriptor,), start_new_session=True,
            )  # fmt: skip
    finally:
        os.close(descriptor)
