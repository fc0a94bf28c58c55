"""A channel to a fresh database, and a TLS front for the server."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from greylag.databases.postgres import connection, dsn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from greylag.databases.postgres.channel import Channel
    from tests.plugins.postgres import PostgresServer

PEM = Path(__file__).with_name("localhost.pem")
"""A certificate for localhost that vouches for itself, with its key; it guards nothing."""


@pytest.fixture
def channel(database: str) -> Iterator[Channel]:
    """An open connection to a database of its own."""
    made = connection.connect(dsn.parse(database, {}), None, None)
    yield made
    made.close()


class TlsFront:
    """Speaks TLS to clients that ask for it, and passes everything on in plain text."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(PEM)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._sockets: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self._sockets.append(client)
            self._threads.append(threading.Thread(target=self._serve, args=(client,)))
            self._threads[-1].start()

    def _serve(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError):
            first = client.recv(8)
            if first[4:8] == bytes([4, 210, 22, 47]):  # SSLRequest
                client.sendall(b"S")
                client = self._context.wrap_socket(client, server_side=True)
                self._sockets.append(client)
                first = b""
            server = socket.create_connection(("127.0.0.1", self._target))
            self._sockets.append(server)
            server.sendall(first)
            self._threads.append(threading.Thread(target=self._pump, args=(client, server)))
            self._threads[-1].start()
            self._pump(server, client)

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        for end in (self._listener, *self._sockets):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(10)
        for end in (self._listener, *self._sockets):
            end.close()


@pytest.fixture
def tls_port(postgres: PostgresServer) -> Iterator[int]:
    """A port where the shared server answers with TLS."""
    front = TlsFront(postgres.port)
    yield front.port
    front.close()
