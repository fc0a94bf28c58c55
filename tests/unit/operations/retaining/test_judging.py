"""One table, one verdict."""

from __future__ import annotations

import pytest

from greylag.databases.clickhouse.ages import Age
from greylag.databases.clickhouse.catalog.columns import type_of
from greylag.environments.durations import parse_duration
from greylag.model.catalog.parts import Column
from greylag.model.catalog.tables import Table
from greylag.model.workspace import Retention
from greylag.operations.retaining.judging import Verdict, judge

COLUMNS = (
    Column("id", type_of("UInt64")),
    Column("ts", type_of("DateTime64(3, 'UTC')")),
    Column("d", type_of("Date")),
    Column("s", type_of("LowCardinality(String)")),
    Column("u", type_of("UInt32")),
)


def band(least: str | None, most: str | None) -> Retention:
    return Retention(parse_duration(least) if least else None, parse_duration(most) if most else None)


FIVE = band("5 years", "5 years")
BAND = band("90 days", "1 year")


def verdict(ttl: str, retention: Retention = FIVE, age: Age | None = None, **other: object) -> Verdict:
    table = Table("audit_db", "events", COLUMNS, engine="MergeTree", ttl=ttl, partition_key="toYYYYMM(ts)")
    return judge(table._replace(**other), retention, age)


def kinds(found: Verdict) -> list[str]:
    assert (found.state == "bad") == bool(found.problems)
    return [problem.kind for problem in found.problems]


@pytest.mark.parametrize(
    "ttl",
    [
        "toDateTime(ts) + toIntervalYear(5)", "d + 1826", "d + 1825", "d + toIntervalDay(1827)", "d + toIntervalMonth(60)",
        "toDate(ts) + toIntervalYear(5)", "toDateTime(u) + toIntervalYear(5)", "toDateTime(ts) + 157766400",
        "d + toIntervalDay(3) TO VOLUME 'cold', d + toIntervalYear(5)",
        "d + toIntervalYear(5), d + toIntervalYear(6) WHERE id = 1",
    ],
)  # fmt: skip
def test_five_years_are_five_years(ttl: str) -> None:
    found = verdict(ttl)
    assert kinds(found) == [] and found.state == "ok" and found.fix is None


@pytest.mark.parametrize(
    ("ttl", "retention", "expected"),
    [
        ("d + toIntervalDay(1824)", FIVE, ["too-short"]),
        ("d + toIntervalDay(1828)", FIVE, ["too-long"]),
        ("d + toIntervalYear(10)", FIVE, ["too-long"]),
        ("toStartOfMonth(d) + toIntervalYear(5)", FIVE, ["too-short"]),
        ("toLastDayOfMonth(d) + toIntervalYear(5)", FIVE, ["too-long"]),
        ("", FIVE, ["no-ttl"]),
        ("d + toIntervalDay(3) TO VOLUME 'cold'", FIVE, ["no-ttl"]),
        ("d + toIntervalYear(5) WHERE id = 1", FIVE, ["no-ttl"]),
        ("d + toIntervalYear(5) GROUP BY id SET u = max(u)", FIVE, ["no-ttl"]),
        ("d + toIntervalYear(5), d + toIntervalDay(30) WHERE id = 1", FIVE, ["too-short"]),
        ("toDateTime(s) + toIntervalYear(5)", FIVE, ["not-a-time"]),
        ("d", FIVE, ["unclear"]),
        ("if(id > 3, d + toIntervalDay(1), d)", FIVE, ["unclear"]),
        ("d + toIntervalDay(89)", BAND, ["too-short"]),
        ("d + toIntervalDay(90)", BAND, []),
        ("d + toIntervalMonth(3)", BAND, []),
        ("d + toIntervalDay(366)", BAND, []),
        ("d + toIntervalYear(1)", BAND, []),
        ("d + toIntervalMonth(13)", BAND, ["too-long"]),
        ("", band("1 year", None), []),
        ("d + toIntervalYear(9)", band("1 year", None), []),
        ("d + toIntervalDay(9)", band(None, "1 year"), []),
    ],
)
def test_bands(ttl: str, retention: Retention, expected: list[str]) -> None:
    assert kinds(verdict(ttl, retention)) == expected


def test_what_is_said() -> None:
    found = verdict("toDateTime(ts) + toIntervalDay(90)")
    assert found.problems[0].text == "rows go after 90 days by toDateTime(ts), and 5 years are wanted"
    assert found.keeps == "90 days by toDateTime(ts)"
    assert "up to 31 days sooner" in verdict("toStartOfMonth(d) + toIntervalYear(5)").problems[0].text
    assert verdict("", BAND).problems[0].text.endswith("and 90 days to 1 year are wanted")
    assert verdict("", band(None, "1 year")).problems[0].text.endswith("and at most 1 year are wanted")
    assert verdict("d", band("1 year", None)).problems[0].text.endswith("and at least 1 year are wanted")


def test_kept_on_purpose() -> None:
    found = verdict("", comment="greylag: keep for ever because the law says so")
    assert (found.state, found.notes, kinds(found)) == ("kept", ["because the law says so"], [])
    assert kinds(verdict("", comment="greylag: keep for ever")) == ["no-reason"]
    assert kinds(verdict("", comment="greylag: keep for ever because ")) == ["no-reason"]


def test_engines_and_tables_without_a_time() -> None:
    assert verdict("", engine="Memory").state == "none"
    assert verdict("", engine="Distributed('c', 'd', 't')").notes == ["Distributed: no rows are kept here"]
    assert kinds(verdict("", engine="Log")) == ["no-ttl-engine"]
    assert verdict("", band("1 year", None), engine="Log").state == "ok"
    lookup = verdict("", columns=COLUMNS[:1])
    assert lookup.state == "none" and "no column of a time" in lookup.notes[0]
    assert verdict("", engine="Log", columns=COLUMNS[:1]).state == "none"


def test_what_is_left() -> None:
    five = "toDateTime(ts) + toIntervalYear(5)"
    over = Age(9, 900, "", 5, 500, "2026-01-01 00:00:00", 2 * 86400)
    found = verdict(five, age=over)
    assert kinds(found) == ["overdue"] and "5 rows (500 bytes)" in found.problems[0].text
    assert found.fix is not None and found.fix.statement == "ALTER TABLE audit_db.events MATERIALIZE TTL"
    soon = verdict(five, age=over._replace(overdue_seconds=3600))
    assert kinds(soon) == [] and "go with the next merges" in soon.notes[0]
    old = verdict(five, age=Age(9, 900, uncomputed_rows=3))
    assert kinds(old) == [] and old.notes[0].startswith("parts with 3 rows are older than the TTL")
    assert kinds(verdict("", age=over)) == ["no-ttl"]


def test_notes_are_no_faults() -> None:
    ip = Column("ip", type_of("String"), ttl="d + toIntervalDay(90)")
    found = verdict(
        "d + toIntervalYear(1) GROUP BY id SET u = max(u), d + toIntervalYear(5)", columns=(*COLUMNS, ip)
    )
    assert found.state == "ok"
    assert found.notes == [
        "rows are rolled up after 1 year by d already",
        "ip is emptied after 90 days by d already",
    ]
