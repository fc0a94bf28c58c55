"""The lock of a cluster: one for all hosts, also while one of them is down."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.databases.clickhouse.careful.cluster.slot import ClusterSlot
from greylag.errors import DatabaseError, LockedError

if TYPE_CHECKING:
    from tests.unit.databases.clickhouse.careful.cluster.conftest import Pair

WORDS = "greylag: a run is under way; by=a@b; since=now; process=; run={}; until=17"


def slot(pair: Pair, *numbers: int) -> tuple[ClusterSlot, str]:
    hold = pair.hold(*numbers)
    cluster = hold.cluster_of("my_cluster")
    cluster.is_whole = False
    return ClusterSlot(hold, hold.link, "greylag_lock", cluster, hold.statements), hold.manners.runner.run


def test_one_of_two_has_it_whichever_node_they_are_on(pair: Pair) -> None:
    first, run = slot(pair, 1, 2)
    second, other = slot(pair, 2, 1)
    assert second.holder(other) is None
    first.make(WORDS.format(run))
    with pytest.raises(DatabaseError) as caught:
        second.make(WORDS.format(other))
    assert caught.value.number == 57
    first.prolong("", 99)
    held = second.holder(other)
    assert held is not None
    assert (held.run, held.until) == (run, 99)
    first.remove()
    assert pair.tables() == [[], []]


def test_with_a_host_down_it_is_held_there_too_once_it_is_back(pair: Pair) -> None:
    pair.cluster.node(2).kill()
    first, run = slot(pair, 1)
    first.make(WORDS.format(run))
    pair.cluster.node(2).start()
    second, other = slot(pair, 2)
    with pytest.raises(DatabaseError):
        second.make(WORDS.format(other))
    assert pair.tables() == [["greylag_lock"]] * 2
    first.remove()
    assert pair.tables() == [[], []]


def test_one_that_is_left_on_a_single_host_is_told_before_ones_own(pair: Pair) -> None:
    stray = f"CREATE TABLE greylag_lock (held UInt64, owner String DEFAULT '{WORDS.format('old')}') ENGINE = Memory"
    pair.cluster.node(2).query(stray, pair.database)
    first, run = slot(pair, 1, 2)
    with pytest.raises(DatabaseError) as caught:
        first.make(WORDS.format(run))
    assert caught.value.number == 57
    held = first.holder(run)
    assert held is not None
    assert held.run == "old"


def test_a_run_takes_over_what_is_left_on_a_single_host(pair: Pair) -> None:
    stray = f"CREATE TABLE greylag_lock (held UInt64, owner String DEFAULT '{WORDS.format('old')}') ENGINE = Memory"
    pair.cluster.node(2).query(stray, pair.database)
    custody = pair.custody(1, 2)
    custody.open()
    assert "taken over" in pair.texts("healed")[0]
    assert [names.count("greylag_lock") for names in pair.tables()] == [1, 1]
    custody.close()
    assert [names.count("greylag_lock") for names in pair.tables()] == [0, 0]


def test_two_runs_on_two_nodes(pair: Pair) -> None:
    first = pair.custody(1)
    first.open()
    second = pair.custody(2, lock_wait_seconds=0)
    with pytest.raises(LockedError, match="alice@laptop"):
        second.open()
    second.close()
    first.close()
    third = pair.custody(2, lock_wait_seconds=0)
    third.open()
    third.close()
