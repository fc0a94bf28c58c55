"""ClickHouse over HTTP: what goes out, what is made of the answers, and what is never sent twice."""

from __future__ import annotations

import base64
import subprocess
import sys
import threading
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from greylag.databases.base import Deadline
from greylag.databases.clickhouse.dsn import read_dsn
from greylag.databases.clickhouse.http import HttpLink
from greylag.databases.clickhouse.wire import Patience
from greylag.errors import ConnectError, DatabaseError, DeadlineError, LostError
from tests.plugins.postgres import free_port
from tests.unit.databases.clickhouse.conftest import ok, refusal, wait_until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.plugins.clickhouse import ClickhouseServer
    from tests.unit.databases.clickhouse.conftest import Stub

    Stubs = Callable[..., Stub]

ROWS = b"n\nInt8\n1\n2\n"
DENIED = b"Code: 516. DB::Exception: u: Authentication failed. (AUTHENTICATION_FAILED) (version 26.9)\n"
HELLO = "failed to query server hello: failed to query server hello info: sendQuery: "


opened: list[HttpLink] = []


@pytest.fixture(autouse=True)
def close_links() -> Iterator[None]:
    yield
    while opened:
        opened.pop().close()


def link_to(dsn: str, patience: Patience | None = None) -> HttpLink:
    opened.append(HttpLink(read_dsn(dsn), patience or Patience(None, None)))
    return opened[-1]


def test_a_statement_on_the_wire(stub: Stubs) -> None:
    server = stub(ok(), ok(ROWS))
    link = link_to(f"http://u:p%20w@{server.address}/d%20b?x=1&http_path=/a b&client_info_product=me/1")
    link.execute("SELECT 'é\udcff?'")
    assert link.query("SELECT n").rows == [["1"], ["2"]]
    link.close()
    head, _, body = server.received[0].partition(b"\r\n\r\n")
    first, *headers = head.decode().split("\r\n")
    method, target, version = first.split(" ")
    assert (method, version, urlsplit(target).path) == ("POST", "HTTP/1.1", "/a%20b")
    assert parse_qs(urlsplit(target).query) == {
        "database": ["d b"], "x": ["1"], "wait_end_of_query": ["1"], "default_format": ["Null"],
    }  # fmt: skip
    assert f"Host: {server.address}" in headers
    assert f"Authorization: Basic {base64.b64encode(b'u:p w').decode()}" in headers
    assert "User-Agent: me/1 greylag" in headers
    assert body == "SELECT 'é".encode() + b"\xff?'"
    assert b"default_format=TabSeparatedWithNamesAndTypes&" in server.received[1]
    assert server.connections == 1


def test_a_refusal(stub: Stubs) -> None:
    server = stub(
        ok(), refusal(404, b"Code: 60. DB::Exception: no t. (UNKNOWN_TABLE)\n", 60), refusal(500, b"x")
    )
    link = link_to(f"http://{server.address}")
    link.begin()
    with pytest.raises(DatabaseError) as caught:
        link.query("SELECT * FROM t")
    assert caught.value.driver_text.startswith('sendQuery: [HTTP 404] response body: "Code: 60')
    assert (caught.value.number, caught.value.no_history) == (60, True)
    with pytest.raises(DatabaseError) as caught:
        link.execute("x")
    assert caught.value.driver_text == '[HTTP 500] response body: "x"'


def test_refused_access_is_told_as_goose_tells_it(stub: Stubs) -> None:
    server = stub(refusal(403, DENIED, 516), refusal(403, DENIED, 516))
    with pytest.raises(DatabaseError) as caught:
        link_to(f"http://u:pw@{server.address}").query("SELECT 1")
    assert caught.value.driver_text == f'{HELLO}[HTTP 403] response body: "{DENIED.decode()}"'
    assert b"displayName(), version()" in server.received[1]
    assert "password" in str(caught.value.hint)


def test_a_missing_table_asks_no_second_question(stub: Stubs) -> None:
    server = stub(refusal(404, b"Code: 60. x", 60))
    with pytest.raises(DatabaseError):
        link_to(f"http://{server.address}").query("SELECT 1")
    assert len(server.received) == 1


def test_begin_greets_once(stub: Stubs) -> None:
    server = stub(ok(), ok())
    link = link_to(f"http://{server.address}")
    link.begin()
    link.begin()
    link.execute("SELECT 1")
    link.begin()
    assert len(server.received) == 2


def test_a_connection_closed_meanwhile_is_opened_anew(stub: Stubs) -> None:
    server = stub(ok(), ok(b"", "Connection: close"), ok())
    link = link_to(f"http://{server.address}")
    link.execute("SELECT 1")
    server.open[0].shutdown(2)
    wait_until(link._wire.is_stale)  # type: ignore[union-attr]
    link.execute("SELECT 2")
    link.execute("SELECT 3")
    assert server.connections == 3


def test_an_answer_that_got_lost_is_not_asked_for_again(stub: Stubs) -> None:
    server = stub(ok(), None, ok())
    link = link_to(f"http://{server.address}")
    link.execute("SELECT 1")
    with pytest.raises(LostError) as caught:
        link.execute("CREATE TABLE t")
    assert caught.value.driver_text == "driver: bad connection"
    assert len(server.received) == 2
    link.execute("SELECT 2")
    assert len(server.received) == 3


def test_a_server_that_says_nothing(stub: Stubs) -> None:
    server = stub(b"")
    with pytest.raises(LostError) as caught:
        link_to(f"http://{server.address}/d?read_timeout=100ms").execute("SELECT 1")
    assert caught.value.driver_text == (
        f'Post "http://default@{server.address}?client_protocol_version=54460&database=d&default_format=Native": '
        "net/http: timeout awaiting response headers"
    )


def test_the_deadline(stub: Stubs) -> None:
    server = stub(b"")
    with pytest.raises(DeadlineError) as caught:
        link_to(f"http://{server.address}", Patience(Deadline(0.2), None)).query("SELECT 1")
    assert caught.value.driver_text.startswith(f'sendQuery: Post "http://default@{server.address}?')
    assert caught.value.driver_text.endswith(": context deadline exceeded")


def test_the_port_of_the_native_protocol(stub: Stubs) -> None:
    advice = b"Port 9000 is for clickhouse-client program.\r\nYou must use port 8123 for HTTP.\r\n"
    answer = b"HTTP/1.0 400 Bad Request\r\n\r\n" + advice
    server = stub(answer, answer)
    with pytest.raises(DatabaseError) as caught:
        link_to(f"http://{server.address}").query("SELECT 1")
    assert caught.value.driver_text == f'{HELLO}[HTTP 400] response body: "{advice.decode()}"'
    assert "clickhouse://" in str(caught.value.hint)


def test_another_protocol_altogether(stub: Stubs) -> None:
    server = stub(b"SSH-2.0-OpenSSH\r\n")
    with pytest.raises(ConnectError, match="does not speak HTTP") as caught:
        link_to(f"http://{server.address}").query("SELECT 1")
    assert "malformed HTTP response" in caught.value.driver_text


def test_the_next_host_is_tried(stub: Stubs) -> None:
    server = stub(ok(b"a\tb\nString\tString\n26.9\td\n"))
    link = link_to(f"http://me@127.0.0.1:{free_port()},{server.address}")
    facts = link.facts()
    assert f"{facts.host}:{facts.port}" == server.address
    assert (facts.engine, facts.version, facts.database, facts.role) == ("clickhouse", "26.9", "d", "me")


def test_the_greeting_behind_a_refusal_has_no_part_in_its_query_id(stub: Stubs) -> None:
    hello = b"a\tb\tc\td\nString\tString\tUInt32\tString\nn\t26.9\t1\tUTC\n"
    server = stub(
        refusal(500, b"Code: 57. DB::Exception: t is there. (TABLE_ALREADY_EXISTS)\n", 57), ok(hello)
    )
    with pytest.raises(DatabaseError, match="t is there"):
        link_to(f"http://{server.address}").execute(
            "CREATE", query_id="run-1", settings={"async_insert": "0"}
        )
    assert b"query_id=run-1" in server.received[0]
    assert b"displayName" in server.received[1]
    assert b"query_id" not in server.received[1]
    assert b"async_insert" not in server.received[1]


def test_a_server_of_2018(stub: Stubs) -> None:
    """It numbers its errors in the text alone, and knows no displayName()."""
    there = b"Code: 57, e.displayText() = DB::Exception: Table t already exists., e.what() = DB::Exception\n"
    unknown = (
        b"Code: 46, e.displayText() = DB::Exception: Unknown function displayName, e.what() = DB::Exception\n"
    )
    server = stub(refusal(500, there), refusal(404, unknown), refusal(500, there))
    link = link_to(f"http://{server.address}")
    for _ in range(2):
        with pytest.raises(DatabaseError) as caught:
            link.execute("CREATE TABLE t")
        assert (caught.value.message, caught.value.number) == ("Table t already exists.", 57)
    assert len(server.received) == 3


def test_no_host_answers_and_the_password_stays_hidden() -> None:
    port = free_port()
    with pytest.raises(ConnectError) as caught:
        link_to(f"http://u:hunter@127.0.0.1:{port}/d").query("SELECT 1")
    assert caught.value.driver_text.startswith(f'{HELLO}Post "http://u:***@127.0.0.1:{port}?')
    assert "hunter" not in f"{caught.value.driver_text}{caught.value.message}{caught.value.hint}"


def test_credentials_with_tls(stub: Stubs) -> None:
    settings = read_dsn("https://u:pw@h:1?secure=true")
    assert HttpLink(settings, Patience(None, None))._credentials() == (
        "X-ClickHouse-User: u", "X-ClickHouse-Key: pw", "X-ClickHouse-SSL-Certificate-Auth: off",
    )  # fmt: skip
    settings.password = ""
    assert (
        HttpLink(settings, Patience(None, None))._credentials()[1] == "X-ClickHouse-SSL-Certificate-Auth: on"
    )
    settings.password = "x\r\nInjected: 1"
    with pytest.raises(ConnectError, match="line break"):
        HttpLink(settings, Patience(None, None))._request("SELECT 1")


def test_a_real_server(clickhouse: ClickhouseServer, clickhouse_database: str) -> None:
    link = link_to(clickhouse.url(clickhouse_database))
    link.execute("CREATE TABLE t (n Int8, s Nullable(String)) ENGINE = MergeTree ORDER BY n")
    link.execute("INSERT INTO t VALUES (1, 'a\\tb'), (2, NULL)")
    answer = link.query("SELECT * FROM t ORDER BY n")
    assert answer == (["Int8", "Nullable(String)"], [["1", "a\tb"], ["2", None]], ["n", "s"])
    assert link.facts().database == clickhouse_database
    threads = threading.active_count()
    link.close()
    link.close()
    assert threading.active_count() == threads


PROGRAM = """
import sys
before = set(sys.modules)
from greylag.databases.base import Deadline
from greylag.databases.registry import ENGINES
session = ENGINES["clickhouse"](sys.argv[1], "t", Deadline(20), None)
print(session.history())
print(sorted({"socket", "ssl", "http.client", "urllib.parse", "json", "subprocess", "re", "typing", "logging", "chdb",
              "clickhouse_driver", "encodings.idna"} & (set(sys.modules) - before)))
"""


def test_little_is_imported_on_the_way(stub: Stubs) -> None:
    server = stub(ok(b"version_id\tis_applied\nInt64\tUInt8\n0\t1\n"))
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, f"http://{server.address}"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout.splitlines() == ["[Applied(version=0, applied=True)]", "[]"], done.stderr


def test_a_statement_with_a_name_and_settings_of_its_own(stub: Stubs) -> None:
    server = stub(ok(), ok(), ok(ROWS))
    link = link_to(f"http://{server.address}/d?x=1")
    assert link.address == server.address
    link.execute("SELECT 1", query_id="run-1", settings={"async_insert": "0"})
    link.execute("SELECT 2")
    link.query("SELECT 3", query_id="run-3")
    queries = [parse_qs(urlsplit(head.split(b" ", 2)[1].decode()).query) for head in server.received]
    assert (queries[0]["query_id"], queries[0]["async_insert"], queries[0]["x"]) == (["run-1"], ["0"], ["1"])
    assert "query_id" not in queries[1]
    assert "async_insert" not in queries[1]
    assert queries[2]["query_id"] == ["run-3"]
