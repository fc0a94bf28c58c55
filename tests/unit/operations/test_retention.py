"""Tables of a real engine against a configured time, and the ALTERs that are proposed run on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.databases.clickhouse.session import ClickhouseSession
from greylag.environments.resolution import Request, Resolution, resolve
from greylag.errors import DatabaseError, TargetError
from greylag.operations.connect import connect
from greylag.operations.retention import cluster_of, database_of, examine_retention, why_unjudged

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from greylag.operations.retaining.judging import Verdict
    from greylag.operations.retention import Keeping
    from tests.plugins.clickhouse import ClickhouseServer
    from tests.plugins.cluster18 import Cluster18

CONFIG = """
[workspace]
name = "shop"
[environments.prod]
[services.audit-service.databases.audit_db]
engine = "clickhouse"
"""
ENGINE = "ENGINE = MergeTree ORDER BY id"
LATE = "merge_with_ttl_timeout = 1000000"


class Ground:
    """A database of the engine as a target of a workspace."""

    def __init__(self, base: Path, dsn: str, config: str) -> None:
        (base / "services/audit-service/migrations").mkdir(parents=True, exist_ok=True)
        (base / "greylag.toml").write_text(CONFIG + config)
        self.resolution: Resolution = resolve(Request(str(base), {}, ["audit-service@prod"], dsn=dsn))
        self.session = ClickhouseSession(dsn, "goose_db_version")

    def play(self, *texts: str) -> None:
        for text in texts:
            self.session.link().execute(text)

    def look(self, *, counting: bool = True) -> Keeping:
        return examine_retention(self.session, self.resolution.targets[0], self.resolution, counting=counting)

    def verdicts(self) -> dict[str, Verdict]:
        return {verdict.name: verdict for verdict in self.look().verdicts}

    def states(self) -> dict[str, list[str]]:
        return {name: [each.kind for each in found.problems] for name, found in self.verdicts().items()}


@pytest.fixture
def ground(clickhouse: ClickhouseServer, clickhouse_database: str, tmp_path: Path) -> Iterator[Ground]:
    made = Ground(tmp_path, clickhouse.url(clickhouse_database), 'retention = "5 years"')
    yield made
    made.session.close()


def test_what_is_proposed_mends(ground: Ground) -> None:
    """Every ALTER is accepted, deletes as many rows as was said, and leaves nothing to be said."""
    ground.play(
        f"CREATE TABLE none (id UInt64, `odd ts` DateTime DEFAULT now()) {ENGINE}",
        "INSERT INTO none SELECT number, now() - INTERVAL number YEAR FROM numbers(9)",
        f"CREATE TABLE long (id UInt64, ts DateTime64(3, 'UTC')) {ENGINE} TTL toDateTime(ts) + INTERVAL 10 YEAR",
        "INSERT INTO long SELECT number, now() - INTERVAL number YEAR FROM numbers(8)",
        f"CREATE TABLE short (id UInt64, ts DateTime) {ENGINE} "
        "TTL ts + INTERVAL 90 DAY, ts + INTERVAL 3 DAY TO VOLUME 'default', ts + INTERVAL 9 DAY DELETE WHERE id = 3",
        f"CREATE TABLE words (id UInt64, s String, ts DateTime) {ENGINE} TTL toDateTime(s) + INTERVAL 5 YEAR",
        f"CREATE TABLE month (id UInt64, ts DateTime) {ENGINE} TTL toStartOfMonth(ts) + INTERVAL 5 YEAR",
        f"CREATE TABLE some (id UInt64, ts DateTime) {ENGINE} TTL ts + INTERVAL 5 YEAR DELETE WHERE id > 3",
    )
    before = ground.verdicts()
    assert {name: [each.kind for each in found.problems] for name, found in before.items()} == {
        "long": ["too-long"], "month": ["too-short"], "none": ["no-ttl"], "short": ["too-short", "too-short"],
        "some": ["no-ttl"], "words": ["not-a-time"],
    }  # fmt: skip
    assert {name: found.deletes for name, found in before.items()} == {
        "long": 3, "month": None, "none": 4, "short": None, "some": 0, "words": 0,
    }  # fmt: skip
    for name, found in before.items():
        assert found.fix is not None
        (rows,) = ground.session.link().query(f"SELECT count() FROM `{name}`").rows[0]
        ground.play(found.fix.statement + " SETTINGS mutations_sync = 2", f"OPTIMIZE TABLE `{name}` FINAL")
        assert ground.session.link().query(f"SELECT count() FROM `{name}`").rows == [
            [str(int(rows or 0) - (found.deletes or 0))]
        ]
    assert not ground.look().is_bad and set(map(tuple, ground.states().values())) == {()}


def test_rows_that_are_due(ground: Ground) -> None:
    old = "SELECT number, now() - INTERVAL 6 YEAR FROM numbers(9)"
    ground.play(
        f"CREATE TABLE stopped (id UInt64, ts DateTime) {ENGINE} TTL ts + INTERVAL 5 YEAR SETTINGS {LATE}",
        "SYSTEM STOP TTL MERGES stopped",
        f"INSERT INTO stopped {old}",
        f"CREATE TABLE late (id UInt64, ts DateTime) {ENGINE}",
        f"INSERT INTO late {old}",
        "ALTER TABLE late MODIFY TTL ts + INTERVAL 5 YEAR SETTINGS materialize_ttl_after_modify = 0",
        f"CREATE TABLE longer (id UInt64, ts DateTime) {ENGINE} TTL ts + INTERVAL 90 DAY SETTINGS {LATE}",
        "SYSTEM STOP TTL MERGES longer",
        "INSERT INTO longer SELECT number, now() - INTERVAL 1 YEAR FROM numbers(9)",
        "ALTER TABLE longer MODIFY TTL ts + INTERVAL 5 YEAR SETTINGS materialize_ttl_after_modify = 0",
    )
    found = ground.verdicts()
    assert ground.states() == {"late": ["overdue"], "longer": [], "stopped": ["overdue"]}
    assert found["late"].problems[0].text.startswith("9 rows are older than the TTL")
    assert "(" in found["stopped"].problems[0].text and found["stopped"].age is not None
    assert found["stopped"].age.overdue_rows == 9
    assert found["longer"].notes == [
        "parts carry the times of an earlier TTL: the next merges reckon them anew"
    ]
    parts = {
        verdict.name: [each.kind for each in verdict.problems]
        for verdict in ground.look(counting=False).verdicts
    }
    assert parts == {"late": [], "longer": [], "stopped": ["overdue"]}
    fix = found["late"].fix
    assert fix is not None and fix.statement.endswith(".late MATERIALIZE TTL")
    ground.play(fix.statement + " SETTINGS mutations_sync = 2", "OPTIMIZE TABLE late FINAL")
    assert ground.states()["late"] == []


def test_all_kinds_of_tables(ground: Ground) -> None:
    ground.play(
        f"CREATE TABLE good (id UInt64, ts DateTime) {ENGINE} TTL ts + INTERVAL 5 YEAR",
        "CREATE TABLE memory (ts DateTime) ENGINE = Memory",
        "CREATE TABLE log (ts DateTime) ENGINE = Log",
        "CREATE TABLE merged AS good ENGINE = Merge(currentDatabase(), 'good')",
        f"CREATE TABLE lookup (id UInt64, name String) {ENGINE}",
        f"CREATE TABLE kept (id UInt64, ts DateTime) {ENGINE} COMMENT 'greylag: keep for ever because it is the law'",
        "CREATE VIEW seen AS SELECT * FROM good",
        "CREATE MATERIALIZED VIEW hidden ENGINE = MergeTree ORDER BY ts AS SELECT ts FROM good",
        "CREATE MATERIALIZED VIEW fine ENGINE = MergeTree ORDER BY ts TTL ts + INTERVAL 5 YEAR AS SELECT ts FROM good",
        "CREATE MATERIALIZED VIEW onto TO good AS SELECT 1 AS id, ts FROM log",
        "CREATE DICTIONARY d (id UInt64, name String) PRIMARY KEY id SOURCE(CLICKHOUSE(TABLE 'lookup')) "
        "LIFETIME(0) LAYOUT(FLAT())",
    )
    ground.session.create_history()
    assert {name: verdict.state for name, verdict in ground.verdicts().items()} == {
        "good": "ok", "memory": "none", "log": "bad", "merged": "none", "lookup": "none", "kept": "kept",
        "hidden": "bad", "fine": "ok",
    }  # fmt: skip
    hidden = ground.verdicts()["hidden"]
    assert hidden.fix is None and "with TO" in hidden.notes[0]


def test_text_for_a_time_and_no_other_column(ground: Ground) -> None:
    ground.play(
        f"CREATE TABLE t (id UInt64, s String) {ENGINE} TTL parseDateTimeBestEffort(s) + INTERVAL 9 YEAR"
    )
    assert ground.states() == {"t": ["not-a-time"]} and ground.verdicts()["t"].fix is None


def test_a_count_that_fails_is_said(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> int:
        raise DatabaseError("Timeout exceeded: elapsed 60 seconds", driver_text="")

    ground.play(f"CREATE TABLE t (id UInt64, ts DateTime) {ENGINE}")
    monkeypatch.setattr("greylag.operations.retention.count_due", refuse)
    found = ground.verdicts()["t"]
    assert found.deletes is None and found.fix is not None
    assert found.notes == ["rows were not counted: Timeout exceeded: elapsed 60 seconds"]


@pytest.mark.parametrize(
    ("config", "least", "most"),
    [
        ('retention = "90 days"', "90 days", "90 days"),
        ('retention = { min = "90 days", max = "1 year" }', "90 days", "1 year"),
    ],
)
def test_the_config(
    clickhouse: ClickhouseServer, clickhouse_database: str, tmp_path: Path, config: str, least: str, most: str
) -> None:
    ground = Ground(tmp_path, clickhouse.url(clickhouse_database), f'cluster = "c"\n{config}')
    keeping = ground.look()
    assert (str(keeping.retention.min), str(keeping.retention.max), keeping.cluster) == (least, most, "c")
    assert keeping.verdicts == [] and not keeping.is_bad
    ground.play(f"CREATE TABLE t (id UInt64, ts DateTime) {ENGINE}")
    fix = ground.verdicts()["t"].fix
    assert fix is not None and " ON CLUSTER 'c' MODIFY TTL ts + INTERVAL " in fix.statement
    ground.session.close()
    local = resolve(Request(str(tmp_path), {}, ["audit-service@local"]))
    assert database_of(local.targets[0], local) is not None and cluster_of(local.targets[0], local) == ""


def test_nothing_to_judge(tmp_path: Path) -> None:
    ground = Ground(tmp_path, "http://127.0.0.1:1/x", "")
    reason = why_unjudged(ground.resolution.targets[0], ground.resolution)
    assert "no time is configured" in reason and "services.audit-service.databases.audit_db" in reason
    (tmp_path / "m").mkdir()
    plain = resolve(Request(str(tmp_path / "m"), {}, dsn="sqlite:x.db", folder="."))
    assert "no time is configured" in why_unjudged(plain.targets[0], plain)
    config = (
        'retention = "5 years"\n[services.audit-service.databases.lite]\nengine = "sqlite"\nmigrations = "x"'
    )
    (tmp_path / "greylag.toml").write_text(CONFIG + config)
    lite, audit = (
        resolve(Request(str(tmp_path), {}, [f"audit-service/{key}@prod"])) for key in ("lite", "audit_db")
    )
    assert why_unjudged(lite.targets[0], lite) == "sqlite has no TTL: only ClickHouse is judged"
    assert why_unjudged(audit.targets[0], audit) == ""


def test_another_engine_than_the_config_says(tmp_path: Path) -> None:
    ground = Ground(tmp_path, "http://127.0.0.1:1/x", 'retention = "5 years"')
    session = connect("sqlite3", str(tmp_path / "x.db"), "goose_db_version")
    with pytest.raises(TargetError, match="only ClickHouse has a TTL"):
        examine_retention(session, ground.resolution.targets[0], ground.resolution)
    session.close()


def test_a_server_without_ttl(cluster18: Cluster18, cluster_database: str, tmp_path: Path) -> None:
    ground = Ground(tmp_path, cluster18.node(1).http_dsn(cluster_database), 'retention = "5 years"')
    ground.play("CREATE TABLE t (id UInt64, ts DateTime) ENGINE = MergeTree ORDER BY id")
    assert ground.states() == {"t": ["no-ttl-server"]} and ground.verdicts()["t"].fix is None
    ground.session.close()
