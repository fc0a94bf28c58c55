"""The hosts of a cluster, which one is connected to, and the ways to the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from greylag.databases.clickhouse.careful.cluster.hosts import Host, Through, Ways, expand, read_hosts
from greylag.databases.clickhouse.rows import Answer
from greylag.errors import ConnectError, DatabaseError, RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.unit.databases.clickhouse.careful.cluster.conftest import Pair


class Node:
    """Answers by the first word of ``answers`` that a question has in it; a number is an error's."""

    address = "h:8123"

    def __init__(self, answers: Mapping[str, list[list[str]] | int]) -> None:
        self.answers = answers
        self.asked: list[tuple[str, Mapping[str, str]]] = []

    def query(self, text: str, *, settings: Mapping[str, str] | None = None) -> Answer:
        self.asked.append((text, settings or {}))
        said = next((rows for word, rows in self.answers.items() if word in text), 60)
        if isinstance(said, int):
            error = DatabaseError("no", driver_text="no")
            error.number = said
            raise error
        return Answer([], [list(row) for row in said])


def test_each_node_knows_itself(pair: Pair) -> None:
    for number in (1, 2):
        hosts = pair.seen(number).hosts
        assert [host.label for host in hosts] == [pair.label(1), pair.label(2)]
        assert [host.number for host in hosts if host.own] == [number]


def test_macros_in_the_name(pair: Pair) -> None:
    link = pair.hold(1).link
    assert expand(link, "{cluster}") == "my_cluster"
    assert expand(link, "plain") == "plain"


def test_an_unknown_cluster_names_those_that_are_known(pair: Pair) -> None:
    with pytest.raises(RefusedError, match=r"knows no cluster nope: it knows .*my_cluster") as caught:
        read_hosts(pair.hold(1).link, "nope")
    assert "greylag.toml" in str(caught.value.hint)
    none: Any = Node({"FROM system.clusters": []})
    with pytest.raises(RefusedError, match="it knows none"):
        read_hosts(none, "nope")


CLUSTERS = [["h", "1", "1"], ["h", "2", "1"], ["h", "2", "1"]]


def test_replicas_of_2018_all_call_themselves_local_and_are_told_by_their_macros() -> None:
    node: Any = Node({
        "system.clusters": CLUSTERS,
        "remote('h:1'": 279,
        "remote('h:2'": [["shard", "1"], ["replica", "b"]],
        "FROM system.macros": [["replica", "b"], ["shard", "1"]],
    })  # fmt: skip
    assert read_hosts(node, "c") == [Host("h", 1, 1), Host("h", 2, 2, own=True)]


def test_a_node_outside_the_cluster_is_none_of_its_hosts() -> None:
    node: Any = Node({"system.clusters": CLUSTERS, "remote(": [["shard", "2"]], "FROM system.macros": []})
    assert [host.own for host in read_hosts(node, "c")] == [False, False]


def test_hosts_of_the_connection_string_are_reached_straight(pair: Pair) -> None:
    cluster = pair.seen(1, 2)
    first, second = cluster.hosts
    assert cluster.ways.direct(first) is pair.holds[0].session.link()
    link = cluster.ways.direct(second)
    assert link is not None
    assert link.address == pair.label(2)
    assert cluster.ways.direct(second) is link
    assert cluster.ways.asking(second) is link


def test_one_that_is_down_is_not_reached(pair: Pair) -> None:
    cluster = pair.seen(1, 2)
    pair.cluster.node(2).kill()
    assert cluster.ways.direct(cluster.hosts[1]) is None
    assert cluster.ask("SELECT 1 FROM system.one")[cluster.hosts[1]] is None


def test_a_question_through_the_node_in_between() -> None:
    host = Host("far", 9000, 2)
    old: Any = Node({"remote(": [["x"]]})
    assert Through(old, "c", host, modern=False).query("SELECT name FROM system.tables").rows == [["x"]]
    assert old.asked[0][0] == "SELECT name FROM remote('far:9000', system.tables)"
    new: Any = Node({"system.one": [["1"], ["2"]], "system.tables": [["x"]]})
    through = Through(new, "c", host, modern=True)
    assert through.query("SELECT name FROM system.tables", settings={"a": "1"}).rows == [["x"]]
    text, settings = new.asked[1]
    assert "(SELECT * FROM clusterAllReplicas('c', system.tables) WHERE _shard_num = 2)" in text
    assert settings == {"a": "1", "skip_unavailable_shards": "1"}
    assert through.address == "far:9000"


def test_a_host_that_does_not_answer_the_node_in_between() -> None:
    host = Host("far", 9000, 2)
    for node, modern in ((Node({"remote(": 279}), False), (Node({"system.one": [["1"]]}), True)):
        through = Through(node, "c", host, modern=modern)  # type: ignore[arg-type]
        with pytest.raises(ConnectError, match="far:9000 does not answer h:8123"):
            through.query("SELECT 1 FROM system.one")
        with pytest.raises(
            DatabaseError, match="far:9000 cannot be told through h:8123: DROP TABLE t"
        ) as refused:
            through.execute("DROP TABLE t")
        assert refused.value.number == 48
        through.begin()
        through.close()
    refusing: Any = Node({"remote(": 516})
    with pytest.raises(DatabaseError) as caught:
        Through(refusing, "c", host, modern=False).query("SELECT 1 FROM system.one")
    assert caught.value.number == 516


def test_without_a_way_the_host_is_asked_through_the_node(pair: Pair) -> None:
    hold = pair.hold(1)
    cluster = hold.cluster_of("my_cluster")
    far = Host("127.0.0.1", 1, 3)
    ways = Ways(
        hold.session.settings, hold.session.addresses, hold.session.link(), cluster.name, cluster.hosts
    )
    assert ways.direct(far) is None
    asking = ways.asking(far)
    assert isinstance(asking, Through)
    assert asking.facts().engine == "clickhouse"
