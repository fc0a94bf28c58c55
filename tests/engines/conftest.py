"""The engines the suite runs on: a table of factories, one line per engine."""

from __future__ import annotations

import importlib
import os
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from greylag.databases.base import Session


class Engine:
    """One engine with an empty database: how to open sessions on it, and what its SQL calls things."""

    table = "goose_db_version"
    endless: str
    """A statement that runs until somebody stops it."""
    many_rows: str
    """A statement that gives more rows than fit into memory comfortably."""
    unfinished: str
    """Two statements that leave a constraint broken until COMMIT."""
    undoes = True
    """Whether a file that fails within a transaction leaves nothing."""
    unfit: Mapping[str, str] = {}
    """Tests of what this engine does not have, with the reason."""

    def __init__(self) -> None:
        self.opened: list[Session] = []

    def open(self, table: str | None = None, **named: Any) -> Session:
        made = self.make(table or self.table, **named)
        self.opened.append(made)
        return made

    def close(self) -> None:
        for session in self.opened:
            session.close()

    def make(self, table: str, **named: Any) -> Session:
        raise NotImplementedError

    def ask(self, query: str) -> list[Any]:
        """Rows by another road than the session's."""
        raise NotImplementedError

    def tables(self) -> set[str]:
        raise NotImplementedError


class PostgresEngine(Engine):
    endless = "SELECT pg_sleep(3600);"
    many_rows = "SELECT repeat('x', 100) FROM generate_series(1, 500000);"
    unfinished = (
        "CREATE TABLE knot (a int PRIMARY KEY, b int REFERENCES knot DEFERRABLE INITIALLY DEFERRED);",
        "INSERT INTO knot VALUES (1, 2);",
    )

    def __init__(self, request: pytest.FixtureRequest, _folder: Path) -> None:
        super().__init__()
        self.dsn = request.getfixturevalue("database")

    def make(self, table: str, **named: Any) -> Session:
        from greylag.databases.postgres.session import PostgresSession

        return PostgresSession(self.dsn, table, **named)

    def ask(self, query: str) -> list[Any]:
        import psycopg

        with psycopg.connect(self.dsn, autocommit=True) as connection:
            cursor = connection.execute(query)
            return cursor.fetchall() if cursor.description else []

    def tables(self) -> set[str]:
        rows = self.ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return {row[0] for row in rows} - {self.table}


class SqliteEngine(Engine):
    endless = "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT count(*) FROM r;"
    many_rows = (
        "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 500000) "
        "SELECT printf('%100d', n) FROM r;"
    )
    unfinished = (
        "CREATE TABLE knot (a int PRIMARY KEY, b int REFERENCES knot DEFERRABLE INITIALLY DEFERRED);",
        "INSERT INTO knot VALUES (1, 2);",
    )

    def __init__(self, _request: pytest.FixtureRequest, folder: Path) -> None:
        super().__init__()
        self.path = str(folder / "test.db")

    def make(self, table: str, **named: Any) -> Session:
        from greylag.databases.sqlite.session import SqliteSession

        return SqliteSession(f"file:{self.path}?_pragma=foreign_keys(1)", table, **named)

    def ask(self, query: str) -> list[Any]:
        connection = sqlite3.connect(self.path, isolation_level=None)
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()

    def tables(self) -> set[str]:
        rows = self.ask("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
        return {row[0] for row in rows} - {self.table}


class ClickhouseEngine(Engine):
    undoes = False
    endless = "SELECT sleepEachRow(1) FROM numbers(60) SETTINGS max_block_size = 1;"
    many_rows = "SELECT repeat('x', 100) FROM numbers(500000);"
    unfit = dict.fromkeys(
        (
            "test_a_failing_statement_undoes_its_file_alone",
            "test_a_failing_version_row_undoes_its_file",
            "test_a_failing_delete_of_the_row",
            "test_a_failing_commit",
            "test_a_file_without_transaction_keeps_what_ran",
            "test_an_error_in_the_middle_of_a_file_undoes_it",
            "test_a_nul_byte_is_an_error_of_its_statement",
            "test_every_step_is_told_before_it_happens",
        ),
        "ClickHouse has no transactions: tests/unit/databases/clickhouse/test_session.py says what stands",
    ) | {
        "test_making_it_twice_fails_and_harms_nothing": "goose says IF NOT EXISTS here, and writes a second row",
        "test_rows_come_newest_id_first": "rows have no ids: the highest version is the head",
        "test_files_go_up_in_order_and_are_recorded": "rows have no ids: the highest version is the head",
        "test_statements_without_a_command": "the server refuses them, and so does goose",
        "test_text_goes_through_unharmed": "backslashes are escapes here: scenario ch_texts has the like",
        "test_scripts_are_taken_one_window_ahead_at_most": "nothing is taken ahead, and 800 requests take long",
        "test_very_many_small_statements": "every statement is a request: ten thousand take minutes",
    }

    def __init__(self, request: pytest.FixtureRequest, _folder: Path) -> None:
        super().__init__()
        self.server = request.getfixturevalue("clickhouse")
        self.name = request.getfixturevalue("clickhouse_database")

    def make(self, table: str, **named: Any) -> Session:
        from greylag.databases.clickhouse.session import ClickhouseSession

        return ClickhouseSession(self.server.url(self.name), table, **named)

    def ask(self, query: str) -> list[Any]:
        return [tuple(row) for row in self.server.ask(query, self.name)]

    def tables(self) -> set[str]:
        return {row[0] for row in self.ask("SHOW TABLES")} - {self.table}


ENGINES: dict[str, tuple[str, Callable[[pytest.FixtureRequest, Path], Engine]]] = {
    "postgres": ("greylag.databases.postgres.session", PostgresEngine),
    "sqlite3": ("greylag.databases.sqlite.session", SqliteEngine),
    "clickhouse": ("greylag.databases.clickhouse.session", ClickhouseEngine),
}
"""Driver word to the module that must be there, and the factory."""


def _there(module: str) -> bool:
    try:
        importlib.import_module(module)
    except ImportError:
        return False
    return True


@pytest.fixture(params=[word for word, (module, _) in ENGINES.items() if _there(module)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An engine with a database of its own."""
    factory = ENGINES[request.param][1]
    name = request.function.__name__
    if isinstance(factory, type) and name in factory.unfit:
        pytest.skip(factory.unfit[name])
    made = factory(request, tmp_path)
    yield made
    made.close()


class Signal:
    """A signal that arrives when a test says so."""

    def __init__(self) -> None:
        self._reader, self._writer = os.pipe()
        self.signal = 0

    def fileno(self) -> int:
        return self._reader

    def arrive(self, number: int) -> None:
        self.signal = number
        os.write(self._writer, bytes([number]))

    def close(self) -> None:
        os.close(self._reader)
        os.close(self._writer)


@pytest.fixture
def interrupt() -> Iterator[Signal]:
    made = Signal()
    yield made
    made.close()
