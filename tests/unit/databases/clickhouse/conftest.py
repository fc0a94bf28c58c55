"""Servers that say what a test tells them to."""

from __future__ import annotations

import contextlib
import select
import socket
import threading
import time
from typing import TYPE_CHECKING

import pytest

from greylag.databases.clickhouse.dsn import Settings
from greylag.databases.clickhouse.wire import Patience

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SECONDS = 20


class Stub:
    """Answers the n-th thing it receives, over all connections, with the n-th of ``answers``.

    ``None`` closes the connection, an empty answer leaves the client waiting. What is received is a request in
    HTTP, or whatever comes at once when ``http`` is off.
    """

    def __init__(self, *answers: bytes | None, http: bool = True) -> None:
        self.answers = list(answers)
        self.http = http
        self.received: list[bytes] = []
        self.connections = 0
        self.open: list[socket.socket] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                self.connections += 1
                self.open.append(connection)
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := self._receive(connection):
                self.received.append(data)
                answer = self.answers.pop(0) if self.answers else None
                if answer is None:
                    connection.close()
                    return
                connection.sendall(answer)
                if b"HTTP/1.0" in answer[:8]:
                    connection.close()
                    return

    def _receive(self, connection: socket.socket) -> bytes:
        data = connection.recv(1 << 16)
        if not self.http:
            while (
                data and select.select([connection], [], [], 0.05)[0] and (more := connection.recv(1 << 16))
            ):
                data += more
            return data
        if not data:
            return data
        while b"\r\n\r\n" not in data:
            data += connection.recv(1 << 16)
        head, _, body = data.partition(b"\r\n\r\n")
        lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        length = int(lengths[0].partition(b":")[2]) if lengths else 0
        while len(body) < length:
            piece = connection.recv(1 << 16)
            data, body = data + piece, body + piece
        return data

    def close(self) -> None:
        self.listener.close()
        for connection in self.open:
            connection.close()


def ok(body: bytes = b"", *headers: str) -> bytes:
    lines = ("HTTP/1.1 200 OK", f"Content-Length: {len(body)}", *headers, "", "")
    return "\r\n".join(lines).encode() + body


def refusal(status: int, body: bytes, code: int = 0) -> bytes:
    lines = (
        f"HTTP/1.1 {status} No", f"Content-Length: {len(body)}", f"X-ClickHouse-Exception-Code: {code}", "", "",
    )  # fmt: skip
    return "\r\n".join(lines).encode() + body


@pytest.fixture
def stub() -> Iterator[Callable[..., Stub]]:
    """Give answers, get a server."""
    made: list[Stub] = []

    def make(*answers: bytes | None, http: bool = True) -> Stub:
        made.append(Stub(*answers, http=http))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def patience() -> Patience:
    """Nothing ends a wait."""
    return Patience(None, None)


def settings(*addresses: str, protocol: str = "http", **named: object) -> Settings:
    found = Settings()
    found.protocol = found.scheme = protocol
    found.addresses = addresses
    found.user = "default"
    for name, value in named.items():
        assert hasattr(found, name)
        setattr(found, name, value)
    return found


def wait_until(ready: Callable[[], object]) -> None:
    over = time.monotonic() + SECONDS
    while not ready():
        assert time.monotonic() < over, "waited in vain"
        time.sleep(0.01)
