"""Every host's catalog: on the real two nodes of 18.16, and as a new server is asked."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from greylag.databases.clickhouse.catalog.hosts import known_name, read_cluster
from greylag.databases.clickhouse.session import ClickhouseSession
from greylag.schema.comparison.comparison import compare
from tests.plugins.clickhouse import MISSING, is_there

if TYPE_CHECKING:
    from pathlib import Path

    from tests.plugins.cluster18 import Cluster18
    from tests.plugins.emulated_cluster import EmulatedCluster


def test_two_real_nodes(cluster18: Cluster18, cluster_database: str) -> None:
    one, two = cluster18.nodes
    for node in (one, two):
        node.query(
            f"CREATE TABLE {cluster_database}.events (day Date, id UInt64, name String) "
            "ENGINE = MergeTree PARTITION BY day ORDER BY (id, name)"
        )
    two.query(f"ALTER TABLE {cluster_database}.events ADD COLUMN extra UInt8")
    session = ClickhouseSession(one.http_dsn(cluster_database), "goose_db_version")
    found = read_cluster(session.link(), "my_cluster")
    here, there = f"127.0.0.1:{one.native}", f"127.0.0.1:{two.native}"
    assert (found.here, sorted(found.catalogs), found.silent) == (here, sorted((here, there)), [])
    (table,) = found.catalogs[here].tables
    assert (table.engine, table.order_by, table.partition_key) == ("MergeTree", "id, name", "day")
    assert [column.name for column in table.columns] == ["day", "id", "name"]
    (change,) = compare(found.catalogs[here], found.catalogs[there])
    assert (change.kind, change.name, change.what) == ("column", "events.extra", "extra")
    two.query(f"DROP DATABASE {cluster_database}")
    assert read_cluster(session.link(), "my_cluster").catalogs[there].schemas == ()
    two.kill()
    found = read_cluster(session.link(), "my_cluster")
    assert (sorted(found.catalogs), found.silent) == ([here], [there])
    assert read_cluster(session.link(), "nowhere").catalogs == {}
    session.close()


def test_an_old_node_alone(cluster18: Cluster18, cluster_database: str) -> None:
    (node, _) = cluster18.nodes
    node.query(f"CREATE TABLE {cluster_database}.t (a UInt8 DEFAULT 3, b String) ENGINE = Log")
    node.query(
        f"CREATE MATERIALIZED VIEW {cluster_database}.v ENGINE = Log AS SELECT a FROM {cluster_database}.t"
    )
    session = ClickhouseSession(node.http_dsn(cluster_database), "goose_db_version")
    catalog = session.catalog()
    session.close()
    assert [(table.name, table.engine) for table in catalog.tables] == [("t", "Log")]
    assert [(column.name, column.default) for column in catalog.tables[0].columns] == [
        ("a", "3"),
        ("b", None),
    ]
    (view,) = catalog.views
    assert (view.name, view.kind, view.engine) == ("v", "materialized", "Log")


def test_two_nodes_of_today(emulated_cluster: EmulatedCluster, emulated_database: str) -> None:
    one, two = emulated_cluster.nodes
    one.query(
        f"CREATE TABLE {emulated_database}.t ON CLUSTER 'my_cluster' (id UInt64, ts DateTime) ENGINE = MergeTree "
        "ORDER BY id TTL ts + INTERVAL 5 YEAR"
    )
    session = ClickhouseSession(one.http_dsn(emulated_database), "goose_db_version")
    found = read_cluster(session.link(), "my_cluster")
    here, there = (f"127.0.0.1:{node.port}" for node in emulated_cluster.nodes)
    assert (found.here, sorted(found.catalogs), found.silent) == (here, sorted((here, there)), [])
    assert found.catalogs[here] == found.catalogs[there]
    assert [table.ttl for table in found.catalogs[there].tables] == ["ts + toIntervalYear(5)"]
    two.query(f"ALTER TABLE {emulated_database}.t REMOVE TTL")
    found = read_cluster(session.link(), "my_cluster")
    (change,) = compare(found.catalogs[here], found.catalogs[there])
    assert (change.name, change.what, change.before, change.after) == (
        "t",
        "ttl",
        "ts + toIntervalYear(5)",
        "",
    )
    two.kill()
    assert read_cluster(session.link(), "my_cluster").silent == [there]
    session.close()


def test_a_name_by_a_macro(cluster18: Cluster18, cluster_database: str) -> None:
    session = ClickhouseSession(cluster18.node(1).http_dsn(cluster_database), "goose_db_version")
    assert known_name(session.link(), "{cluster}") == "my_cluster"
    assert known_name(session.link(), "{nope}") == "{nope}" and known_name(session.link(), "c") == "c"
    assert len(read_cluster(session.link(), "{cluster}").catalogs) == 2
    session.close()


MODERN = """
import sys
from chdb.session import Session
from greylag.databases.clickhouse.catalog.hosts import read_cluster
from greylag.databases.clickhouse.failures import number_of, raised
from greylag.databases.clickhouse.rows import read_answer
session = Session(sys.argv[1])
class Link:
    def query(self, text, settings=None):
        text += "".join(f" SETTINGS {name} = {value}" for name, value in (settings or {}).items())
        try:
            return read_answer(session.query(text, "TabSeparatedWithNamesAndTypes").bytes().decode())
        except RuntimeError as error:
            raise raised(str(error), number_of(str(error)))
session.query("CREATE DATABASE d"); session.query("CREATE TABLE d.t (a UInt8) ENGINE = MergeTree ORDER BY a")
found = read_cluster(Link(), "c")
print(found.here, list(found.catalogs), found.silent, [t.name for c in found.catalogs.values() for t in c.tables])
"""
CONFIG = """<clickhouse><logger><level>none</level></logger><tcp_port>9000</tcp_port><remote_servers><c><shard>
<replica><host>127.0.0.1</host><port>9000</port></replica><replica><host>127.0.0.2</host><port>9000</port></replica>
</shard></c></remote_servers></clickhouse>"""


def test_a_new_server_passes_the_question_on(tmp_path: Path) -> None:
    """The engine answers as the first replica; nobody is where the second should be."""
    if not is_there():
        pytest.skip(MISSING)
    (tmp_path / "config.xml").write_text(CONFIG)
    place = f"{tmp_path}/data?config-file={tmp_path}/config.xml"
    done = subprocess.run([sys.executable, "-c", MODERN, place], capture_output=True, text=True)
    assert done.stdout == "127.0.0.1:9000 ['127.0.0.1:9000'] ['127.0.0.2:9000'] ['t']\n", done.stderr
