"""The version table's statements do on a real SQLite what they are for."""

from __future__ import annotations

import sqlite3

import pytest

from greylag.databases.sqlite import history


def test_the_definition_is_stored_as_goose_stores_it() -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute(history.create_table("goose_db_version"))
    stored = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'goose_db_version'").fetchone()[0]
    connection.close()
    assert stored == (
        "CREATE TABLE goose_db_version (\n\t\tid INTEGER PRIMARY KEY AUTOINCREMENT,\n"
        "\t\tversion_id INTEGER NOT NULL,\n\t\tis_applied INTEGER NOT NULL,\n"
        "\t\ttstamp TIMESTAMP DEFAULT (datetime('now'))\n\t)"
    )


def test_rows_are_written_listed_and_taken_away() -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute(history.create_table("v"))
    for version in (1, 3, 2, 3):
        connection.execute(history.write_row("v", "up"), (version, 1))
    connection.execute("UPDATE v SET tstamp = '2025-01-0' || (5 - id)")
    assert [row[0] for row in connection.execute(history.list_rows("v"))] == [3, 2, 3, 1]
    assert [row[2] for row in connection.execute(history.list_stamps("v"))] == [1, 3, 2, 3]
    connection.execute("UPDATE v SET tstamp = NULL")
    assert [row[2] for row in connection.execute(history.list_stamps("v"))] == [1, 3, 2, 3]
    connection.execute(history.write_row("v", "down"), (3,))
    assert [row[0] for row in connection.execute(history.list_rows("v"))] == [2, 1]
    connection.close()


@pytest.mark.parametrize(
    ("table", "parts"),
    [
        ("goose_db_version", ("", "goose_db_version")),
        ("main.v", ("main", "v")),
        ('"a ""b"', ("", 'a "b')),
        ("[a b]", ("", "a b")),
        ("`m`.`v`", ("m", "v")),
        ("'v'", ("", "v")),
    ],
)
def test_the_name_of_a_version_table(table: str, parts: tuple[str, str]) -> None:
    assert history.split_name(table) == parts
