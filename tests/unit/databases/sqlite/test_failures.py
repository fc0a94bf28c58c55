"""Error texts: ``<errstr>: <message> (<extended code>)``."""

from __future__ import annotations

import sqlite3

import pytest

from greylag.databases.sqlite.failures import driver_text, explain
from greylag.errors import ConnectError


@pytest.mark.parametrize(
    ("message", "code", "text"),
    [
        ("no such table: x", 1, "SQL logic error: no such table: x (1)"),
        ("UNIQUE constraint failed: a.n", 2067, "constraint failed: UNIQUE constraint failed: a.n (2067)"),
        ("unable to open database file", 14, "unable to open database file (14)"),
        ("attempt to write a readonly database", 8, "attempt to write a readonly database (8)"),
        ("disk I/O error", 1034, "disk I/O error (1034)"),
        ("database is locked", 5, "database is locked (5) (SQLITE_BUSY)"),
        ("database is locked", 517, "database is locked (517)"),
        ("abort due to ROLLBACK", 516, "abort due to ROLLBACK (516)"),
        ("odd", 199, "unknown error: odd (199)"),
    ],
)
def test_text_of_a_code(message: str, code: int, text: str) -> None:
    assert driver_text(message, code) == text


def test_a_real_error_keeps_its_message_and_gets_a_hint() -> None:
    connection = sqlite3.connect(":memory:")
    with pytest.raises(sqlite3.OperationalError) as caught:
        connection.execute("SELECT no_such_function()")
    connection.close()
    error = explain(caught.value, position=8)
    assert error.message == "no such function: no_such_function"
    assert error.driver_text == "SQL logic error: no such function: no_such_function (1)"
    assert error.position == 8
    assert sqlite3.sqlite_version in (error.hint or "")


def test_a_database_that_cannot_be_opened() -> None:
    with pytest.raises(sqlite3.OperationalError) as caught:
        sqlite3.connect("/no/such/folder/x.db")
    error = explain(caught.value, connecting=True)
    assert isinstance(error, ConnectError)
    assert error.driver_text == "unable to open database file (14)"
    assert "folder" in (error.hint or "")


def test_errors_without_a_code() -> None:
    assert explain(MemoryError()).driver_text == "out of memory (7)"
    assert explain(ValueError("odd")).driver_text == "odd"
