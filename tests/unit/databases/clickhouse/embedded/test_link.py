"""Statements to an embedded engine, and everything that can end it."""

from __future__ import annotations

import os
import signal
import threading
from typing import TYPE_CHECKING

import pytest

from greylag.databases.base import Deadline
from greylag.databases.clickhouse.embedded import link as module
from greylag.errors import ConnectError, DatabaseError, DeadlineError, LostError
from tests.plugins.embedded import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from greylag.databases.clickhouse.embedded.link import EmbeddedLink

    Links = Callable[..., EmbeddedLink]

TABLE = "CREATE TABLE t (n Int8) ENGINE = MergeTree ORDER BY n"


def test_statements_and_rows_stay(links: Links, tmp_path: Path) -> None:
    link = links("?database=audit")
    facts = link.facts()
    assert (facts.engine, facts.host, facts.database) == ("clickhouse", str(tmp_path / "db"), "audit")
    assert facts.version[0].isdigit()
    link.execute(TABLE)
    link.execute("INSERT INTO t VALUES (1), (2)")
    link.close()
    link.close()
    assert link.query("SELECT n FROM audit.t ORDER BY n") == (["Int8"], [["1"], ["2"]], ["n"])


def test_a_refusal(links: Links) -> None:
    link = links()
    link.begin()
    with pytest.raises(DatabaseError) as caught:
        link.query("SELECT * FROM missing")
    assert (caught.value.number, caught.value.no_history) == (60, True)
    assert caught.value.driver_text.startswith(
        "code: 60, message: Unknown table expression identifier 'missing'"
    )
    assert link.query("SELECT 1").rows == [["1"]]


def test_several_statements_are_refused_as_by_a_server(links: Links) -> None:
    link = links()
    with pytest.raises(DatabaseError, match="Multi-statements are not allowed") as caught:
        link.execute("SELECT 1; SELECT 2")
    assert caught.value.number == 62
    link.execute("SELECT ';' ;")


def test_text_that_is_not_utf_8(links: Links) -> None:
    with pytest.raises(DatabaseError, match="UTF-8"):
        links().execute("SELECT '\udcff'")


def test_settings(links: Links) -> None:
    link = links("?max_threads=1&final=true")
    assert link.query("SELECT getSetting('max_threads'), getSetting('final')").rows == [["1", "true"]]
    with pytest.raises(DatabaseError) as caught:
        links("/other?sslmode=disable").begin()
    assert caught.value.number == 115


def test_statements_for_a_cluster_run_here_and_that_is_said_once(links: Links) -> None:
    said: list[str] = []
    link = links(said=said)
    link.execute(
        "CREATE TABLE r ON CLUSTER c (n Int8) ENGINE = ReplicatedMergeTree('/r', '{replica}') ORDER BY n"
    )
    link.execute("INSERT INTO r VALUES (1)")
    link.execute("DROP TABLE r ON CLUSTER c")
    assert said == [module._REWRITTEN]


def test_a_second_opener_waits_and_says_so(links: Links) -> None:
    said: list[str] = []
    first, second = links(), links(said=said)
    first.execute(TABLE)
    waiter = threading.Thread(target=second.execute, args=("INSERT INTO t VALUES (1)",))
    waiter.start()
    wait_until(lambda: said)
    assert f"is in use by process {os.getpid()}: waiting" in said[0]
    first.close()
    waiter.join(60)
    assert second.query("SELECT n FROM t").rows == [["1"]]


def test_waiting_ends(links: Links, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_WAITING", 0.2)
    links().begin()
    with pytest.raises(ConnectError, match=f"still in use by process {os.getpid()}"):
        links(said=[]).begin()
    with pytest.raises(DeadlineError):
        links(said=[], deadline=Deadline(0.1)).begin()


def test_an_engine_that_is_killed(links: Links) -> None:
    link = links()
    link.execute(TABLE)
    link.execute("INSERT INTO t VALUES (1)")
    child = link._child
    assert child is not None
    threading.Timer(0.3, os.kill, (child._process.pid, signal.SIGKILL)).start()
    with pytest.raises(LostError, match="the embedded ClickHouse ended"):
        link.execute("SELECT sleep(3)")
    assert link.query("SELECT n FROM t").rows == [["1"]]


def test_the_deadline_ends_the_engine(links: Links) -> None:
    link = links(deadline=Deadline(2))
    link.begin()
    with pytest.raises(DeadlineError):
        link.execute("SELECT sleep(3)")
    assert link._child is None


def test_an_answer_that_takes_too_long(links: Links) -> None:
    link = links()
    link.begin()
    link._settings.read_timeout = 0.1
    with pytest.raises(LostError, match=r"no answer within 0.1 s"):
        link.execute("SELECT sleep(2)")


def test_the_package_is_missing(links: Links, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "chdb.py").write_text("raise ImportError('no such engine')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(ConnectError, match="no such engine") as caught:
        links().begin()
    assert "greylag[clickhouse]" in str(caught.value.hint)


def test_an_engine_that_does_not_start(links: Links, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "chdb.py").write_text("raise SystemExit('broken')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(ConnectError, match="did not start"):
        links().begin()


def test_behind_a_setting_of_one_statement_the_one_of_the_dsn_holds_again(links: Links) -> None:
    link = links("?mutations_sync=2&async_insert=1")
    asked = "SELECT getSetting('mutations_sync'), getSetting('async_insert')"
    one = {"mutations_sync": "0", "async_insert": "0"}
    assert link.query(asked, settings=one).rows == [["0", "false"]]
    assert link.query(asked).rows == [["2", "true"]]


def test_rows_are_written_at_once(links: Links) -> None:
    assert links().query("SELECT getSetting('async_insert')").rows == [["false"]]


def test_settings_of_one_statement_are_gone_with_it(links: Links) -> None:
    link = links()
    asked = "SELECT getSetting('mutations_sync'), getSetting('async_insert')"
    before = link.query(asked).rows
    link.execute("SELECT 1", query_id="no engine's business", settings={"mutations_sync": "0"})
    assert link.query(asked, settings={"mutations_sync": "2", "async_insert": "0"}).rows == [["2", "false"]]
    assert link.query(asked).rows == before
    assert link.address
