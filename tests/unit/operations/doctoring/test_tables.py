"""Checks of ClickHouse's tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from greylag.databases.clickhouse.examination import examine
from greylag.databases.clickhouse.session import ClickhouseSession
from greylag.environments.resolution import Request, resolve
from greylag.model.examination import Examination
from greylag.model.server import Server
from greylag.operations.connect import connect
from greylag.operations.doctoring import tables
from greylag.operations.doctoring.finding import Subject

if TYPE_CHECKING:
    from pathlib import Path

    from greylag.operations.doctoring.finding import Finding
    from tests.plugins.clickhouse import ClickhouseServer
    from tests.plugins.cluster18 import Cluster18

SERVER = Server("clickhouse", "26.9", "h", 8123, "d", "default")
CONFIG = """
[workspace]
name = "shop"
[environments.prod]
[services.audit-service.databases.audit_db]
engine = "clickhouse"
"""


def subject(base: Path, dsn: str, config: str = "", facts: dict[str, Any] | None = None) -> Subject:
    (base / "services/audit-service/migrations").mkdir(parents=True, exist_ok=True)
    (base / "greylag.toml").write_text(CONFIG + config)
    resolution = resolve(Request(str(base), {}, ["audit-service@prod"], dsn=dsn))
    target = resolution.targets[0]
    if facts is not None:
        return Subject(target, "", "goose_db_version", Examination(SERVER, facts, {}), [])
    session = ClickhouseSession(dsn, "goose_db_version")
    found = tables.with_tables(examine(session), session, target, resolution)
    session.close()
    return Subject(target, "", "goose_db_version", found, [])


def told(findings: Any) -> list[tuple[str, str]]:
    found: list[Finding] = list(findings)
    return [(each.level, each.text) for each in found]


def test_retention(clickhouse: ClickhouseServer, clickhouse_database: str, tmp_path: Path) -> None:
    dsn = clickhouse.url(clickhouse_database)
    clickhouse.ask(
        f"CREATE TABLE {clickhouse_database}.t (id UInt64, ts DateTime) ENGINE = MergeTree ORDER BY id"
    )
    found = subject(tmp_path, dsn, 'retention = "5 years"')
    assert "hosts" not in found.facts
    bad, note = tables.retention(found)
    assert (bad.level, bad.text.partition(":")[0]) == ("bad", "t")
    assert bad.next == (f"ALTER TABLE {clickhouse_database}.t MODIFY TTL ts + INTERVAL 5 YEAR;",)
    assert note.next == ("greylag retention audit-service@prod",)
    clickhouse.ask(f"ALTER TABLE {clickhouse_database}.t MODIFY TTL ts + INTERVAL 5 YEAR")
    found = subject(tmp_path, dsn, 'retention = "5 years"')
    assert told(tables.retention(found)) == [("ok", "the TTL of 1 table is as configured")]
    assert "retention" not in subject(tmp_path, dsn).facts


def test_what_merges_will_do_is_no_failure(tmp_path: Path) -> None:
    facts = {
        "retention": {"tables": 1, "problems": [["t", "overdue", "3 rows", "ALTER TABLE t MATERIALIZE TTL"]]}
    }
    assert told(tables.retention(subject(tmp_path, "http://h:1/d", facts=facts)))[0] == ("warn", "t: 3 rows")


def test_hosts(cluster18: Cluster18, cluster_database: str, tmp_path: Path) -> None:
    one, two = cluster18.nodes
    dsn, cluster = one.http_dsn(cluster_database), 'cluster = "my_cluster"'
    assert told(tables.hosts(subject(tmp_path, dsn, cluster))) == [
        ("ok", "2 hosts of my_cluster with one schema")
    ]
    two.query(f"CREATE TABLE {cluster_database}.t (id UInt64) ENGINE = Log")
    (difference,) = tables.hosts(subject(tmp_path, dsn, cluster))
    assert difference.level == "bad" and difference.text.startswith(f"127.0.0.1:{two.native} has the table t")
    ((level, text),) = told(tables.hosts(subject(tmp_path, dsn, 'cluster = "{nope}"')))
    assert (level, text) == ("bad", "the server knows no cluster {nope}")
    two.kill()
    assert ("warn", f"127.0.0.1:{two.native} of my_cluster does not answer") in told(
        tables.hosts(subject(tmp_path, dsn, 'cluster = "{cluster}"'.replace("{cluster}", "my_cluster")))
    )


def test_an_embedded_engine_is_in_no_cluster(tmp_path: Path) -> None:
    pytest.importorskip("chdb")
    found = subject(tmp_path, f"chdb://{tmp_path}/data?database=d", 'cluster = "c"\nretention = "5 years"')
    assert "hosts" not in found.facts and found.facts["retention"] == {"tables": 0, "problems": []}


def test_a_host_that_differs_in_everything(tmp_path: Path) -> None:
    found = {"cluster": "c", "answered": 2, "silent": [], "differences": {"b": [f"x{n}" for n in range(30)]}}
    lines = told(tables.hosts(subject(tmp_path, "http://h:1/d", facts={"hosts": found})))
    assert len(lines) == 21 and lines[-1] == ("bad", "b differs in 10 more places")


def test_other_engines_are_left_alone(tmp_path: Path) -> None:
    session = connect("sqlite3", str(tmp_path / "x.db"), "t")
    examination = Examination(SERVER, {"rows": []}, {})
    place = subject(tmp_path, "http://h:1/d", 'retention = "5 years"', facts={})
    resolution = resolve(Request(str(tmp_path), {}, ["audit-service@prod"], dsn="sqlite:x.db"))
    assert tables.with_tables(examination, session, place.target, resolution) is examination
    session.close()
