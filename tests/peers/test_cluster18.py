"""What a real cluster does with ON CLUSTER: the facts on which careful runs and the emulated cluster stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.plugins.clickhouse import Refused
from tests.plugins.embedded import wait_until

if TYPE_CHECKING:
    from tests.plugins.cluster18 import Cluster18

pytestmark = pytest.mark.peer

TABLE = (
    "CREATE TABLE {name} ON CLUSTER '{{cluster}}' (n UInt32) "
    "ENGINE = ReplicatedMergeTree('/{database}/{name}', '{{replica}}') ORDER BY n"
)
QUORUM = {"insert_quorum": 2, "insert_quorum_timeout": 5000}


def table(name: str, database: str) -> str:
    return TABLE.format(name=f"{database}.{name}", database=database)


def tables(cluster: Cluster18, database: str) -> list[list[str]]:
    text = f"SELECT name FROM system.tables WHERE database = '{database}' ORDER BY name"
    return [[name for (name,) in rows] for rows in cluster.everywhere(text)]


def test_a_row_per_host(cluster18: Cluster18, cluster_database: str) -> None:
    rows = cluster18.node(1).query(table("hits", cluster_database))
    assert sorted(row[:4] for row in rows) == sorted(
        ["127.0.0.1", node.native, 0, ""] for node in cluster18.nodes
    )
    assert [row[4:] for row in rows] == [[1, 0], [0, 0]]
    assert tables(cluster18, cluster_database) == [["hits"], ["hits"]]


def test_one_host_fails_and_the_other_does_it(cluster18: Cluster18, cluster_database: str) -> None:
    name = f"{cluster_database}.hits"
    cluster18.node(2).query(f"CREATE TABLE {name} (n UInt32) ENGINE = Memory")
    with pytest.raises(
        Refused, match=f"There was an error on .127.0.0.1:{cluster18.node(2).native}.: Code: 57"
    ):
        cluster18.node(1).query(f"CREATE TABLE {name} ON CLUSTER my_cluster (n UInt32) ENGINE = Memory")
    assert tables(cluster18, cluster_database) == [["hits"], ["hits"]]


def test_a_host_that_is_down_catches_up(cluster18: Cluster18, cluster_database: str) -> None:
    cluster18.node(2).kill()
    with pytest.raises(Refused, match=r"Code: 159.*1 unfinished hosts") as refused:
        cluster18.node(1).query(table("hits", cluster_database), distributed_ddl_task_timeout=1)
    assert "they are going to execute the query in background" in str(refused.value)
    cluster18.node(2).start()
    wait_until(lambda: tables(cluster18, cluster_database) == [["hits"], ["hits"]])


def test_a_quorum_needs_both(cluster18: Cluster18, cluster_database: str) -> None:
    one, two = cluster18.nodes
    name = f"{cluster_database}.hits"
    one.query(table("hits", cluster_database))
    one.query(f"INSERT INTO {name} VALUES (7)", **QUORUM)
    assert two.query(f"SELECT n FROM {name}", select_sequential_consistency=1) == [[7]]
    two.kill()
    wait_until(lambda: one.query("SELECT active_replicas FROM system.replicas WHERE table = 'hits'") == [[1]])
    with pytest.raises(Refused, match="Code: 285"):
        one.query(f"INSERT INTO {name} VALUES (8)", **QUORUM)
