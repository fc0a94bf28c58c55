"""Statements of the version table: goose's own, byte for byte where a server shows them."""

from __future__ import annotations

from greylag.databases.clickhouse import history


def test_the_definition() -> None:
    text = history.create_table("app.versions")
    assert " ".join(text.split()) == (
        "CREATE TABLE IF NOT EXISTS app.versions ( version_id Int64, is_applied UInt8, date Date default now(), "
        "tstamp DateTime default now() ) ENGINE = MergeTree() ORDER BY (date)"
    )


def test_reading() -> None:
    assert history.list_rows("t") == "SELECT version_id, is_applied FROM t ORDER BY version_id DESC"
    assert history.list_stamps("t").endswith("FROM t ORDER BY tstamp DESC LIMIT 1 BY version_id")


def test_writing() -> None:
    assert history.write_row("t", "up", 7) == "INSERT INTO t (version_id, is_applied) VALUES (7, 1)"
    down = history.write_row("t", "down", 7)
    assert down == "ALTER TABLE t DELETE WHERE version_id = 7 SETTINGS mutations_sync = 2"
