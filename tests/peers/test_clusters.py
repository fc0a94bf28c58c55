"""What ON CLUSTER and replicas do: the same of a real cluster of 2018 and of the emulated one of today."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.plugins.clickhouse import Refused
from tests.plugins.embedded import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.plugins.cluster18 import Cluster18
    from tests.plugins.emulated_cluster import EmulatedCluster

pytestmark = pytest.mark.peer

TABLE = (
    "CREATE TABLE {name} ON CLUSTER '{{cluster}}' (n UInt32) "
    "ENGINE = ReplicatedMergeTree('/{database}/{name}', '{{replica}}') ORDER BY n"
)
QUORUM = {"insert_quorum": 2, "insert_quorum_timeout": 5000}
QUEUED = "They are going to execute the query in background"


@pytest.fixture(params=["18", "emulated"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def cluster(kind: str, request: pytest.FixtureRequest) -> Cluster18 | EmulatedCluster:
    return request.getfixturevalue("cluster18" if kind == "18" else "emulated_cluster")  # type: ignore[no-any-return]


@pytest.fixture
def base(kind: str, request: pytest.FixtureRequest) -> str:
    """The database."""
    return str(request.getfixturevalue("cluster_database" if kind == "18" else "emulated_database"))


@pytest.fixture
def create(base: str) -> Callable[[str], str]:
    return lambda name: TABLE.format(name=f"{base}.{name}", database=base)


def native(cluster: Cluster18 | EmulatedCluster) -> list[int]:
    return [getattr(node, "native", node.port) for node in cluster.nodes]


def tables(cluster: Cluster18 | EmulatedCluster, database: str) -> list[list[str]]:
    text = f"SELECT name FROM system.tables WHERE database = '{database}' ORDER BY name"
    return [[name for (name,) in rows] for rows in cluster.everywhere(text)]


def test_they_know_who_they_are(kind: str, cluster: Cluster18 | EmulatedCluster) -> None:
    assert cluster.everywhere("SELECT substitution FROM system.macros WHERE macro = 'cluster'") == (
        [[["my_cluster"]]] * 2
    )
    assert cluster.everywhere("SELECT substitution FROM system.macros WHERE macro = 'replica'") == (
        [[["r1"]], [["r2"]]]
    )
    if kind == "emulated":  # that of 2018 says it of every host of a shard
        text = "SELECT port FROM system.clusters WHERE is_local"
        assert cluster.everywhere(text) == [[[port]] for port in native(cluster)]
    text = "SELECT host_name, port FROM system.clusters WHERE cluster = 'my_cluster' ORDER BY replica_num"
    assert cluster.everywhere(text) == [[["127.0.0.1", port] for port in native(cluster)]] * 2


def test_a_row_per_host(
    cluster: Cluster18 | EmulatedCluster, base: str, create: Callable[[str], str]
) -> None:
    rows = cluster.node(1).query(create("hits"))
    assert sorted(row[:4] for row in rows) == [
        ["127.0.0.1", port, 0, "" if row[3] == "" else None]
        for port, row in zip(sorted(native(cluster)), rows, strict=True)
    ]
    assert [row[4] for row in rows] == [1, 0]
    assert tables(cluster, base) == [["hits"], ["hits"]]


def test_a_replicated_table_says_so(
    cluster: Cluster18 | EmulatedCluster, base: str, create: Callable[[str], str]
) -> None:
    cluster.node(1).query(create("hits"))
    cluster.node(1).query(f"CREATE TABLE {base}.plain (n UInt32) ENGINE = MergeTree ORDER BY n")
    text = f"SELECT name, engine, engine_full FROM system.tables WHERE database = '{base}' ORDER BY name"
    found = cluster.node(1).query(text)
    assert [row[:2] for row in found] == [["hits", "ReplicatedMergeTree"], ["plain", "MergeTree"]]
    assert found[0][2].startswith(f"ReplicatedMergeTree('/{base}/{base}.hits', '{{replica}}') ORDER BY n")
    assert found[1][2].startswith("MergeTree ORDER BY n")


def test_an_unknown_cluster(cluster: Cluster18 | EmulatedCluster, base: str) -> None:
    with pytest.raises(Refused, match="Requested cluster 'nope' not found"):
        cluster.node(1).query(f"CREATE TABLE {base}.hits ON CLUSTER nope (n UInt32) ENGINE = Memory")


def test_one_host_fails_and_the_other_does_it(cluster: Cluster18 | EmulatedCluster, base: str) -> None:
    cluster.node(2).query(f"CREATE TABLE {base}.hits (n UInt32) ENGINE = Memory")
    said = f"There was an error on .127.0.0.1:{native(cluster)[1]}.: Code: 57"
    with pytest.raises(Refused, match=said):
        cluster.node(1).query(f"CREATE TABLE {base}.hits ON CLUSTER my_cluster (n UInt32) ENGINE = Memory")
    assert tables(cluster, base) == [["hits"], ["hits"]]


def test_a_host_that_is_down_catches_up(
    cluster: Cluster18 | EmulatedCluster, base: str, create: Callable[[str], str]
) -> None:
    cluster.node(2).kill()
    with pytest.raises(Refused, match=r"Code: 159.*1 (unfinished|of 2) hosts") as refused:
        cluster.node(1).query(create("hits"), distributed_ddl_task_timeout=1)
    assert QUEUED.lower() in str(refused.value).lower()
    with pytest.raises(OSError, match=r"refused|closed"):
        cluster.node(2).query("SELECT 1")
    cluster.node(2).start()
    wait_until(lambda: tables(cluster, base) == [["hits"], ["hits"]])


def test_a_row_arrives_on_the_other_node(
    cluster: Cluster18 | EmulatedCluster, base: str, create: Callable[[str], str]
) -> None:
    one, two = cluster.nodes
    one.query(create("hits"))
    one.query(f"INSERT INTO {base}.hits VALUES (7)", **QUORUM)
    assert two.query(f"SELECT n FROM {base}.hits", select_sequential_consistency=1) == [[7]]


def test_rows_of_a_select_arrive_as_rows(
    cluster: Cluster18 | EmulatedCluster, base: str, create: Callable[[str], str]
) -> None:
    one, two = cluster.nodes
    one.query(create("hits"))
    one.query(f"CREATE TABLE {base}.here ENGINE = MergeTree ORDER BY n AS SELECT toUInt32(7) AS n")
    one.query(f"INSERT INTO {base}.hits (n) SELECT n FROM {base}.here")
    wait_until(lambda: two.query(f"SELECT n FROM {base}.hits") == [[7]])


def test_a_mutation_reaches_the_other_node(
    cluster: Cluster18 | EmulatedCluster, base: str, create: Callable[[str], str]
) -> None:
    one, two = cluster.nodes
    one.query(create("hits"))
    # by 18.16 a part that came by a quorum is not mutated before the next one came
    one.query(f"INSERT INTO {base}.hits VALUES (7)")
    wait_until(lambda: two.query(f"SELECT n FROM {base}.hits") == [[7]])
    two.query(f"ALTER TABLE {base}.hits DELETE WHERE n = 7")
    wait_until(lambda: one.query(f"SELECT n FROM {base}.hits") == [])


def test_a_quorum_needs_both(
    cluster: Cluster18 | EmulatedCluster, base: str, create: Callable[[str], str]
) -> None:
    one, two = cluster.nodes
    one.query(create("hits"))
    active = f"SELECT active_replicas, total_replicas FROM system.replicas WHERE database = '{base}'"
    assert cluster.everywhere(active) == [[[2, 2]], [[2, 2]]]
    two.kill()
    wait_until(lambda: one.query(active) == [[1, 2]])
    with pytest.raises(Refused, match="Code: 285"):
        one.query(f"INSERT INTO {base}.hits VALUES (8)", **QUORUM)


def test_the_rows_of_all_hosts_instead_of_an_error(
    emulated_cluster: EmulatedCluster, emulated_database: str
) -> None:
    """What servers of today can be asked for."""
    one, two = emulated_cluster.nodes
    two.query(f"CREATE TABLE {emulated_database}.hits (n UInt32) ENGINE = Memory")
    text = "CREATE TABLE {} ON CLUSTER my_cluster (n DateTime64(3)) ENGINE = Memory"
    text = text.format(f"{emulated_database}.hits")
    first, second = one.query(text, distributed_ddl_output_mode="never_throw")
    assert first[1:3] == [one.port, 0]
    assert second[1:3] == [two.port, 57]
    assert "already exists" in second[3]
    two.kill()
    text = text.replace("hits", "visits")
    first, second = one.query(text, distributed_ddl_output_mode="null_status_on_timeout")
    assert second == ["127.0.0.1", two.port, None, None, 1, 0]
    unfinished = (
        f"SELECT host, port FROM system.distributed_ddl_queue WHERE status != 'Finished' AND query = '{text}'"
    )
    assert one.query(unfinished) == [["127.0.0.1", two.port]]
    two.start()
    assert one.query(unfinished) == []
    assert two.query(f"SELECT count() FROM {emulated_database}.visits") == [[0]]


def test_every_host_is_asked_through_one(emulated_cluster: EmulatedCluster) -> None:
    one, two = emulated_cluster.nodes
    text = "SELECT _shard_num, substitution FROM clusterAllReplicas('my_cluster', system.macros) WHERE macro = 'replica' ORDER BY 1"
    assert one.query(text) == two.query(text) == [[1, "r1"], [2, "r2"]]
    two.kill()
    with pytest.raises(Refused, match="Code: 279"):
        one.query(text)
    assert one.query(text, skip_unavailable_shards=1) == [[1, "r1"]]
