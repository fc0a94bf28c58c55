"""What has to be right on every host before anything is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from greylag.databases.clickhouse.careful.cluster.hosts import Host
from greylag.databases.clickhouse.careful.cluster.preflight import Found, look
from greylag.databases.clickhouse.careful.place import Place
from greylag.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.unit.databases.clickhouse.careful.cluster.conftest import Pair

PLACE = Place("d", "goose_db_version")
ONE, TWO = Host("a", 9000, 1, own=True), Host("b", 9000, 2)


def facts(number: int, *more: list[str]) -> list[list[str]]:
    return [["macro", "shard", "1"], ["macro", "replica", f"r{number}"], ["database", "d", "Atomic"], *more]


class Hosts:
    """A cluster whose hosts answer so."""

    name = "c"
    is_whole = True

    def __init__(self, answers: Mapping[Host, Any]) -> None:
        self.answers = answers
        self.hosts = list(answers)

    @property
    def own(self) -> Host | None:
        return next((host for host in self.hosts if host.own), None)

    def ask(self, question: str) -> Mapping[Host, Any]:
        assert "system.macros" in question
        return self.answers


def seen(answers: Mapping[Host, Any]) -> tuple[Found, list[Any], Any]:
    told: list[Any] = []
    cluster: Any = Hosts(answers)
    return look(cluster, PLACE, told.append), told, cluster


def refused(answers: Mapping[Host, Any]) -> str:
    with pytest.raises(RefusedError) as caught:
        seen(answers)
    assert "nothing was written" in caught.value.message
    return f"{caught.value.message} {caught.value.hint}"


def test_a_sound_cluster_and_its_tables() -> None:
    rows = facts(2, ["table", "greylag_journal", "ReplicatedReplacingMergeTree"], ["replica", "t", "0"])
    found, told, cluster = seen({ONE: facts(1, ["table", "goose_db_version", "MergeTree"]), TWO: rows})
    assert (found.down, told, found.engine, cluster.is_whole) == ([], [], "Atomic", True)
    assert found.lacking("greylag_journal") == [ONE]
    assert found.plain("goose_db_version") == [ONE]
    assert (found.plain("greylag_journal"), found.plain("other")) == ([], [])


def test_a_host_that_is_down_is_told() -> None:
    found, told, cluster = seen({ONE: facts(1), TWO: None})
    assert (found.down, cluster.is_whole) == ([TWO], False)
    assert [(each.kind, each.facts["hosts"]) for each in told] == [("hosts", ["b:9000"])]


def test_connected_to_a_node_that_is_none_of_its_hosts() -> None:
    assert "no host of cluster c (b:9000)" in refused({TWO: facts(2)})


def test_macros_that_are_missing_or_the_same() -> None:
    assert "b:9000 has no macro replica" in refused({ONE: facts(1), TWO: facts(2)[:1] + facts(2)[2:]})
    assert "<replica>" in refused({ONE: facts(1), TWO: facts(1)})


def test_a_database_that_one_host_lacks() -> None:
    text = refused({ONE: facts(1), TWO: facts(2)[:2]})
    assert "database d is not on b:9000" in text
    assert "CREATE DATABASE IF NOT EXISTS `d` ON CLUSTER `c`" in text


def test_a_replica_that_can_only_be_read() -> None:
    text = refused({ONE: facts(1), TWO: facts(2, ["replica", "t", "1"])})
    assert "b:9000 can only read t" in text
    assert "SYSTEM RESTART REPLICA `d`.`t`" in text


def test_two_nodes_of_today(pair: Pair) -> None:
    hold = pair.hold(1, 2)
    found = look(hold.cluster_of("{cluster}"), hold.ground.place, pair.told.append)
    assert [host.label for host in found.lacking("greylag_journal")] == [pair.label(1), pair.label(2)]
    assert (found.down, pair.told) == ([], [])
