"""A statement for a cluster: done by all, failed on some, or not yet done by a host that is away."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from greylag.databases.clickhouse.careful.cluster.queue import DONE, FAILED, WAITING, Outcome
from greylag.databases.clickhouse.careful.cluster.statement import HostsFailedError, HostsLeftError, told
from greylag.errors import DatabaseError
from greylag.model.deeds import Deeds

if TYPE_CHECKING:
    from tests.unit.databases.clickhouse.careful.cluster.conftest import Pair

TEXT = "CREATE TABLE t ON CLUSTER my_cluster (x UInt8) ENGINE = Memory"
DEEDS = Deeds("create table", table="t", cluster="my_cluster")


def send(pair: Pair, *numbers: int, text: str = TEXT, **manners: float) -> list[Outcome]:
    hold = pair.hold(*numbers, **manners)
    cluster = hold.cluster_of("my_cluster")
    cluster.is_whole = False  # so that the server does not wait long
    return hold.statements.send(cluster, text, DEEDS, "", {})


def test_every_host_does_it(pair: Pair) -> None:
    assert send(pair) == [Outcome(pair.label(number), DONE) for number in (1, 2)]
    assert pair.tables() == [["t"], ["t"]]


def test_one_fails(pair: Pair) -> None:
    pair.cluster.node(2).query("CREATE TABLE t (y String) ENGINE = Memory", pair.database)
    with pytest.raises(HostsFailedError, match=rf"\(on {pair.label(2)}\)") as caught:
        send(pair)
    error = caught.value
    assert [(each.state, each.code) for each in error.outcomes] == [(DONE, 0), (FAILED, 57)]
    assert error.number == 57
    assert error.context.splitlines()[0] == f"{pair.label(1)} has done it"
    assert pair.label(2) in str(error.hint)


def test_all_fail(pair: Pair) -> None:
    send(pair)
    with pytest.raises(HostsFailedError, match=r"\(on every host\)") as caught:
        send(pair)
    assert (caught.value.context, caught.value.hint) == ("", None)


def test_what_does_not_come_into_the_queue_is_a_plain_error(pair: Pair) -> None:
    with pytest.raises(DatabaseError) as caught:
        send(pair, text="CREATE TABLE t ON CLUSTER nowhere (x UInt8) ENGINE = Memory")
    assert not isinstance(caught.value, HostsFailedError)


def test_a_host_that_stays_away_is_named(pair: Pair) -> None:
    pair.cluster.node(2).kill()
    with pytest.raises(HostsLeftError, match=f"{pair.label(2)} has not done this statement") as caught:
        send(pair, 1, lock_budget_seconds=0.1)
    assert [each.state for each in caught.value.outcomes] == [DONE, WAITING]
    assert "run the same command again" in str(caught.value.hint).replace("\n", " ")
    assert pair.label(2) in pair.texts("hosts")[0]


def test_a_host_that_comes_back_is_waited_for(pair: Pair) -> None:
    pair.cluster.node(2).kill()

    def bring_back() -> None:
        while not pair.texts("hosts"):
            time.sleep(0.05)
        pair.cluster.node(2).start()

    helper = threading.Thread(target=bring_back)
    helper.start()
    assert [each.state for each in send(pair, 1)] == [DONE, DONE]
    helper.join()
    assert pair.texts("hosts")[-1] == "all hosts have done it"


def test_greylags_own_do_not_wait_for_hosts_that_are_down(pair: Pair) -> None:
    pair.cluster.node(2).kill()
    hold = pair.hold(1)
    outcomes = hold.statements.arrive(hold.link, hold.cluster_of("my_cluster"), TEXT, DEEDS)
    assert {each.host: each.state for each in outcomes} == {pair.label(1): DONE, pair.label(2): WAITING}


def test_told_a_line_a_host() -> None:
    text = told([Outcome("a:1", DONE), Outcome("b:1", FAILED, 57, "no"), Outcome("c:1", WAITING)])
    assert text.splitlines() == [
        "a:1 has done it", "b:1 failed: no", "c:1 has not done it yet: it is down, or busy",
    ]  # fmt: skip
