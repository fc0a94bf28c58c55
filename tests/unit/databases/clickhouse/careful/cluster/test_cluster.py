"""A cluster as one run sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.errors import DatabaseError

if TYPE_CHECKING:
    from tests.unit.databases.clickhouse.careful.cluster.conftest import Pair


def test_its_hosts_and_what_each_says(pair: Pair) -> None:
    cluster = pair.seen(2, 1)
    assert cluster.name == "my_cluster"
    assert cluster.own is not None
    assert cluster.own.label == pair.label(2)
    assert cluster.named(pair.label(1)) == cluster.hosts[0]
    assert cluster.named("other:1") is None
    rows = cluster.ask("SELECT substitution FROM system.macros WHERE macro = 'replica'")
    assert {host.label: found for host, found in rows.items()} == {
        pair.label(1): [["r1"]], pair.label(2): [["r2"]],
    }  # fmt: skip
    cluster.close()


def test_an_error_of_the_own_node_is_one_and_of_another_is_no_answer(pair: Pair) -> None:
    cluster = pair.seen(1, 2)
    pair.cluster.node(2).query("CREATE TABLE here (x Int8) ENGINE = Memory", pair.database)
    with pytest.raises(DatabaseError):
        cluster.ask("SELECT x FROM here")
    pair.cluster.node(1).query("CREATE TABLE there (x Int8) ENGINE = Memory", pair.database)
    assert list(cluster.ask("SELECT x FROM there").values()) == [[], None]


def test_what_is_sent_beside_a_statement(pair: Pair) -> None:
    cluster = pair.seen(1)
    known = frozenset(("distributed_ddl_task_timeout", "distributed_ddl_output_mode"))
    assert cluster.settings(known) == {
        "distributed_ddl_task_timeout": "5", "distributed_ddl_output_mode": "never_throw",
    }  # fmt: skip
    cluster.is_whole = False
    assert cluster.settings(known, {"distributed_ddl_output_mode"}) == {"distributed_ddl_task_timeout": "1"}
    assert cluster.settings(frozenset()) == {}
