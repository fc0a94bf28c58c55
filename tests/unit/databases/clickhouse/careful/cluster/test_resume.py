"""A statement that not every host has done: who has, and what is made good where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.databases.clickhouse.careful.before import Before
from greylag.databases.clickhouse.careful.cluster.queue import DONE, FAILED, WAITING, Outcome
from greylag.databases.clickhouse.careful.cluster.resume import CatchUp
from greylag.databases.clickhouse.careful.cluster.statement import HostsFailedError
from greylag.databases.clickhouse.careful.reading import Past
from greylag.sql.clickhouse.facts import examine

if TYPE_CHECKING:
    from greylag.databases.clickhouse.careful.custody import Custody
    from tests.unit.databases.clickhouse.careful.cluster.conftest import Pair

TEXT = "CREATE TABLE t ON CLUSTER my_cluster (x UInt8) ENGINE = Memory"
BARE = "CREATE TABLE t (x UInt8) ENGINE = Memory"


def find(pair: Pair, hold: Custody, *, text: str = TEXT, noted: tuple[Outcome, ...] = ()) -> list[str] | None:
    cluster = hold.cluster_of("my_cluster")
    deeds = examine(text).deeds
    assert deeds is not None
    started = hold.ground.clock.now()
    past = Past("q", "", started, Before(behind="query-0000000000x", outcomes=noted).text())
    found = CatchUp(hold, hold.statements).find(cluster, text, deeds, past)
    return None if found is None else [each.state for each in found]


def outcomes(pair: Pair, *states: str) -> tuple[Outcome, ...]:
    return tuple(Outcome(pair.label(number), state) for number, state in enumerate(states, 1))


def test_what_it_left_tells_who_has_done_it(pair: Pair) -> None:
    hold = pair.hold(1, 2)
    assert find(pair, hold) == [FAILED, FAILED]
    pair.cluster.node(2).query(BARE, pair.database)
    assert find(pair, hold) == [FAILED, DONE]


def test_what_cannot_be_told(pair: Pair) -> None:
    update = "ALTER TABLE t ON CLUSTER my_cluster UPDATE x = 1 WHERE 1"
    assert find(pair, pair.hold(1, 2), text=update) is None


def test_what_was_noted_counts_and_a_stray_table_does_not(pair: Pair) -> None:
    hold = pair.hold(1, 2)
    noted = outcomes(pair, DONE, FAILED)
    pair.cluster.node(1).query(BARE, pair.database)
    pair.cluster.node(2).query("CREATE TABLE t (y String) ENGINE = Memory", pair.database)
    assert find(pair, hold, noted=noted) == [DONE, FAILED]


def test_made_by_hand_like_the_others_it_is_done(pair: Pair) -> None:
    hold = pair.hold(1, 2)
    for number in (1, 2):
        pair.cluster.node(number).query(BARE, pair.database)
    assert find(pair, hold, noted=outcomes(pair, DONE, FAILED)) == [DONE, DONE]


def test_a_host_that_came_back_has_done_it_by_itself(pair: Pair) -> None:
    pair.cluster.node(2).kill()
    hold = pair.hold(1)
    cluster = hold.cluster_of("my_cluster")
    deeds = examine(TEXT).deeds
    assert deeds is not None
    behind = hold.statements.behind(cluster)
    _, sent = hold.statements.submit(hold.link, cluster, TEXT, deeds)
    assert [each.state for each in sent] == [DONE, WAITING]
    pair.cluster.node(2).start()
    past = Past("q", "", hold.ground.clock.now(), Before(behind=behind, outcomes=tuple(sent)).text())
    found = CatchUp(hold, hold.statements).find(cluster, TEXT, deeds, past)
    assert found is not None
    assert [each.state for each in found] == [DONE, DONE]


def complete(pair: Pair, hold: Custody, text: str = TEXT) -> list[Outcome]:
    deeds = examine(text).deeds
    assert deeds is not None
    known = outcomes(pair, DONE, FAILED)
    return CatchUp(hold, hold.statements).complete(hold.cluster_of("my_cluster"), text, deeds, known, "q")


def test_it_is_run_where_it_is_missing_and_nowhere_else(pair: Pair) -> None:
    hold = pair.hold(1, 2)
    assert [each.state for each in complete(pair, hold)] == [DONE, DONE]
    assert pair.tables() == [[], ["t"]]
    assert pair.texts("hosts") == [
        f"the statement was made good on {pair.label(2)}: the other hosts had done it"
    ]


def test_a_replicated_table_is_the_same_one_there(pair: Pair) -> None:
    made = "(x UInt8) ENGINE = ReplicatedMergeTree ORDER BY x"
    pair.cluster.node(1).query(f"CREATE TABLE t {made}", pair.database)
    complete(pair, pair.hold(1, 2), f"CREATE TABLE t ON CLUSTER my_cluster {made}")
    one, other = pair.ask("SELECT uuid FROM system.tables WHERE name = 't' AND database = currentDatabase()")
    assert one == other != []


def test_it_fails_there_again(pair: Pair) -> None:
    pair.cluster.node(2).query("CREATE TABLE t (y String) ENGINE = Memory", pair.database)
    with pytest.raises(HostsFailedError, match=rf"\(on {pair.label(2)}\)") as caught:
        complete(pair, pair.hold(1, 2))
    assert caught.value.number == 57


def test_without_a_way_there_the_statement_is_told(pair: Pair) -> None:
    pair.cluster.node(2).kill()
    with pytest.raises(HostsFailedError) as caught:
        complete(pair, pair.hold(1))
    assert "CREATE TABLE t (x UInt8) ENGINE = Memory" in str(caught.value.hint)
    assert f"let the connection string name {pair.label(2)} too" in str(caught.value.hint)
