"""greylag on a real cluster of two nodes: hosts that fail, are down and come back, kills, two runners."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.faults.cluster_story import DOWN, UP, Logs, apart_from_the_node, end
from tests.plugins.embedded import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.plugins.cluster18 import Cluster18

COLUMNS = ["id", "kind", "weight"]
LONG, SHORT = ("--yes", "--lock-budget", "30s"), ("--yes", "--lock-budget", "2s")
"""How long a run waits for a host: long enough to come back, and not."""
LOCK = "CREATE TABLE `{database}`.`greylag_lock` ON CLUSTER"
VERSION = "INSERT INTO `{database}`.`goose_db_version` (version_id, is_applied) VALUES (1,"


@pytest.fixture
def logs(cluster18: Cluster18, cluster_database: str, tmp_path: Path) -> Iterator[Logs]:
    made = Logs(cluster18, cluster_database, tmp_path)
    made.write("00001_hits.sql", *UP[:2], down=DOWN)
    made.write("00002_rows.sql", UP[2], down="SELECT 1")
    yield made
    made.close()


def host(logs: Logs, number: int) -> str:
    """As servers call it."""
    return f"127.0.0.1:{logs.cluster.node(number).native}"  # type: ignore[union-attr]  # the real ones have it


def queued(logs: Logs, number: int, words: str) -> int:
    """How often a statement was given to the whole cluster."""
    text = (
        "SELECT count() FROM system.zookeeper WHERE path = '/clickhouse/task_queue/ddl' "
        f"AND value LIKE '%{logs.database}%' AND value LIKE '%{words}%'"
    )
    return int(logs.cluster.node(number).query(text)[0][0])


def running(logs: Logs, number: int, words: str) -> bool:
    text = f"SELECT count() FROM system.processes WHERE query LIKE '{words}%'"
    return logs.cluster.node(number).query(text) != [[0]]


def lose(logs: Logs, number: int) -> None:
    """Kill a node, and wait until the other one knows: started sooner it would not take part for ten seconds."""
    logs.cluster.node(number).kill()
    other = logs.cluster.node(3 - number)
    alive = f"SELECT count() FROM system.replicas WHERE database = '{logs.database}' AND active_replicas > 1"
    wait_until(lambda: other.query(alive) == [[0]])


def is_done(logs: Logs) -> None:
    """All of it is there, on both nodes, and once."""
    assert logs.columns() == [COLUMNS, COLUMNS]
    wait_until(lambda: logs.ask("SELECT count(), sum(weight) FROM hits") == [[[10, 10]]] * 2)
    wait_until(lambda: logs.versions() == [[0, 1, 2]] * 2)
    assert queued(logs, 1, "CREATE TABLE%hits") == 1
    assert queued(logs, 1, "ADD COLUMN%weight") == 1


def test_all_hosts_do_it(logs: Logs) -> None:
    said = logs.run(1, "up", "--yes")
    assert said.code == 0, said.text
    is_done(logs)
    for verb in ("status", "version", "history", "plan"):
        one, two = logs.run(1, verb), logs.run(2, verb)
        assert (one.code, apart_from_the_node(one)) == (two.code, apart_from_the_node(two)), verb
    assert "Pending" not in logs.run(2, "status").text
    again = logs.run(2, "up", "--yes")
    assert again.code == 0, again.text
    is_done(logs)
    # a row that a quorum has is one that another node shows to who asks for all of them
    text = "SELECT version, statement, state FROM greylag_journal ORDER BY id"
    one, two = (
        node.query(text, logs.database, select_sequential_consistency=1) for node in logs.cluster.nodes
    )
    assert one == two
    assert [2, 0, "done"] in one


def test_there_through_one_and_back_through_the_other(logs: Logs) -> None:
    assert logs.run(1, "up", "--yes").code == 0
    said = logs.run(2, "down-to 0", "--yes")
    assert said.code == 0, said.text
    wait_until(lambda: logs.versions() == [[0], [0]])
    assert logs.columns() == [[], []]


def test_one_host_fails(logs: Logs) -> None:
    logs.cluster.node(2).query(f"CREATE TABLE {logs.database}.hits (n UInt8) ENGINE = Memory")
    said = logs.run(1, "up", *SHORT)
    assert said.code == 1, said.text
    assert "57" in said.text
    assert f"{host(logs, 2)} failed" in said.text
    assert f"{host(logs, 1)} has done it" in said.text
    assert logs.versions() == [[0], [0]]
    assert "Unfinished" in logs.run(2, "status").text
    logs.cluster.node(2).query(f"DROP TABLE {logs.database}.hits")
    said = logs.run(2, "up", "--yes")
    assert said.code == 0, said.text
    assert logs.columns() == [COLUMNS, COLUMNS]
    assert logs.versions() == [[0, 1, 2]] * 2


def test_it_is_made_good_on_the_host_that_failed(logs: Logs) -> None:
    one, two = logs.cluster.nodes
    two.query(f"CREATE TABLE {logs.database}.hits (n UInt8) ENGINE = Memory")
    assert logs.run(1, "up", "--yes").code == 1
    two.query(f"DROP TABLE {logs.database}.hits")
    said = logs.run(1, "up", "--yes")
    assert said.code == 1
    assert f"let the connection string name {host(logs, 2)} too" in said.text
    assert "ORDER BY id; then run the same command again" in said.text
    both = f"http://127.0.0.1:{one.port},127.0.0.1:{two.port}/{logs.database}"
    said = end(logs.start(both, "up", "--yes"))
    assert said.code == 0, said.text
    assert f"made good on {host(logs, 2)}" in said.text
    is_done(logs)


def test_every_host_fails(logs: Logs) -> None:
    for node in logs.cluster.nodes:
        node.query(f"CREATE TABLE {logs.database}.hits (n UInt8) ENGINE = Memory")
    said = logs.run(1, "up", "--yes")
    assert said.code == 1
    assert "57" in said.text
    assert "every host" in said.text
    assert logs.versions() == [[0], [0]]


@pytest.mark.parametrize("first", [0, 1], ids=["CREATE", "ALTER"])
def test_a_host_comes_back_while_the_run_waits(logs: Logs, first: int) -> None:
    if first:
        logs.write("00001_hits.sql", UP[0], down=DOWN)
        assert logs.run(1, "up-to 1", "--yes").code == 0
        logs.write("00002_rows.sql", *UP[1:], down="SELECT 1")
    lose(logs, 2)
    words = ("CREATE TABLE%hits", "ADD COLUMN%weight")[first]
    run = logs.start(logs.dsn(1), "up", *LONG)
    wait_until(lambda: queued(logs, 1, words) or run.poll() is not None)
    logs.cluster.node(2).start()
    said = end(run)
    assert said.code == 0, said.text
    assert host(logs, 2) in said.text
    is_done(logs)


def test_a_host_that_stays_away_is_named(logs: Logs) -> None:
    two = logs.cluster.node(2)
    assert logs.run(1, "up", "--yes").code == 0
    logs.write(
        "00003_who.sql", "ALTER TABLE hits ON CLUSTER my_cluster ADD COLUMN who String", down="SELECT 1"
    )
    lose(logs, 2)
    said = logs.run(1, "up", *SHORT)
    assert said.code == 1, said.text
    assert f"{host(logs, 2)} has not done it yet" in said.text
    assert f"{host(logs, 1)} has done it" in said.text
    assert "without a quorum" in said.text
    two.start()
    said = logs.run(2, "up", *LONG)
    assert said.code == 0, said.text
    assert logs.columns() == [[*COLUMNS, "who"]] * 2
    assert queued(logs, 1, "ADD COLUMN%who") == 1
    wait_until(lambda: logs.versions() == [[0, 1, 2, 3]] * 2)


@pytest.mark.parametrize(
    ("statement", "arrives"),
    [
        (LOCK, True),
        (UP[0], True),
        (UP[1], False),
        (VERSION, False),
        (VERSION, True),
        (UP[2], False),
        (UP[2], True),
    ],
    ids=[
        *("behind the lock", "behind CREATE", "before ALTER", "before the version", "behind the version"),
        *("before INSERT", "behind INSERT"),
    ],
)
def test_killed_on_one_node_and_resumed_on_the_other(logs: Logs, statement: str, arrives: bool) -> None:
    gate = logs.gate(1)
    gate.killed_at(statement.format(database=logs.database), arrives=arrives)
    # the next run looks into this node's log through the other one, which cannot have it written out
    logs.cluster.node(1).query("SYSTEM FLUSH LOGS")
    said = logs.run(2, "up", *LONG)
    assert said.code == 0, said.text
    is_done(logs)


def test_the_node_that_is_connected_to_dies(logs: Logs) -> None:
    logs.write("00002_rows.sql", "SELECT sleep(3)", UP[2], down="SELECT 1")
    run = logs.start(logs.dsn(1), "up", "--yes")
    wait_until(lambda: running(logs, 1, "SELECT sleep") or run.poll() is not None)
    lose(logs, 1)
    said = end(run)
    assert said.code == 1, said.text
    assert "closed the connection" in said.text
    logs.cluster.node(1).start()
    said = logs.run(2, "up", *LONG)
    assert said.code == 0, said.text
    is_done(logs)


def test_the_keeper_is_gone(logs: Logs) -> None:
    assert logs.run(1, "up-to 1", "--yes").code == 0
    logs.cluster.keeper.kill()  # type: ignore[union-attr]  # the real one has it
    wait_until(lambda: logs.ask("SELECT min(is_readonly) FROM system.replicas") == [[[1]], [[1]]])
    assert logs.run(1, "status").code == 0
    said = logs.run(1, "up", *SHORT)
    assert said.code == 1
    assert "it has lost the keeper" in said.text
    assert "nothing was written" in said.text
    assert logs.versions() == [[0, 1], [0, 1]]


def test_two_runners_through_two_nodes(logs: Logs) -> None:
    runs = [logs.start(logs.dsn(number), "up", "--yes") for number in (1, 2)]
    ended = [end(run) for run in runs]
    assert [each.code for each in ended] == [0, 0], [each.text for each in ended]
    is_done(logs)


def test_one_runner_waits_for_the_one_on_the_other_node(logs: Logs) -> None:
    logs.write("00003_slow.sql", "SELECT sleep(2)", down="SELECT 1")
    first = logs.start(logs.dsn(1), "up", "--yes")
    wait_until(lambda: logs.versions()[0] == [0, 1, 2] if logs.columns()[0] else first.poll() is not None)
    refused = logs.run(2, "up", "--yes", "--lock-wait", "0s")
    assert refused.code == 1, refused.text
    assert "another runner" in refused.text
    assert end(first).code == 0
    assert logs.run(2, "up", "--yes").code == 0


def test_a_mutation_is_over_on_every_host(logs: Logs) -> None:
    logs.write(
        "00003_heavier.sql",
        "ALTER TABLE hits ON CLUSTER my_cluster UPDATE weight = 5 WHERE id < 5",
        down="SELECT 1",
    )
    said = logs.run(1, "up", *LONG)
    assert said.code == 0, said.text
    assert logs.ask("SELECT sum(weight) FROM hits") == [[[30]], [[30]]]


def test_a_cluster_that_no_node_knows(logs: Logs) -> None:
    logs.configure("nowhere")
    said = logs.run(1, "up", "--yes")
    assert said.code == 1
    assert "knows no cluster nowhere" in said.text
    assert "my_cluster" in said.text
    assert logs.columns() == [[], []]
    assert logs.ask("SHOW TABLES") == [[], []]
