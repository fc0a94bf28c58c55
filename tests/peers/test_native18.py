"""The native protocol on a real server, the only one of 2018 that can be had: what it can do there, and what not."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from greylag.databases.clickhouse.dsn import read_dsn
from greylag.databases.clickhouse.native import NativeLink
from greylag.databases.clickhouse.wire import Patience
from greylag.errors import ConnectError, DatabaseError, LostError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.plugins.cluster18 import Cluster18, Node

pytestmark = pytest.mark.peer

pytest.importorskip("clickhouse_driver", reason="the package clickhouse-driver is not installed")


@pytest.fixture
def node(cluster18: Cluster18) -> Node:
    return cluster18.node(1)


@pytest.fixture
def link(node: Node, cluster_database: str) -> Iterator[NativeLink]:
    made = NativeLink(read_dsn(node.native_dsn(cluster_database)), Patience(None, None))
    yield made
    made.close()


def refused(link: NativeLink, text: str) -> DatabaseError:
    with pytest.raises(DatabaseError) as caught:
        link.query(text)
    return caught.value


def call(*words: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", *words], capture_output=True, text=True, timeout=60
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def test_statements_and_rows(node: Node, link: NativeLink, cluster_database: str) -> None:
    facts = link.facts()
    assert (facts.version, facts.port, facts.database) == ("18.16.1", node.native, cluster_database)
    link.execute("CREATE TABLE t (id UInt64, s Nullable(String), at DateTime) ENGINE = MergeTree ORDER BY id")
    link.execute("INSERT INTO t SELECT number, if(number = 1, NULL, 'a\\tb'), toDateTime(0) FROM numbers(2)")
    answer = link.query("SELECT id, s FROM t ORDER BY id")
    assert (answer.types, answer.rows) == (["UInt64", "Nullable(String)"], [["0", "a\tb"], ["1", None]])


def test_the_connection_serves_on_behind_every_refusal(link: NativeLink) -> None:
    """This server leaves what came with a statement that it could not parse to the next one."""
    for text, number in (
        ("SELECT nope", 47),
        ("SELECT 1; SELECT 2", 62),
        ("SELEC", 62),
        ("DROP TABLE nope", 60),
    ):
        assert refused(link, text).number == number
        assert link.query("SELECT 1").rows == [["1"]], text


def test_a_session_keeps_what_is_set(link: NativeLink) -> None:
    link.execute("SET max_threads = 3")
    setting = "SELECT value FROM system.settings WHERE name = 'max_threads'"
    assert link.query(setting).rows == [["3"]]
    assert link.query(setting, settings={"max_threads": "2"}).rows == [["2"]]


def test_a_statement_is_known_by_its_name(node: Node, link: NativeLink) -> None:
    link.query("SELECT 1", query_id="the-name")
    link.execute("SYSTEM FLUSH LOGS")
    rows = node.query("SELECT DISTINCT query FROM system.query_log WHERE query_id = 'the-name'")
    assert rows == [["SELECT 1"]]


def test_values_are_not_read_there_and_it_says_so(link: NativeLink) -> None:
    link.execute("CREATE TABLE v (x Int8) ENGINE = Memory")
    error = refused(link, "INSERT INTO v VALUES (1)")
    assert "nothing was inserted" in error.message
    assert "HTTP port" in str(error.hint)
    assert link.query("SELECT count() FROM v").rows == [["0"]]


def test_the_server_goes_while_a_statement_runs(node: Node, link: NativeLink) -> None:
    link.begin()
    threading.Timer(0.3, node.kill).start()
    with pytest.raises(LostError):
        link.query("SELECT sleep(3)")
    with pytest.raises(ConnectError):
        link.query("SELECT 1")
    node.start()
    assert link.query("SELECT 1").rows == [["1"]]


def test_the_next_host_when_one_is_down(cluster18: Cluster18, node: Node) -> None:
    node.kill()
    hosts = ",".join(f"127.0.0.1:{each.native}" for each in cluster18.nodes)
    link = NativeLink(read_dsn(f"tcp://{hosts}/default"), Patience(None, None))
    assert link.facts().port == cluster18.node(2).native
    link.close()


def test_goose_reads_a_history_over_the_native_protocol(
    node: Node, cluster_database: str, tmp_path: Path
) -> None:
    (tmp_path / "00001_a.sql").write_text("-- +goose Up\nSELECT 1;\n")
    (tmp_path / "00002_b.sql").write_text("-- +goose Up\nSELECT 2;\n")
    node.query(
        "CREATE TABLE goose_db_version (version_id Int64, is_applied UInt8, date Date DEFAULT now(), "
        "tstamp DateTime DEFAULT now()) ENGINE = MergeTree() ORDER BY date",
        cluster_database,
    )
    node.query(
        "INSERT INTO goose_db_version (version_id, is_applied) VALUES (0, 1), (1, 1)", cluster_database
    )
    words = ("greylag.cli.goose", "-dir", str(tmp_path), "clickhouse", node.native_dsn(cluster_database))
    code, said = call(*words, "status")
    assert code == 0
    assert "Pending                  -- 00002_b.sql" in said
    assert said.count("Pending") == 1
    assert call(*words, "version")[1].rstrip().endswith("goose: version 1")


def test_the_other_port_is_named_both_ways(node: Node, cluster_database: str, tmp_path: Path) -> None:
    (tmp_path / "00001_a.sql").write_text("-- +goose Up\nSELECT 1;\n")
    began = time.monotonic()
    for url, words in (
        (
            f"tcp://127.0.0.1:{node.port}/{cluster_database}",
            "is an HTTP port, and tcp:// asks for the native",
        ),
        (f"http://127.0.0.1:{node.native}/{cluster_database}", f"You must use port {node.port} for HTTP"),
    ):
        code, said = call("greylag.cli.goose", "-dir", str(tmp_path), "clickhouse", url, "status")
        assert code == 1
        assert words in said
        code, said = call("greylag", "status", "--dir", str(tmp_path), "--dsn", url)
        assert code == 1
        assert "native" in said
    assert time.monotonic() - began < 30, "it waits for a greeting that never comes"


def test_a_careful_run_says_what_is_missing_and_keeps_no_lock(
    node: Node, cluster_database: str, tmp_path: Path
) -> None:
    (tmp_path / "00001_a.sql").write_text("-- +goose Up\nSELECT 1;\n")
    place = ("--dir", str(tmp_path), "--dsn", node.native_dsn(cluster_database))
    for _ in range(2):
        code, said = call("greylag", "up", *place)
        assert code == 1
        assert "reads no VALUES of an INSERT over the native protocol" in said
        assert "taken over" not in said
    names = node.query("SELECT name FROM system.tables WHERE database = currentDatabase()", cluster_database)
    assert [name for (name,) in names if name.startswith("greylag_lock")] == []
