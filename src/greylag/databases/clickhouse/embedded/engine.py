"""The child process that holds an embedded ClickHouse: ``python -m`` this module with a folder's path.

Frames come and go over standard input, which is a socket. The process lives as long as its parent keeps the
other end open, and no longer: whatever runs then is broken off, as by a kill, which ClickHouse survives.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
import socket
import sys
import threading
from typing import TYPE_CHECKING, Any

from greylag.databases.clickhouse.embedded import framing

if TYPE_CHECKING:
    from typing import NoReturn

LOCK = "greylag.lock"
"""File in the folder that is locked while an engine has it open; it names the processes."""

_FORMAT = "TabSeparatedWithNamesAndTypes"


def main() -> NoReturn:
    """Open the folder named on the command line and serve until the parent is gone."""
    connection = socket.socket(fileno=os.dup(0))
    threading.Thread(target=_end_with_parent, args=(connection,), daemon=True).start()
    with contextlib.suppress(framing.EndedError, OSError):
        _serve(connection, sys.argv[1])
    os._exit(0)


def _end_with_parent(connection: socket.socket) -> None:
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLHUP)
    poll.poll()
    os._exit(1)


def _serve(connection: socket.socket, folder: str) -> None:
    held = bytearray()

    def receive() -> bytes:
        return connection.recv(1 << 16)

    _, payload = framing.unpack(receive, held)
    _lock(connection, folder)
    sys.modules.setdefault("pyarrow", None)  # type: ignore[arg-type]  # optional there, and half of the start
    try:
        from chdb.session import Session
    except ImportError as error:
        connection.sendall(framing.pack(framing.MISSING, str(error).encode()))
        return
    try:
        session: Any = Session(folder)  # type: ignore[no-untyped-call]
        version = _open(session, framing.unpack_words(payload))
    except RuntimeError as error:
        connection.sendall(framing.pack(framing.ERROR, _encoded(error)))
        return
    connection.sendall(framing.pack(framing.READY, version))
    while True:
        _, payload = framing.unpack(receive, held)
        try:
            answer = framing.pack(framing.ANSWER, _run(session, payload.decode()))
        except (RuntimeError, UnicodeDecodeError) as error:
            answer = framing.pack(framing.ERROR, _encoded(error))
        connection.sendall(answer)


def _lock(connection: socket.socket, folder: str) -> None:
    """Wait for the folder. Nobody closes the file: the kernel drops the lock with the process."""
    descriptor = os.open(os.path.join(folder, LOCK), os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        connection.sendall(framing.pack(framing.WAITING, os.pread(descriptor, 100, 0).strip()))
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"process {os.getppid()}".encode(), 0)


def _open(session: Any, words: dict[str, str]) -> bytes:
    """Make the database, use it, and set what the connection string asks for; the engine's version."""
    database = words.pop("database", "")
    if database:
        quoted = "`" + database.replace("\\", "\\\\").replace("`", "\\`") + "`"
        session.query(f"CREATE DATABASE IF NOT EXISTS {quoted}")
        session.query(f"USE {quoted}")
    for name, value in words.items():
        session.query(f"SET `{name.replace('`', '')}` = {_literal(value)}")
    return bytes(session.query("SELECT version()", "TSVRaw").bytes()).strip()


def _run(session: Any, text: str) -> bytes:
    _refuse_several(session, text)
    answer = session.query(text, _FORMAT)
    return b"" if answer is None else bytes(answer.bytes() or b"")


def _refuse_several(session: Any, text: str) -> None:
    """chdb runs several statements in one text, which no server does; its own parser can tell."""
    if ";" not in text.rstrip().rstrip(";"):
        return
    try:
        session.query(f"SELECT formatQuerySingleLine({_literal(text)})")
    except RuntimeError as error:
        if "Multi-statements are not allowed" in str(error):
            raise RuntimeError(str(error).partition(": In scope")[0] + ". (SYNTAX_ERROR)") from None


def _literal(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _encoded(error: Exception) -> bytes:
    if isinstance(error, UnicodeDecodeError):
        return b"the embedded engine takes statements in UTF-8 only"
    return str(error).encode("utf-8", "surrogateescape")


if __name__ == "__main__":
    main()
