"""Starting the process of an embedded engine, talking to it, ending it."""

from __future__ import annotations

import os
import sys

from greylag.databases.clickhouse.embedded import framing
from greylag.databases.clickhouse.failures import unreachable

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    import subprocess

    from greylag.databases.clickhouse.dsn import Settings
    from greylag.databases.clickhouse.wire import Patience
    from greylag.errors import ConnectError

DEFAULTS = {"async_insert": "0"}
"""Settings of a session that names no others: nobody is here to share a batch of rows with."""
_ENGINE = "greylag.databases.clickhouse.embedded.engine"
_OURS = frozenset(("metadata", "store", "data", "greylag.lock", "greylag.log"))
LOG = "greylag.log"
"""File in the folder with what the engine wrote to its standard error output."""
_HINT = "pip install 'greylag[clickhouse]'"


class Child:
    """One engine process over ``settings.folder``; ``patience`` is asked while an answer is awaited."""

    def __init__(self, settings: Settings, patience: Patience) -> None:
        self.folder = os.path.abspath(settings.folder)
        self.patience = patience
        self._held = bytearray()
        _prepare(self.folder)
        self._process, self._socket = _start(self.folder)
        words = {"database": settings.database} if settings.database else {}
        self.send(framing.OPEN, framing.pack_words(words | DEFAULTS | settings.server))

    def send(self, kind: bytes, payload: bytes) -> None:
        """Send a frame. Raises OSError when the process is gone."""
        self._socket.sendall(framing.pack(kind, payload))

    def receive(self, *, seconds: float) -> tuple[bytes, bytes]:
        """The next frame. Raises EndedError, SilenceError, and as Patience.look_around()."""
        return framing.unpack(lambda: self._read(seconds), self._held)

    def close(self) -> None:
        """End the process: ClickHouse writes nothing when it closes that it would need."""
        self._socket.close()
        self._process.kill()
        self._process.wait()

    def last_words(self) -> str:
        """The last line of the log, for the case that the engine died."""
        try:
            with open(os.path.join(self.folder, LOG), encoding="utf-8", errors="replace") as log:
                return log.read()[-2000:].strip().rpartition("\n")[2]
        except OSError:
            return ""

    def _read(self, seconds: float) -> bytes:
        self.patience.wait(self._socket.fileno(), seconds=seconds)
        try:
            return self._socket.recv(1 << 16)
        except ConnectionResetError:
            return b""


def _prepare(folder: str) -> None:
    """Make the folder unless it is there; one that holds anything else is left alone."""
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        found = os.listdir(folder)
    except OSError as error:
        raise _unusable(f"{folder} cannot be used: {os.strerror(error.errno or 0).lower()}") from None
    if found and not _OURS.intersection(found):
        raise _unusable(f"{folder} holds something else than a ClickHouse database")
    if "?" in folder:
        raise _unusable(f"{folder}: the embedded engine takes no question mark in a path")


def _unusable(text: str) -> ConnectError:
    return unreachable(text, text, hint="name an empty folder, or one that chdb:// made")


def missing(why: str) -> ConnectError:
    """chdb is not installed, or cannot be loaded."""
    text = f"the embedded ClickHouse needs the package chdb: {why}"
    return unreachable(text, text, hint=_HINT)


def _start(folder: str) -> tuple[subprocess.Popen[bytes], socket.socket]:
    import socket as sockets
    import subprocess

    ours, theirs = sockets.socketpair()
    log = os.open(os.path.join(folder, LOG), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        process = subprocess.Popen(
            # -P: the working folder may hold a chdb.py of its own
            [sys.executable, "-P", "-m", _ENGINE, folder],
            stdin=theirs.fileno(),
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C is for the parent, which decides what it means
        )
    except BaseException:
        ours.close()
        raise
    finally:
        theirs.close()
        os.close(log)
    return process, ours
