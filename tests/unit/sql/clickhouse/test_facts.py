"""What statements do, read from their text."""

from __future__ import annotations

import pytest

from greylag.model.deeds import Deed, Deeds
from greylag.sql.clickhouse.facts import examine


def deeds(text: str) -> Deeds:
    facts = examine(text)
    assert facts.alone
    assert facts.deeds is not None
    return facts.deeds


@pytest.mark.parametrize(
    ("text", "kind", "deed"),
    [
        ("CREATE TABLE t (a Int8) ENGINE = Memory", "create table", Deed("table", table="t")),
        ("create table if not exists d.`t x` (a Int8)", "create table", Deed("table", "d", "t x")),
        ("CREATE OR REPLACE TABLE t AS u", "create table", Deed("table", table="t")),
        ("CREATE MATERIALIZED VIEW v TO t AS SELECT 1", "create materialized view", Deed("table", table="v")),
        ("CREATE DICTIONARY d (a Int8) PRIMARY KEY a", "create dictionary", Deed("table", table="d")),
        ("CREATE DATABASE x", "create database", Deed("database", name="x")),
        ("CREATE INDEX i ON t (a) TYPE minmax", "create index", Deed("index", table="t", name="i")),
        ("CREATE FUNCTION f AS (x) -> x", "create function", Deed("function", name="f")),
        ("CREATE USER u IDENTIFIED BY 'x'", "create user", Deed("user", name="u")),
        ("DROP VIEW d.v", "drop view", Deed("table", "d", "v", present=False)),
        ("DROP DATABASE x SYNC", "drop database", Deed("database", name="x", present=False)),
        ("DROP INDEX i ON t", "drop index", Deed("index", table="t", name="i", present=False)),
        ("DETACH TABLE t PERMANENTLY", "detach table", Deed("table", table="t", present=False)),
        ("ATTACH TABLE t", "attach table", Deed("table", table="t")),
        ("UNDROP TABLE t", "undrop table", Deed("table", table="t")),
        ("RENAME TABLE a TO d.b", "rename table", Deed("table", table="a", to="b", to_database="d")),
        ("RENAME DATABASE a TO b", "rename database", Deed("database", name="a", to="b")),
    ],
)
def test_one_deed(text: str, kind: str, deed: Deed) -> None:
    assert (deeds(text).kind, deeds(text).deeds) == (kind, (deed,))


def test_several_tables() -> None:
    assert [deed.table for deed in deeds("DROP TABLE a, b").deeds] == ["a", "b"]
    pairs = deeds("RENAME TABLE a TO b, c TO d").deeds
    assert [(deed.table, deed.to) for deed in pairs] == [("a", "b"), ("c", "d")]
    swap = deeds("EXCHANGE TABLES d.a AND b")
    assert (swap.swaps, swap.database, swap.table) == (True, "d", "a")


@pytest.mark.parametrize(
    "text",
    [
        "CREATE TABLE IF NOT EXISTS t (a Int8)",
        "CREATE OR REPLACE VIEW v AS SELECT 1",
        "DROP TABLE IF EXISTS t",
        "ALTER TABLE t ADD COLUMN IF NOT EXISTS a Int8, DROP INDEX IF EXISTS i",
        "ALTER TABLE t MODIFY COLUMN a Int8",
        "ALTER TABLE t MODIFY TTL d + INTERVAL 1 DAY",
        "ALTER TABLE t MODIFY SETTING a = 1, b = 2",
        "ALTER TABLE t MATERIALIZE INDEX i",
        "ALTER TABLE t COMMENT COLUMN a 'x'",
        "ALTER TABLE t DELETE WHERE a = 1 SETTINGS mutations_sync = 1, alter_sync = 2",
        "DELETE FROM t WHERE a = 1",
        "TRUNCATE TABLE t",
        "OPTIMIZE TABLE t FINAL",
        "GRANT SELECT ON d.* TO u",
        "SET a = 1",
        "SYSTEM FLUSH LOGS",
        "(SELECT 1)",
    ],
)
def test_what_may_be_sent_again(text: str) -> None:
    assert examine(text).repeatable


@pytest.mark.parametrize(
    "text",
    [
        "CREATE TABLE t (a Int8)",
        "CREATE TABLE IF NOT EXISTS t ENGINE = Memory AS SELECT 1",
        "DROP TABLE t",
        "ALTER TABLE t ADD COLUMN a Int8",
        "ALTER TABLE t RENAME COLUMN a TO b",
        "ALTER TABLE t UPDATE a = a + 1, b = 2 WHERE 1",
        "ALTER TABLE t ATTACH PARTITION 1 FROM u",
        "RENAME TABLE a TO b",
        "EXCHANGE TABLES a AND b",
        "INSERT INTO t SELECT 1",
        "UPDATE t SET a = 1 WHERE 1",
        "FROBNICATE t",
        "",
    ],
)
def test_what_may_not(text: str) -> None:
    assert not examine(text).repeatable


def test_rows_that_no_system_table_shows() -> None:
    assert deeds("CREATE TABLE t ENGINE = Memory AS SELECT 1").fills
    assert deeds("CREATE TABLE t ENGINE = Memory AS (SELECT 1)").fills
    assert deeds("CREATE MATERIALIZED VIEW v ENGINE = Memory POPULATE AS SELECT 1").fills
    assert not deeds("CREATE TABLE t AS u").fills
    assert not deeds("CREATE TABLE t (a Int8, PROJECTION p (SELECT a ORDER BY a)) ENGINE = MergeTree").fills
    assert not deeds("CREATE TABLE t ENGINE = Memory EMPTY AS SELECT 1").fills
    assert not deeds("CREATE VIEW v AS SELECT 1").fills


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("INSERT INTO d.t SELECT 1", "insert select"),
        ("INSERT INTO TABLE d.t (a, b) VALUES (1, 2)", "insert values"),
        ("INSERT INTO d.t WITH 1 AS x SELECT x", "insert select"),
        ("INSERT INTO d.t FORMAT CSV 1", "insert values"),
    ],
)
def test_inserts(text: str, kind: str) -> None:
    found = deeds(text)
    assert (found.kind, found.database, found.table, found.fills) == (kind, "d", "t", True)


def test_clusters_and_settings() -> None:
    assert deeds("CREATE TABLE t ON CLUSTER 'my cluster' (a Int8)").cluster == "my cluster"
    assert deeds("ALTER TABLE d.t ON CLUSTER c ADD COLUMN a Int8").cluster == "c"
    assert deeds("RENAME TABLE a TO b ON CLUSTER `c`").cluster == "c"
    assert deeds("DELETE FROM t WHERE a IN (1) SETTINGS lightweight_deletes_sync = 0").settings == {
        "lightweight_deletes_sync"
    }


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("CREATE TABLE t ON CLUSTER c (x Int8) ENGINE = Memory", "CREATE TABLE t  (x Int8) ENGINE = Memory"),
        ("DROP TABLE t ON CLUSTER '{cluster}'", "DROP TABLE t "),
        ("ALTER TABLE `ON` on  cluster `c` ADD COLUMN x Int8 COMMENT 'ON CLUSTER d'",
         "ALTER TABLE `ON`  ADD COLUMN x Int8 COMMENT 'ON CLUSTER d'"),
        ("CREATE TABLE t (x Int8) ENGINE = Memory", "CREATE TABLE t (x Int8) ENGINE = Memory"),
    ],
)  # fmt: skip
def test_where_on_cluster_stands(text: str, left: str) -> None:
    deeds = examine(text).deeds
    assert deeds is not None
    start, end = deeds.clause
    assert text[:start] + text[end:] == left
