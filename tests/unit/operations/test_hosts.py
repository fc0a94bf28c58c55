"""The hosts of a real cluster compared, and how a difference is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from greylag.databases.clickhouse.session import ClickhouseSession
from greylag.model.change import Change
from greylag.operations.hosts import compare_hosts, told_change

if TYPE_CHECKING:
    from tests.plugins.cluster18 import Cluster18


def test_two_nodes(cluster18: Cluster18, cluster_database: str) -> None:
    one, two = cluster18.nodes
    for node in cluster18.nodes:
        node.query(f"CREATE TABLE {cluster_database}.t (id UInt64) ENGINE = MergeTree ORDER BY id")
    one.query(f"CREATE TABLE {cluster_database}.goose_db_version (version_id Int64) ENGINE = Log")
    session = ClickhouseSession(one.http_dsn(cluster_database), "goose_db_version")
    found = compare_hosts(session, "my_cluster")
    assert (found.answered, found.changes, found.silent) == (2, {}, [])
    two.query(f"ALTER TABLE {cluster_database}.t ADD COLUMN extra UInt8")
    found = compare_hosts(session, "my_cluster")
    there = f"127.0.0.1:{two.native}"
    assert list(found.changes) == [there]
    assert [told_change(change, there, found.here) for change in found.changes[there]] == [
        f"{there} has the column t.extra, which is not on {found.here}"
    ]
    assert compare_hosts(session, "nowhere").answered == 0
    session.close()


def test_words() -> None:
    assert told_change(Change("table", "t", "missing"), "b", "a") == "b lacks the table t, which is on a"
    changed = Change("table", "t", "ttl", "d + toIntervalDay(1)", "")
    assert told_change(changed, "b", "a") == "table t: ttl is nothing on b, d + toIntervalDay(1) on a"
