"""greylag on an emulated cluster of two nodes with the SQL of today, and the real goose beside it."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.faults.cluster_story import Logs, apart_from_the_node, end

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.plugins.emulated_cluster import EmulatedCluster

UP = (
    """CREATE TABLE hits ON CLUSTER '{{cluster}}' (
    id UUID DEFAULT generateUUIDv7(), kind LowCardinality(String), at DateTime64(3, 'UTC'))
    ENGINE = ReplicatedMergeTree('/clickhouse/{{shard}}/{database}/hits', '{{replica}}')
    PARTITION BY toYYYYMM(at) ORDER BY (kind, at) TTL toDateTime(at) + INTERVAL 5 YEAR""",
    """CREATE TABLE daily ON CLUSTER '{{cluster}}' (day Date, kind LowCardinality(String), hits UInt64)
    ENGINE = ReplicatedSummingMergeTree('/clickhouse/{{shard}}/{database}/daily', '{{replica}}') ORDER BY (day, kind)""",
    """CREATE MATERIALIZED VIEW daily_of_hits ON CLUSTER '{{cluster}}' TO daily
    AS SELECT toDate(at) AS day, kind, count() AS hits FROM hits GROUP BY day, kind""",
    "ALTER TABLE hits ON CLUSTER '{{cluster}}' ADD INDEX by_kind kind TYPE set(100) GRANULARITY 4",
)
ROWS = (
    "INSERT INTO hits (kind, at) SELECT 'old', toDateTime64('2026-01-01 00:00:00', 3, 'UTC') FROM numbers(10)"
)
DOWN = """DROP VIEW daily_of_hits ON CLUSTER '{cluster}' SYNC;
DROP TABLE daily ON CLUSTER '{cluster}' SYNC;
DROP TABLE hits ON CLUSTER '{cluster}' SYNC"""
THERE = [["daily"], ["daily_of_hits"], ["hits"]]
SHORT = ("--yes", "--lock-budget", "1s")


@pytest.fixture
def logs(emulated_cluster: EmulatedCluster, emulated_database: str, tmp_path: Path) -> Iterator[Logs]:
    made = Logs(emulated_cluster, emulated_database, tmp_path)
    made.write("00001_hits.sql", *UP, down=DOWN)
    made.write("00002_rows.sql", ROWS, down="SELECT 1")
    yield made
    made.close()


def tables(logs: Logs) -> list[list[list[str]]]:
    text = (
        f"SELECT name FROM system.tables WHERE database = '{logs.database}' AND name NOT LIKE 'goose%' "
        "AND name NOT LIKE 'greylag%' ORDER BY name"
    )
    return logs.ask(text)


def sent(logs: Logs, words: str) -> int:
    """How often clients sent a statement that begins with these words, to either node."""
    nodes = logs.cluster.nodes
    lines = [line for node in nodes for line in node.statements(logs.database)]  # type: ignore[union-attr]
    return sum(line["text"].startswith(words) for line in lines)


def is_done(logs: Logs) -> None:
    assert tables(logs) == [THERE, THERE]
    assert logs.ask("SELECT count() FROM hits") == [[[10]], [[10]]]
    assert logs.ask("SELECT sum(hits) FROM daily") == [[[10]], [[10]]]
    assert logs.versions() == [[0, 1, 2]] * 2


def goose(program: Path, logs: Logs, number: int, verb: str) -> str:
    """What the real one says."""
    words = [str(program), "-dir", str(logs.folder), "clickhouse", logs.dsn(number), verb]
    answer = subprocess.run(words, capture_output=True, text=True, timeout=60)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout + answer.stderr


def test_all_hosts_do_it(logs: Logs) -> None:
    said = logs.run(1, "up", "--yes")
    assert said.code == 0, said.text
    is_done(logs)
    assert [sent(logs, each.format(database=logs.database)[:30]) for each in (UP[0], UP[3])] == [1, 1]
    said = logs.run(2, "down-to 0", "--yes")
    assert said.code == 0, said.text
    assert tables(logs) == [[], []]
    assert logs.versions() == [[0], [0]]


def test_goose_asks_each_node_for_its_own_history(goose_binary: Path, logs: Logs) -> None:
    """The trap: up through one node, and the other knows of nothing."""
    assert "successfully migrated database to version: 2" in goose(goose_binary, logs, 1, "up")
    assert "Pending" not in goose(goose_binary, logs, 1, "status")
    assert goose(goose_binary, logs, 2, "status").count("Pending") == 2


def test_greylag_answers_the_same_from_any_node(goose_binary: Path, logs: Logs) -> None:
    assert logs.run(1, "up", "--yes").code == 0
    for verb in ("status", "version", "history"):
        one, two = logs.run(1, verb), logs.run(2, verb)
        assert (one.code, apart_from_the_node(one)) == (two.code, apart_from_the_node(two)), verb
    assert "Pending" not in logs.run(2, "status").text
    # and goose reads the same rows, whichever node it asks
    assert "Pending" not in goose(goose_binary, logs, 1, "status")
    assert "Pending" not in goose(goose_binary, logs, 2, "status")


def test_what_goose_wrote_on_one_node_goes_to_all(goose_binary: Path, logs: Logs) -> None:
    goose(goose_binary, logs, 1, "up")
    logs.write(
        "00003_more.sql", "ALTER TABLE hits ON CLUSTER my_cluster ADD COLUMN who String", down="SELECT 1"
    )
    said = logs.run(1, "up", "--yes")
    assert said.code == 0, said.text
    assert "its rows are on all hosts" in said.text
    assert logs.versions() == [[0, 1, 2, 3]] * 2
    assert "Pending" not in goose(goose_binary, logs, 2, "status")
    # and so does what it writes from now on
    logs.write(
        "00004_last.sql", "ALTER TABLE hits ON CLUSTER my_cluster ADD COLUMN host String", down="SELECT 1"
    )
    goose(goose_binary, logs, 2, "up")
    assert "Pending" not in logs.run(1, "status").text
    assert logs.versions() == [[0, 1, 2, 3, 4]] * 2


def test_one_host_fails(logs: Logs) -> None:
    one, two = logs.cluster.nodes
    two.query("CREATE TABLE daily (n UInt8) ENGINE = Memory", logs.database)
    said = logs.run(1, "up", *SHORT)
    assert said.code == 1, said.text
    assert f"127.0.0.1:{two.port} failed" in said.text
    assert "already exists" in said.text
    assert f"127.0.0.1:{one.port} has done it" in said.text
    assert logs.versions() == [[0], [0]]
    two.query("DROP TABLE daily SYNC", logs.database)
    said = logs.run(2, "up", "--yes")
    assert said.code == 0, said.text
    is_done(logs)


def test_a_host_that_stays_away_is_named(logs: Logs) -> None:
    one, two = logs.cluster.nodes
    assert logs.run(1, "up-to 1", "--yes").code == 0
    logs.write(
        "00003_more.sql",
        "ALTER TABLE hits ON CLUSTER my_cluster ADD COLUMN who LowCardinality(String)",
        down="SELECT 1",
    )
    two.kill()
    said = logs.run(1, "up", *SHORT)
    assert said.code == 1, said.text
    assert f"127.0.0.1:{two.port} has not done it yet" in said.text
    assert f"127.0.0.1:{one.port} has done it" in said.text
    two.start()
    said = logs.run(2, "up", *SHORT)
    assert said.code == 0, said.text
    assert logs.columns() == [["id", "kind", "at", "who"]] * 2


@pytest.mark.parametrize(
    ("number", "arrives"),
    [(0, True), (2, False), (3, True)],
    ids=["behind CREATE TABLE", "before CREATE VIEW", "behind ADD INDEX"],
)
def test_killed_on_one_node_and_resumed_on_the_other(logs: Logs, number: int, arrives: bool) -> None:
    gate = logs.gate(1)
    gate.killed_at(UP[number].format(database=logs.database), arrives=arrives)
    said = logs.run(2, "up", *SHORT)
    assert said.code == 0, said.text
    is_done(logs)


def test_two_runners_through_two_nodes(logs: Logs) -> None:
    runs = [logs.start(logs.dsn(number), "up", "--yes") for number in (1, 2)]
    ended = [end(run) for run in runs]
    assert [each.code for each in ended] == [0, 0], [each.text for each in ended]
    is_done(logs)
    assert sent(logs, "INSERT INTO hits") == 1


def test_a_swap_on_every_host(logs: Logs) -> None:
    assert logs.run(1, "up", "--yes").code == 0
    new = UP[0].replace("hits", "hits_new").replace("(kind, at)", "(at, kind)")
    logs.write(
        "00003_order.sql", new, "INSERT INTO hits_new SELECT * FROM hits",
        "EXCHANGE TABLES hits AND hits_new ON CLUSTER '{{cluster}}'", "DROP TABLE hits_new ON CLUSTER '{{cluster}}' SYNC",
        down="SELECT 1",
    )  # fmt: skip
    gate = logs.gate(1)
    gate.killed_at("EXCHANGE TABLES", arrives=True)
    said = logs.run(2, "up", *SHORT)
    assert said.code == 0, said.text
    assert logs.ask(
        "SELECT sorting_key FROM system.tables WHERE database = currentDatabase() AND name = 'hits'"
    ) == ([[["at, kind"]]] * 2)
    assert logs.ask("SELECT count() FROM hits") == [[[10]], [[10]]]
