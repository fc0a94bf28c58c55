"""The running server: found by its pid file, stopped by a signal."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from greylag.databases.postgres.embedded.accounts import caller, run
from greylag.errors import EmbeddedError

if TYPE_CHECKING:
    from greylag.databases.postgres.embedded.places import Place

HOST = "127.0.0.1"
"""The only address the server listens on."""

START_SECONDS = 60
"""How long a server may take until it takes connections, recovery from a crash included."""
_STOP_SECONDS = 30
_PAUSE = 0.01
_PROC = Path("/proc/self/cwd")
_NO_PROCESS = b"999999999"  # above what Linux (2^22) and macOS (99998) give out


@dataclass(frozen=True)
class Postmaster:
    """What a pid file says. ``since`` is seconds of the epoch, ``ready`` whether it takes connections."""

    pid: int
    data: Path
    since: float
    port: int
    socket_folder: Path
    ready: bool


def read_pid_file(place: Place) -> Postmaster | None:
    """What the pid file says, true or stale; None while there is none, or it is half written."""
    try:
        text = os.fsdecode((place.data / "postmaster.pid").read_bytes())
    except OSError:
        return None
    # pid, data folder, start, port, socket folder, address, memory key, status: all but the status are there
    # from the first moment, the socket folder may be empty
    lines = text.split("\n")
    try:
        status = lines[7].strip() if len(lines) > 7 else ""
        return Postmaster(
            int(lines[0]), Path(lines[1]), float(lines[2]), int(lines[3]), Path(lines[4]), status == "ready"
        )
    except (IndexError, ValueError):
        return None


def find_postmaster(place: Place) -> Postmaster | None:
    """The server on the data folder of ``place``, once it takes connections; None when there is none.

    A pid file that names another process (after a reboot, in a copied folder) or a zombie is made to name
    none, because PostgreSQL would not start beside it. Raises EmbeddedError when a server does not answer.
    """
    over = time.monotonic() + START_SECONDS
    while time.monotonic() < over:
        seen = read_pid_file(place)
        if seen is None or not _alive(seen.pid):
            return None
        if seen.data == place.data and seen.ready and _answers(seen):
            return seen
        if not _serves(seen, place.data):
            _disown_pid_file(place)
            return None
        if seen.ready and _listens(HOST, seen.port):
            return seen  # the folder was moved, or its socket cleaned away, while the server ran
        time.sleep(_PAUSE)
    raise EmbeddedError(
        f"the server of {place.data} (pid {seen.pid if seen else '?'}) does not take connections",
        hint=f"its log may say why: {place.log}",
    )


def is_running(place: Place) -> bool:
    """Whether the process the pid file names is there: cheap, for those who know it was the server."""
    seen = read_pid_file(place)
    return seen is not None and _alive(seen.pid)


def stop_postmaster(place: Place) -> Postmaster | None:
    """Stop the server of ``place``, ending its connections; what it was, or None when none ran.

    Raises EmbeddedError when it does not end.
    """
    seen = read_pid_file(place)
    if seen is None or not _alive(seen.pid) or not _serves(seen, place.data):
        return None
    # SIGINT rolls back and writes a checkpoint, SIGQUIT leaves that to the next start
    for word in (signal.SIGINT, signal.SIGQUIT):
        with contextlib.suppress(ProcessLookupError):
            os.kill(seen.pid, word)
        over = time.monotonic() + _STOP_SECONDS
        while time.monotonic() < over:
            now = read_pid_file(place)
            if now is None or now.pid != seen.pid or not _alive(seen.pid):
                remove_socket_folder(seen.socket_folder)
                return seen
            time.sleep(_PAUSE)
    raise EmbeddedError(f"the server (pid {seen.pid}) did not stop within {2 * _STOP_SECONDS} s")


def remove_socket_folder(folder: Path) -> None:
    """Remove the folder of a server that is gone."""
    with contextlib.suppress(OSError):  # it may hold something else, or be gone
        folder.rmdir()


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False  # gone, or a process of another user, which the server is not
    return True


def _answers(seen: Postmaster) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(os.fspath(seen.socket_folder / f".s.PGSQL.{seen.port}"))
        except OSError:
            return False
    return True


def _listens(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=5).close()
    except OSError:
        return False
    return True


def _serves(seen: Postmaster, data: Path) -> bool:
    """Whether the process of a pid file is a server on ``data``; numbers are given anew after a reboot."""
    if _PROC.exists():
        try:
            return os.path.samefile(f"/proc/{seen.pid}/cwd", data)
        except OSError:
            return False
    if seen.data != data and (seen.data / "postmaster.pid").exists():
        return False  # the folder is a copy of one that is still served
    asked = run(caller(), ["ps", "-ww", "-o", "command=", "-p", str(seen.pid)])
    return b"postgres" in asked.stdout


def _disown_pid_file(place: Place) -> None:
    """Put a number no process has into the pid file.

    The rest stays: by the memory key in it PostgreSQL sees whether children of a dead server still work on
    the data, and does not start before they have ended.
    """
    pid_file = place.data / "postmaster.pid"
    beside = place.data / "postmaster.pid.disowned"
    lines = pid_file.read_bytes().split(b"\n")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        place.account.give(descriptor)
        file.write(b"\n".join([_NO_PROCESS, *lines[1:]]))
    beside.replace(pid_file)
