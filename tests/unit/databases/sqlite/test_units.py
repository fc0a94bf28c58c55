"""Units of several statements, parameters, stray bytes: what runs, what fails, and where."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from greylag.databases.sqlite.units import PieceError, locate, run_unit

if TYPE_CHECKING:
    from collections.abc import Iterator

TRIGGER = """CREATE TRIGGER g AFTER INSERT ON t WHEN new.v < 3 BEGIN
  INSERT INTO t SELECT CASE WHEN 1 THEN new.v + 1 END; SELECT 1;
END"""


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    made = sqlite3.connect(":memory:", isolation_level=None)
    made.text_factory = bytes
    made.execute("CREATE TABLE t (v)")
    yield made
    made.close()


def rows(connection: sqlite3.Connection) -> list[object]:
    return [row[0] for row in connection.execute("SELECT v FROM t ORDER BY rowid")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("INSERT INTO t VALUES (1)", [1]),
        ("INSERT INTO t VALUES (1); INSERT INTO t VALUES (2);", [1, 2]),
        (";;INSERT INTO t VALUES (1);;\n;-- done", [1]),
        ("INSERT INTO t VALUES ('a;b'); INSERT INTO t VALUES ('it''s;'); -- ;\n/* ; */", [b"a;b", b"it's;"]),
        (
            'CREATE TABLE "a;b" (v); CREATE TABLE [c;d] (v); CREATE TABLE `e;f` (v); INSERT INTO t VALUES (3)',
            [3],
        ),
        (f"{TRIGGER}; INSERT INTO t VALUES (2);", [2, 3]),
        (
            "EXPLAIN QUERY PLAN CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END; INSERT INTO t VALUES (4)",
            [4],
        ),
        ("INSERT INTO t VALUES (1)\0; INSERT INTO nothing", [1]),
        ("INSERT INTO t VALUES (5) RETURNING v; INSERT INTO t VALUES (6)", [5, 6]),
        ("-- nothing", []),
        ("", []),
    ],
)
def test_everything_in_a_unit_runs(connection: sqlite3.Connection, text: str, expected: list[object]) -> None:
    run_unit(connection, text)
    assert rows(connection) == expected


@pytest.mark.parametrize(
    ("text", "message", "start", "expected"),
    [
        ("INSERT INTO nosuch VALUES (1)", "no such table: nosuch", 0, []),
        (
            "INSERT INTO t VALUES (1); SELEC 2; INSERT INTO t VALUES (3)",
            'near "SELEC": syntax error',
            25,
            [1],
        ),
        (
            "INSERT INTO t VALUES (1); CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1;",
            "incomplete input",
            25,
            [1],
        ),
        ("INSERT INTO t VALUES (1); INSERT INTO t VALUES (?)", "missing argument with index 1", 25, [1]),
        ("SELECT :name", 'missing named argument "name"', 0, []),
        ("SELECT '?', \"t\".v, ?1 FROM t", 'missing named argument "1"', 0, []),
        ("SELECT ?5", "missing argument with index 1", 0, []),
        ("SELECT $a::b(c), $a::b(c)", 'missing named argument "a::b(c)"', 0, []),
    ],
)
def test_a_failure_stops_the_unit_and_says_where(
    connection: sqlite3.Connection, text: str, message: str, start: int, expected: list[object]
) -> None:
    with pytest.raises(PieceError) as caught:
        run_unit(connection, text)
    assert (str(caught.value), caught.value.start) == (message, start)
    assert rows(connection) == expected


def test_values_are_given_to_each_statement_in_turn(connection: sqlite3.Connection) -> None:
    run_unit(connection, "INSERT INTO t VALUES (?); INSERT INTO t VALUES (? + ?)", (7, 1))
    assert rows(connection) == [7, 8]


def test_stray_bytes_pass_through_literals_and_comments(connection: sqlite3.Connection) -> None:
    run_unit(connection, "INSERT INTO t VALUES ('caf\udce9;''x'); -- \udcff;\nINSERT INTO t VALUES ('ü')")
    assert rows(connection) == [b"caf\xe9;'x", "ü".encode()]


@pytest.mark.parametrize("text", ["CREATE TABLE b (v DEFAULT '\udce9')", "CREATE TABLE \udce9 (v)"])
def test_stray_bytes_that_sqlite_would_store_are_refused(connection: sqlite3.Connection, text: str) -> None:
    with pytest.raises(PieceError, match="not UTF-8"):
        run_unit(connection, text)


@pytest.mark.parametrize(
    ("text", "start", "message", "found"),
    [
        ("SELECT nosuch FROM t", 0, "no such column: nosuch", "nosuch"),
        ("SELECT 1; SELECT a.b\nFROM x", 9, "no such table: x", "x"),
        ("-- selec\nSELEC 1", 0, 'near "SELEC": syntax error', "SELEC"),
        ("SELECT n, n", 0, "no such column: n", "SELECT"),
        ('SELECT 1; DROP TABLE "odd one"', 9, "no such table: odd one", '"odd one"'),
        ("SELECT 1;\n  SELECT (1", 9, "incomplete input", "SELECT (1"),
        ("", 0, "out of memory", ""),
    ],
)
def test_the_place_of_a_failure(text: str, start: int, message: str, found: str) -> None:
    position = locate(text, start, message)
    assert text[position - 1 :].startswith(found)
    assert position > start
