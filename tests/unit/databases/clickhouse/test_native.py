"""The native protocol, spoken by a server of a few packets: there is no modern server to test with."""

from __future__ import annotations

import builtins
import struct
from typing import TYPE_CHECKING, Any

import pytest

from greylag.databases.clickhouse import native, pipe
from greylag.databases.clickhouse.dsn import read_dsn
from greylag.databases.clickhouse.native import NativeLink, is_insert
from greylag.databases.clickhouse.wire import Patience
from greylag.errors import ConnectError, DatabaseError, LostError
from tests.unit.databases.clickhouse.conftest import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.unit.databases.clickhouse.conftest import Stub

    Stubs = Callable[..., Stub]

pytest.importorskip("clickhouse_driver", reason="the package clickhouse-driver is not installed")


def word(text: str) -> bytes:
    return bytes([len(text)]) + text.encode()


# revision 54050: before time zones, display names and patch numbers
HELLO = b"\0" + word("ClickHouse") + bytes([1, 1]) + b"\xa2\xa6\x03"
END = b"\x05"


def exception(code: int, text: str) -> bytes:
    return b"\x02" + struct.pack("<i", code) + word("DB::Exception") + word(text) + word("trace") + b"\0"


def block(*columns: tuple[str, str, bytes], rows: int) -> bytes:
    info = b"\x01\x00\x02\xff\xff\xff\xff\x00"
    body = b"\x01" + word("") + info + bytes([len(columns), rows])
    return body + b"".join(word(name) + word(kind) + data for name, kind, data in columns)


opened: list[NativeLink] = []


@pytest.fixture(autouse=True)
def close_links() -> Iterator[None]:
    yield
    while opened:
        opened.pop().close()


def link_to(stub: Stub, parameters: str = "read_timeout=20s") -> NativeLink:
    text = f"tcp://u:hunter@{stub.address}/d?{parameters}"
    opened.append(NativeLink(read_dsn(text), Patience(None, None)))
    return opened[-1]


def test_a_statement_and_its_rows(stub: Stubs) -> None:
    rows = block(("n", "Int8", b"\x01\x02"), ("s", "String", word("a") + word("b")), rows=2)
    server = stub(HELLO, rows + END, END, http=False)
    link = link_to(server)
    link.begin()
    assert link.query("SELECT 1")[:2] == (["Int8", "String"], [["1", "a"], ["2", "b"]])
    link.execute("SELECT 'é\udcff'")
    assert "é".encode() + b"\xff" in server.received[2]
    assert server.connections == 1
    link.close()
    link.close()


def test_a_refusal_leaves_the_connection_open(stub: Stubs) -> None:
    server = stub(HELLO, exception(60, "DB::Exception: Table d.t doesn't exist"), END, http=False)
    link = link_to(server)
    with pytest.raises(DatabaseError) as caught:
        link.query("SELECT * FROM t")
    assert caught.value.driver_text == "code: 60, message: Table d.t doesn't exist"
    assert caught.value.no_history
    link.execute("SELECT 1")
    assert server.connections == 1
    link.close()


def test_refused_access(stub: Stubs) -> None:
    link = link_to(stub(exception(516, "DB::Exception: u: Authentication failed"), http=False))
    with pytest.raises(DatabaseError) as caught:
        link.begin()
    assert caught.value.driver_text == "code: 516, message: u: Authentication failed"
    assert "hunter" not in str(vars(caught.value))


def test_a_lost_connection_is_not_retried(stub: Stubs) -> None:
    server = stub(HELLO, None, HELLO, END, http=False)
    link = link_to(server)
    with pytest.raises(LostError) as caught:
        link.execute("CREATE TABLE t")
    assert caught.value.driver_text == "driver: bad connection"
    link.execute("SELECT 1")
    assert server.connections == 2
    link.close()


def test_a_connection_closed_meanwhile_is_opened_anew(stub: Stubs) -> None:
    server = stub(HELLO, END, HELLO, END, http=False)
    link = link_to(server)
    link.execute("SELECT 1")
    server.open[0].shutdown(2)
    wait_until(link._pipe.is_stale)  # type: ignore[union-attr]
    link.execute("SELECT 2")
    assert server.connections == 2
    link.close()


def test_silence(stub: Stubs) -> None:
    link = link_to(stub(HELLO, b"", http=False), "read_timeout=100ms")
    with pytest.raises(LostError) as caught:
        link.execute("SELECT 1")
    assert caught.value.driver_text.endswith(": i/o timeout")


def test_a_server_that_waits_for_the_rows_of_an_insert(stub: Stubs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(native, "_FEEDING", 0.1)
    link = link_to(stub(HELLO, block(("n", "Int8", b""), rows=0), http=False))
    with pytest.raises(DatabaseError, match="nothing was inserted") as caught:
        link.execute("INSERT INTO t VALUES (1)")
    assert "HTTP port" in str(caught.value.hint)


def test_a_server_that_shows_columns_and_goes_on(stub: Stubs) -> None:
    link = link_to(stub(HELLO, block(("n", "Int8", b""), rows=0) + END, http=False))
    link.execute("INSERT INTO t VALUES (1)")
    link.close()


def test_an_answer_the_driver_cannot_read(stub: Stubs) -> None:
    link = link_to(stub(HELLO, block(("j", "Nonsense", b"x"), rows=1), http=False))
    with pytest.raises(DatabaseError, match="cannot be read") as caught:
        link.execute("SELECT j")
    assert "http://" in str(caught.value.hint)


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (None, "handshake: failed to read packet from {} (conn_id=1, auth_db=d): EOF"),
        (b"\x2a", "[handshake] unexpected packet [42] from server"),
    ],
)
def test_greetings_that_fail(stub: Stubs, answer: bytes | None, text: str) -> None:
    server = stub(answer, http=False)
    with pytest.raises(ConnectError) as caught:
        link_to(server).begin()
    assert caught.value.driver_text == text.format(server.address)


def test_a_greeting_without_an_answer(stub: Stubs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipe, "_PROMPT", 0.05)
    with pytest.raises(ConnectError) as caught:
        link_to(stub(b"", b"", http=False), "dial_timeout=100ms").begin()
    assert caught.value.driver_text.endswith("i/o timeout")


def test_an_http_port(stub: Stubs) -> None:
    server = stub(b"<!DOCTYPE HTML>", b"HTTP/1.0 200 OK\r\n\r\nOk.\n", http=False)
    with pytest.raises(ConnectError, match="is an HTTP port"):
        link_to(server).begin()


def test_an_http_port_is_found_out_once(stub: Stubs) -> None:
    server = stub(b"", b"HTTP/1.0 200 OK\r\n\r\nOk.\n", http=False)
    link = link_to(server)
    for _ in range(2):
        with pytest.raises(ConnectError, match="is an HTTP port"):
            link.query("SELECT 1")
    assert server.connections == 2  # the greeting, and the question whether it speaks HTTP


def test_behind_a_syntax_error_the_connection_is_a_new_one(stub: Stubs) -> None:
    """What came with the statement was not read by a server of 2018, which takes it for the next one."""
    server = stub(HELLO, exception(62, "DB::Exception: Syntax error"), HELLO, END, http=False)
    link = link_to(server)
    with pytest.raises(DatabaseError, match="Syntax error"):
        link.execute("SELEC")
    link.execute("SELECT 1")
    assert server.connections == 2


def test_facts_and_the_next_host(stub: Stubs) -> None:
    columns = [("a", "String", word("1.1.54")), ("b", "String", word("d"))]
    server = stub(HELLO, block(*columns, rows=1) + END, http=False)
    link = NativeLink(read_dsn(f"tcp://u@127.0.0.1:1,{server.address}/d"), Patience(None, None))
    facts = link.facts()
    assert (facts.version, f"{facts.host}:{facts.port}", facts.database, facts.role) == (
        "1.1.54", server.address, "d", "u",
    )  # fmt: skip
    link.close()


def test_without_the_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *words: Any) -> Any:
        if name.startswith("clickhouse_driver"):
            raise ImportError(name)
        return real(name, *words)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ConnectError, match="is not installed") as caught:
        NativeLink(read_dsn("tcp://127.0.0.1:1"), Patience(None, None)).begin()
    assert "greylag[clickhouse]" in str(caught.value.hint)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("INSERT INTO t VALUES (1)", True), ("-- x\n/* y */ insert into t", True), ("SELECT 'insert'", False)],
)
def test_inserts(text: str, is_one: bool) -> None:
    assert is_insert(text) is is_one


def test_a_statement_with_a_name_and_settings_of_its_own(stub: Stubs) -> None:
    server = stub(HELLO, END, END, http=False)
    link = link_to(server)
    assert link.address == server.address
    link.execute("SELECT 1", query_id="run-1", settings={"max_threads": "0"})
    link.execute("SELECT 2")
    assert b"run-1" in server.received[1]
    assert b"max_threads" in server.received[1]
    assert b"run-1" not in server.received[2]
    assert b"max_threads" not in server.received[2]
