"""Connections that wait no longer than they may."""

from __future__ import annotations

import contextlib
import os
import socket
import ssl
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from greylag.databases.base import Deadline
from greylag.databases.clickhouse import wire as wire_module
from greylag.databases.clickhouse.wire import Patience, SilenceError, Wire, split_address
from greylag.errors import ConnectError, DeadlineError, InterruptedRunError
from tests.plugins.postgres import free_port
from tests.unit.databases.clickhouse.conftest import settings, wait_until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.unit.databases.clickhouse.conftest import Stub

    Stubs = Callable[..., Stub]


class Signal:
    def __init__(self) -> None:
        self.signal = 0
        self.reader, self.writer = os.pipe()

    def fileno(self) -> int:
        return self.reader

    def arrive(self) -> None:
        self.signal = 15
        os.write(self.writer, b"!")


def wire_to(stub: Stub, patience: Patience) -> Wire:
    return Wire(settings(stub.address), stub.address, patience)


def test_there_and_back(stub: Stubs, patience: Patience) -> None:
    server = stub(b"pong", http=False)
    wire = wire_to(server, patience)
    assert not wire.is_stale()
    wire.send(b"ping", seconds=5)
    assert wire.receive(seconds=5) == b"pong"
    server.open[0].shutdown(socket.SHUT_RDWR)
    wait_until(wire.is_stale)
    assert wire.receive(seconds=5) == b""
    wire.close()
    wire.close()


def test_large_data_goes_out_whole(stub: Stubs, patience: Patience) -> None:
    server = stub(*[b""] * 10_000, http=False)
    wire = wire_to(server, patience)
    wire.send(b"x" * 5_000_000, seconds=20)
    wait_until(lambda: sum(map(len, server.received)) == 5_000_000)
    wire.close()


def test_silence(stub: Stubs, patience: Patience) -> None:
    wire = wire_to(stub(b"", http=False), patience)
    with pytest.raises(SilenceError):
        wire.receive(seconds=0.01)
    wire.close()


def test_the_deadline_ends_a_wait(stub: Stubs) -> None:
    wire = wire_to(stub(b"", http=False), Patience(Deadline(0.2), None))
    with pytest.raises(DeadlineError):
        wire.receive(seconds=60)
    wire.close()


def test_a_signal_ends_a_wait(stub: Stubs) -> None:
    signal = Signal()
    wire = wire_to(stub(b"", http=False), Patience(None, signal))
    threading.Timer(0.1, signal.arrive).start()
    with pytest.raises(InterruptedRunError) as caught:
        wire.receive(seconds=60)
    assert caught.value.signal == 15
    wire.close()


def test_nobody_listens(patience: Patience) -> None:
    address = f"127.0.0.1:{free_port()}"
    with pytest.raises(ConnectError) as caught:
        Wire(settings(address), address, patience)
    assert caught.value.driver_text == f"dial tcp {address}: connect: connection refused"


def test_nobody_answers(patience: Patience) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        address = f"127.0.0.1:{full.getsockname()[1]}"
        clogs = [socket.socket() for _ in range(4)]
        for clog in clogs:
            clog.setblocking(False)
            clog.connect_ex(full.getsockname())
        with pytest.raises(ConnectError) as caught:
            Wire(settings(address, dial_timeout=0.2), address, patience)
        for clog in clogs:
            clog.close()
    assert caught.value.driver_text == f"dial tcp {address}: i/o timeout"


def test_no_such_host(patience: Patience, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr("greylag.databases.clickhouse.wire.socket.getaddrinfo", fail)
    with pytest.raises(ConnectError) as caught:
        Wire(settings("nowhere:1"), "nowhere:1", patience)
    assert caught.value.driver_text == "dial tcp: lookup nowhere: no such host"


@pytest.mark.parametrize(
    ("address", "default", "parts"),
    [
        ("h:1", "", ("h", "1")),
        ("[::1]:9", "", ("::1", "9")),
        ("h", "80", ("h", "80")),
        ("[::1]", "80", ("::1", "80")),
        ("h:", "80", ("h", "80")),
    ],
)
def test_addresses(address: str, default: str, parts: tuple[str, str]) -> None:
    assert split_address(address, default) == parts


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ("h", "address h: missing port in address"),
        ("h:99999", "address 99999: invalid port"),
        ("h:", "address h:: missing port in address"),
    ],
)
def test_addresses_that_are_none(address: str, text: str) -> None:
    with pytest.raises(ConnectError) as caught:
        split_address(address)
    assert text in caught.value.driver_text


def test_no_tls_there(stub: Stubs, patience: Patience) -> None:
    wire = wire_to(stub(b"no TLS here", http=False), patience)
    with pytest.raises(ConnectError) as caught:
        wire.encrypt(settings("h:1", secure=True, dial_timeout=5.0), "h")
    assert caught.value.driver_text == "tls: first record does not look like a TLS handshake"
    assert "9440" in str(caught.value.hint)
    wire.close()


CERTIFICATE = Path(__file__).parents[1] / "postgres" / "localhost.pem"


@pytest.fixture
def encrypted() -> Iterator[str]:
    """The address of a server that speaks TLS, calls itself localhost, and answers in capitals."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                plain, _ = listener.accept()
                with (
                    contextlib.suppress(OSError),
                    plain,
                    context.wrap_socket(plain, server_side=True) as made,
                ):
                    while data := made.recv(100):
                        made.sendall(data.upper())

    threading.Thread(target=serve, daemon=True).start()
    yield f"127.0.0.1:{listener.getsockname()[1]}"
    listener.close()


@pytest.mark.parametrize("named", [{"skip_verify": True}, {"tls_server_name": "localhost"}])
def test_tls(encrypted: str, patience: Patience, named: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    wire = Wire(settings(encrypted), encrypted, patience)
    wire.encrypt(settings(encrypted, secure=True, **named), "127.0.0.1")
    wire.send(b"hello", seconds=5)
    assert wire.receive(seconds=5) == b"HELLO"
    wire.close()


def test_a_certificate_nobody_trusts(encrypted: str, patience: Patience) -> None:
    wire = Wire(settings(encrypted), encrypted, patience)
    with pytest.raises(ConnectError, match="certificate of localhost is not trusted") as caught:
        wire.encrypt(settings(encrypted, secure=True), "localhost")
    assert caught.value.driver_text.startswith("tls: failed to verify certificate: x509: ")
    assert "skip_verify" in str(caught.value.hint)
    wire.close()


def test_somebody_looks_around_while_an_answer_is_awaited(
    stub: Stubs, patience: Patience, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire_module, "_WATCH_SECONDS", 0.01)
    server = stub(b"", http=False)
    wire = wire_to(server, patience)
    looks: list[int] = []

    def look() -> None:
        looks.append(1)
        if len(looks) == 3:
            wait_until(lambda: server.open)
            server.open[0].sendall(b"late")

    patience.watch = look
    assert wire.receive(seconds=60) == b"late"
    assert len(looks) >= 3
    wire.close()


def test_a_pause_ends_with_a_signal() -> None:
    signal = Signal()
    patience = Patience(None, signal)
    patience.pause(0)
    signal.arrive()
    with pytest.raises(InterruptedRunError):
        patience.pause(60)
    with pytest.raises(DeadlineError):
        Patience(Deadline(0), None).pause(60)
