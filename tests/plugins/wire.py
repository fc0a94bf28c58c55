"""A proxy before PostgreSQL that counts finished commands and makes a fault at the one a test names."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import struct
import threading
from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Literal, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    When = Literal["before", "after"]

SECONDS = 60
FLUSH = b"H\0\0\0\4"
NO_ENCRYPTION = (80877103, 80877104)
CANCEL = 80877102

ENDS_EXECUTE = b"CIsEGHW"
"""Answers with which an Execute is over, or (copying) goes on with what the client sends."""


class Command(NamedTuple):
    """A CommandComplete that was seen: the server's tag, and the text it answers (a simple query's whole).

    ``message`` tells which commands came in one message, and cannot be held back one by one.
    """

    tag: str
    text: str
    message: int


class Fault(NamedTuple):
    """``point`` is the number of a command from 1, or a part of its text."""

    when: When
    point: int | str
    act: Callable[[], None]
    ends: bool
    """Nothing passes afterwards, not even what was held back."""

    def strikes(self, number: int, text: str) -> bool:
        return self.point in text if isinstance(self.point, str) else number >= self.point


class _Gone(Exception):  # noqa: N818
    """This connection is over."""


class _Link:
    """One connection of the client, served by a thread of its own.

    A command is passed on when all before it have been answered, so that a pipeline too stands still where
    the fault is. Commands inside one simple query cannot be held: ``before`` strikes before the next message.
    """

    def __init__(self, wire: Wire, client: socket.socket) -> None:
        self.wire, self.client = wire, client
        self.server: socket.socket | None = None
        self.waiting: deque[tuple[bytes, bytes]] = deque()
        self.busy = b""
        self.failed = False
        self.text, self.message = "", 0
        self.texts: dict[str, str] = {}
        self.portals: dict[str, str] = {}
        self.rests = {"client": b"", "server": b""}

    def run(self) -> None:
        with contextlib.suppress(_Gone, OSError):
            self._greet()
            while True:
                self._turn()
        self.close()

    def close(self) -> None:
        for end in (self.client, self.server):
            if end is not None:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def _greet(self) -> None:
        while True:
            size, code = struct.unpack("!II", _read(self.client, 8))
            if code not in NO_ENCRYPTION:
                break
            self.client.sendall(b"N")
        self.server = socket.create_connection(("127.0.0.1", self.wire.target), SECONDS)
        self.server.settimeout(None)
        self.server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.server.sendall(struct.pack("!II", size, code) + _read(self.client, size - 8))
        if code == CANCEL:
            _read(self.server, 1)

    def _turn(self) -> None:
        assert self.server is not None
        readable, _, _ = select.select([self.client, self.server], [], [])
        if self.server in readable:
            for kind, body in self._messages(self.server, "server"):
                self._back(kind, body)
        if self.client in readable:
            try:
                self.waiting += self._messages(self.client, "client")
            except (_Gone, OSError):  # it died with all of this under way: a network would bring it still
                for kind, body in self.waiting:
                    self._send(kind, body)
                raise
        while self.waiting and not (self.busy and self.waiting[0][0] in b"QES"):
            self._forth(*self.waiting.popleft())

    def _messages(self, end: socket.socket, name: str) -> list[tuple[bytes, bytes]]:
        data = end.recv(1 << 16)
        if not data:
            raise _Gone
        data, whole = self.rests[name] + data, []
        while len(data) >= 5 and len(data) > (size := struct.unpack("!I", data[1:5])[0]):
            whole.append((data[:1], data[5 : size + 1]))
            data = data[size + 1 :]
        self.rests[name] = data
        return whole

    def _forth(self, kind: bytes, body: bytes) -> None:
        if kind == b"P":
            name, _, rest = body.partition(b"\0")
            self.texts[name.decode()] = _text(rest)
        elif kind == b"B":
            portal, _, rest = body.partition(b"\0")
            self.portals[portal.decode()] = self.texts.get(_text(rest), "")
        elif kind in b"QE":
            self.text = _text(body) if kind == b"Q" else self.portals.get(_text(body), "")
            self.message = self.wire._reached(self.text)
        if kind in b"QS" or (kind == b"E" and not self.failed):
            self.busy = kind
        self._send(kind, body, FLUSH if kind == b"E" else b"")

    def _send(self, kind: bytes, body: bytes, flush: bytes = b"") -> None:
        assert self.server is not None
        self.server.sendall(kind + struct.pack("!I", len(body) + 4) + body + flush)

    def _back(self, kind: bytes, body: bytes) -> None:
        if kind == b"C":
            self.wire._done(Command(_text(body), self.text, self.message))
        if kind == b"E":
            self.failed = True
        if (
            kind == b"Z"
            or (self.busy == b"E" and kind in ENDS_EXECUTE)
            or (self.busy == b"Q" and kind in b"GW")
        ):
            self.busy = b""
        if kind == b"Z":
            self.failed = False
        self.client.sendall(kind + struct.pack("!I", len(body) + 4) + body)


def _read(end: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        more = end.recv(size - len(data))
        if not more:
            raise _Gone
        data += more
    return data


def _text(raw: bytes) -> str:
    return raw.partition(b"\0")[0].decode("utf-8", "replace")


class Wire:
    """Stands between a program and the server at ``target``, a port of this machine."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.done: list[Command] = []
        self.struck = threading.Event()
        self._messages = 0
        self._fault: Fault | None = None
        self._victim = 0
        self._aimed = threading.Event()
        self._lock = threading.Lock()
        self._links: list[_Link] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def url(self, dsn: str) -> str:
        """The same database through this wire."""
        return dsn.replace(f"127.0.0.1:{self.target}/", f"127.0.0.1:{self.port}/")

    def boundaries(self) -> list[int]:
        """Numbers of the commands before which the program that was seen here can be stopped."""
        messages = [command.message for command in self.done]
        return [n for n, message in enumerate(messages, 1) if message not in messages[: n - 1]]

    def kill(self, when: When, point: int | str) -> None:
        """There: SIGKILL for the process group that ``aim`` names; nothing passes after it."""
        self._fault = Fault(when, point, partial(self.signal, signal.SIGKILL), ends=True)

    def break_off(self, when: When, point: int | str) -> None:
        """There: every connection is closed on both sides, and what was held is lost."""
        self._fault = Fault(when, point, lambda: None, ends=True)

    def call(self, when: When, point: int | str, act: Callable[[], None]) -> None:
        """There: ``act`` runs while the command, or the answer to it, waits; then it passes."""
        self._fault = Fault(when, point, act, ends=False)

    def aim(self, process_group: int) -> None:
        self._victim = process_group
        self._aimed.set()

    def signal(self, number: int) -> None:
        """Send a signal to the process group that ``aim`` names."""
        assert self._aimed.wait(SECONDS), "nobody said whom to aim at"
        os.killpg(self._victim, number)

    def _reached(self, text: str) -> int:
        with self._lock:
            self._messages += 1
            self._strike("before", len(self.done) + 1, text)
            return self._messages

    def _done(self, command: Command) -> None:
        with self._lock:
            self.done.append(command)
            self._strike("after", len(self.done), command.text)

    def _strike(self, when: When, number: int, text: str) -> None:
        fault = self._fault
        if fault is None or fault.when != when or self.struck.is_set() or not fault.strikes(number, text):
            return
        self.struck.set()
        fault.act()
        if fault.ends:
            self.cut()
            raise _Gone

    def cut(self) -> None:
        """Close every connection that is open, on both sides."""
        for link in self._links:
            link.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            link = _Link(self, client)
            self._links.append(link)
            self._threads.append(threading.Thread(target=link.run, daemon=True))
            self._threads[-1].start()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._threads[0].join(10)
        self._listener.close()
        self.cut()
        for thread in self._threads:
            thread.join(10)
        for link in self._links:
            for end in (link.client, link.server):
                if end is not None:
                    end.close()


@pytest.fixture
def wire() -> Iterator[Callable[[str], Wire]]:
    """Give a URL on this machine; get a wire to its server."""
    made: list[Wire] = []

    def stretch(dsn: str) -> Wire:
        made.append(Wire(int(dsn.partition("127.0.0.1:")[2].partition("/")[0])))
        return made[-1]

    yield stretch
    for one in made:
        one.close()
