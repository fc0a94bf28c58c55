"""What ``greylag retention`` prints; tests/golden/verbs has a table in each state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from greylag.cli.retention import told_band
from greylag.environments.durations import parse_duration
from greylag.model.workspace import Retention

if TYPE_CHECKING:
    import pytest

    from tests.plugins.clickhouse import ClickhouseServer
    from tests.unit.cli.conftest import Here

WARNING = (
    "it rewrites every part at once; SETTINGS materialize_ttl_after_modify = 0 leaves them to later merges"
)
CONFIG = """
[workspace]
name = "shop"
[environments.prod]
database = { clickhouse = "%s", sqlite = "plain.db" }
[services.audit-service.databases.audit_db]
engine = "clickhouse"
retention = "5 years"
[services.plain-service.databases.plain_db]
engine = "sqlite"
"""


def prepare(here: Here, monkeypatch: pytest.MonkeyPatch, dsn: str) -> None:
    (here.base / "greylag.toml").write_text(CONFIG % dsn.rpartition("/")[2])
    for name in ("audit", "plain"):
        (here.base / f"services/{name}-service/migrations").mkdir(parents=True)
    monkeypatch.setenv("AUDIT_SERVICE_PROD_URL", dsn)
    monkeypatch.setenv("PLAIN_SERVICE_PROD_URL", f"sqlite:{here.base}/plain.db")


def test_lines_and_exit_code(
    here: Here, monkeypatch: pytest.MonkeyPatch, clickhouse: ClickhouseServer, clickhouse_database: str
) -> None:
    prepare(here, monkeypatch, clickhouse.url(clickhouse_database))
    table = f"{clickhouse_database}.events"
    clickhouse.ask(f"CREATE TABLE {table} (id UInt64, ts DateTime) ENGINE = MergeTree ORDER BY id")
    clickhouse.ask(f"INSERT INTO {table} SELECT number, now() - INTERVAL number YEAR FROM numbers(6)")
    answer = here.greylag("retention", "audit-service@prod")
    assert answer.code == 1
    assert answer.lines[0].startswith("audit-service@prod: ClickHouse 26.")
    assert answer.lines[1:] == [
        "  rows are to be kept for 5 years",
        "  bad   events  no TTL deletes rows: they are kept for ever, and 5 years are wanted",
        f"                next: ALTER TABLE {table} MODIFY TTL ts + INTERVAL 5 YEAR;",
        "                      it deletes 1 row",
        f"                      {WARNING}",
        "  1 bad",
    ]
    clickhouse.ask(f"ALTER TABLE {table} MODIFY TTL ts + INTERVAL 5 YEAR SETTINGS mutations_sync = 2")
    answer = here.greylag("retention", "audit-service@prod")
    assert (answer.code, answer.lines[-1]) == (0, "  nothing is wrong")


def test_documents(
    here: Here, monkeypatch: pytest.MonkeyPatch, clickhouse: ClickhouseServer, clickhouse_database: str
) -> None:
    prepare(here, monkeypatch, clickhouse.url(clickhouse_database))
    audit, plain = here.greylag("retention", "*@prod", "--json").json()
    assert (audit["target"], audit["bad"], audit["tables"], audit["min"]) == (
        "audit-service@prod",
        False,
        [],
        "5 years",
    )
    assert plain["tables"] == [] and plain["reason"] == "sqlite has no TTL: only ClickHouse is judged"


def test_one_that_cannot_be_reached(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare(here, monkeypatch, "http://ann:secret@127.0.0.1:1/x")
    answer = here.greylag("retention", "*@prod")
    assert answer.code == 1 and "audit-service@prod" in answer.err and "secret" not in answer.out + answer.err
    assert answer.lines == ["plain-service@prod: sqlite has no TTL: only ClickHouse is judged"]
    audit, _ = here.greylag("retention", "*@prod", "--json").json()
    assert set(audit) == {"target", "error"}


def test_bands() -> None:
    one, two = parse_duration("90 days"), parse_duration("1 year")
    assert told_band(Retention(one, one)) == "for 90 days"
    assert told_band(Retention(one, two)) == "for 90 days to 1 year"
    assert told_band(Retention(one, None)) == "for at least 90 days"
    assert told_band(Retention(None, two)) == "for at most 1 year"
