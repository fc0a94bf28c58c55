"""The socket clickhouse-driver gets, and how it notices an HTTP port."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.databases.clickhouse import pipe as module
from greylag.databases.clickhouse.pipe import Pipe
from greylag.databases.clickhouse.wire import Patience, SilenceError
from greylag.errors import ConnectError
from tests.unit.databases.clickhouse.conftest import settings, wait_until

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.databases.clickhouse.conftest import Stub

    Stubs = Callable[..., Stub]


@pytest.fixture(autouse=True)
def short_prompt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PROMPT", 0.1)


def pipe_to(stub: Stub, **named: object) -> Pipe:
    return Pipe(settings(stub.address, protocol="clickhouse", **named), stub.address, Patience(None, None))


def test_it_reads_into_buffers(stub: Stubs) -> None:
    pipe = pipe_to(stub(b"abcdef", http=False))
    pipe.settimeout(1)
    pipe.setsockopt(1, 2, 3)
    pipe.sendall(bytearray(b"x"))
    buffer = bytearray(4)
    assert (pipe.recv_into(buffer), bytes(buffer)) == (4, b"abcd")
    assert (pipe.recv_into(buffer), bytes(buffer[:2])) == (2, b"ef")
    assert pipe.first == ord("a")
    assert not pipe.is_stale()
    pipe.shutdown(2)
    pipe.close()


def test_the_end(stub: Stubs) -> None:
    server = stub(None, http=False)
    pipe = pipe_to(server)
    pipe.sendall(b"x")
    wait_until(pipe.is_stale)
    assert pipe.recv_into(bytearray(9)) == 0
    pipe.close()


def test_a_silent_http_server_is_found_out(stub: Stubs) -> None:
    server = stub(b"", b"HTTP/1.0 200 OK\r\n\r\nOk.\n", http=False)
    pipe = pipe_to(server)
    pipe.sendall(b"\0hello")
    with pytest.raises(ConnectError, match="is an HTTP port") as caught:
        pipe.recv_into(bytearray(9))
    assert "http://" in str(caught.value.hint)
    wait_until(lambda: len(server.received) == 2)
    assert server.received[1].startswith(b"GET /ping")
    pipe.close()


def test_an_http_server_that_complains_is_found_out(stub: Stubs) -> None:
    pipe = pipe_to(stub(b"HTTP/1.1 400 Bad Request\r\n\r\n", http=False))
    pipe.sendall(b"\0hello")
    with pytest.raises(ConnectError, match="is an HTTP port"):
        pipe.recv_into(bytearray(9))
    pipe.close()


@pytest.mark.parametrize(
    "answer", [b"HTTP/1.0 400 Bad\r\n\r\nPort 9000 is for clickhouse-client program", b"", None]
)
def test_a_slow_server_is_waited_for(stub: Stubs, answer: bytes | None) -> None:
    server = stub(b"", answer, http=False)
    pipe = pipe_to(server, dial_timeout=0.5)
    pipe.sendall(b"\0hello")
    with pytest.raises(SilenceError):
        pipe.recv_into(bytearray(9))
    pipe.close()


def test_after_the_greeting_nothing_is_asked(stub: Stubs) -> None:
    server = stub(b"", http=False)
    pipe = pipe_to(server)
    pipe.settle(0.3)
    pipe.sendall(b"x")
    with pytest.raises(SilenceError):
        pipe.recv_into(bytearray(9))
    assert server.connections == 1
    pipe.close()
