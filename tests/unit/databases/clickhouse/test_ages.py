"""How old rows are, asked of a real engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.databases.clickhouse.ages import count_due, reach_of, read_ages
from greylag.databases.clickhouse.session import ClickhouseSession
from greylag.errors import DatabaseError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from greylag.databases.clickhouse.link import Link
    from tests.plugins.clickhouse import ClickhouseServer
    from tests.plugins.cluster18 import Cluster18

ENGINE = "ENGINE = MergeTree PARTITION BY toYYYYMM(ts) ORDER BY ts"
LATE = "SETTINGS merge_with_ttl_timeout = 1000000"


@pytest.fixture
def link(clickhouse: ClickhouseServer, clickhouse_database: str) -> Iterator[Link]:
    session = ClickhouseSession(clickhouse.url(clickhouse_database), "goose_db_version")
    yield session.link()
    session.close()


def test_ages(link: Link, clickhouse_database: str) -> None:
    for text in (
        f"CREATE TABLE t (ts DateTime('UTC')) {ENGINE} TTL ts + INTERVAL 5 YEAR {LATE}",
        f"SYSTEM STOP TTL MERGES {clickhouse_database}.t",
        "INSERT INTO t VALUES ('2015-03-04 05:06:07'), ('2015-03-05 00:00:00')",
        "INSERT INTO t SELECT now() FROM numbers(5)",
        "CREATE TABLE plain (ts DateTime) ENGINE = MergeTree ORDER BY ts",
        "INSERT INTO plain SELECT now() - INTERVAL number YEAR FROM numbers(4)",
        "CREATE TABLE empty (ts DateTime) ENGINE = MergeTree ORDER BY ts",
    ):
        link.execute(text)
    ages = read_ages(link) or {}
    age = ages[clickhouse_database, "t"]
    assert (age.rows, age.overdue_rows, age.uncomputed_rows) == (7, 2, 0)
    assert age.oldest == "2015-03-04 05:06:07" and age.overdue_since == "2020-03-05 00:00:00"
    assert age.bytes > age.overdue_bytes > 0 and age.overdue_seconds > 5 * 365 * 86400
    plain = ages[clickhouse_database, "plain"]
    assert (plain.rows, plain.overdue_rows, plain.overdue_since, plain.oldest) == (4, 0, "", "")
    assert plain.uncomputed_rows == 4 and (clickhouse_database, "empty") not in ages


def test_counting(link: Link, clickhouse_database: str) -> None:
    link.execute("CREATE TABLE `odd name` (ts DateTime) ENGINE = MergeTree ORDER BY ts")
    link.execute("INSERT INTO `odd name` SELECT now() - INTERVAL number HOUR FROM numbers(48)")
    place = (clickhouse_database, "odd name")
    assert count_due(link, *place, "ts + INTERVAL 10 HOUR") == 38
    assert count_due(link, *place, "ts + toIntervalHour(10)", since_seconds=3600) == 37
    with pytest.raises(DatabaseError):
        count_due(link, *place, "nope + INTERVAL 1 DAY")


def test_one_shard_needs_no_detour(link: Link) -> None:
    assert reach_of(link, "") == "{}"
    assert reach_of(link, "nowhere") == "{}"


def test_an_old_server_knows_no_ttl(cluster18: Cluster18, cluster_database: str) -> None:
    session = ClickhouseSession(cluster18.node(1).http_dsn(cluster_database), "goose_db_version")
    assert read_ages(session.link()) is None
    assert reach_of(session.link(), "my_cluster") == "{}"
    assert reach_of(session.link(), "my_shards") == "cluster('my_shards', {})"
    session.close()
