"""SqliteSession: files are applied as goose applies them, and nothing is written that nobody asked for."""

from __future__ import annotations

import signal
import sqlite3
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from greylag.databases.base import Deadline
from greylag.databases.sqlite.session import SqliteSession
from greylag.errors import ApplyError, ConnectError, DatabaseError, DeadlineError, InterruptedRunError
from greylag.model.history import Applied, Stamp
from greylag.model.migration import Direction, Migration, Script, Statement

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TABLE = "goose_db_version"
ENDLESS = "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT count(*) FROM r;"


class Signal:
    """An interrupt that can be set off by hand."""

    signal = 0

    def fileno(self) -> int:
        return -1


def script(
    version: int, *texts: str, direction: Direction = "up", transactional: bool = True, name: str = "x"
) -> Script:
    statements = tuple(Statement(text, line) for line, text in enumerate(texts, 2))
    migration = Migration(version, f"m/{version:05d}_{name}.sql")
    return Script(migration, direction, statements, len(texts), transactional, plain=True)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "x.db"


@pytest.fixture
def session(path: Path) -> Iterator[SqliteSession]:
    made = SqliteSession(str(path), TABLE)
    yield made
    made.close()


def ask(path: Path, text: str) -> list[Any]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(text).fetchall()
    finally:
        connection.close()


def versions(path: Path) -> list[Any]:
    return ask(path, f"SELECT version_id, is_applied FROM {TABLE} ORDER BY id")


def failing(session: SqliteSession, *scripts: Script) -> ApplyError:
    with pytest.raises(ApplyError) as caught:
        list(session.apply(scripts))
    return caught.value


def test_a_file_that_is_not_there_is_read_as_empty_and_not_made(session: SqliteSession, path: Path) -> None:
    server = session.connect()
    assert (server.engine, server.version, server.database) == ("sqlite", sqlite3.sqlite_version, str(path))
    for read in (session.history, session.stamps):
        with pytest.raises(DatabaseError) as caught:
            read()
        assert caught.value.driver_text == f"SQL logic error: no such table: {TABLE} (1)"
    assert not path.exists()


def test_the_version_table_is_made_with_its_first_row(session: SqliteSession, path: Path) -> None:
    session.create_history()
    assert session.history() == [Applied(0, True)]
    assert versions(path) == [(0, 1)]
    (stamp,) = session.stamps()
    assert stamp[:2] == (0, True)
    assert isinstance(stamp.at, datetime)
    assert stamp.at.tzinfo is None
    with pytest.raises(DatabaseError) as caught:
        session.create_history()
    assert caught.value.driver_text == f"SQL logic error: table {TABLE} already exists (1)"
    assert session.history() == [Applied(0, True)]


def test_a_version_table_that_cannot_be_made_leaves_nothing(path: Path) -> None:
    session = SqliteSession(f"{path}?_pragma=foreign_keys(1)", "sqlite_v")
    with pytest.raises(DatabaseError, match="reserved"):
        session.create_history()
    session.close()
    assert ask(path, "SELECT * FROM sqlite_master") == []


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    session = SqliteSession(f"{tmp_path}/no/x.db", TABLE)
    for call in (session.connect, session.history, session.create_history):
        with pytest.raises(ConnectError) as caught:
            call()
        assert caught.value.driver_text == "unable to open database file (14)"
    session.close()


def test_files_go_up_and_down_with_their_rows(session: SqliteSession, path: Path) -> None:
    session.create_history()
    up = session.apply([script(1, "CREATE TABLE a (n int);", "INSERT INTO a VALUES (1), (2);"), script(3)])
    first = next(up)
    assert versions(path) == [(0, 1), (1, 1)], "a file is there when it is reported"
    assert (first.migration.version, first.direction, first.statements) == (1, "up", 2)
    assert first.took_ns > 0
    assert [ran.statements for ran in up] == [0]
    assert session.history() == [Applied(3, True), Applied(1, True), Applied(0, True)]
    assert ask(path, "SELECT count(*) FROM a") == [(2,)]
    list(session.apply([script(1, "DROP TABLE a;", direction="down")]))
    assert session.history() == [Applied(3, True), Applied(0, True)]


def test_memory_lasts_as_long_as_the_session() -> None:
    session = SqliteSession(":memory:", TABLE)
    session.create_history()
    list(session.apply([script(1, "CREATE TABLE a (n int);")]))
    assert session.history() == [Applied(1, True), Applied(0, True)]
    assert session.connect().database == ":memory:"
    session.close()
    session.close()


def test_without_record_no_row_is_written(session: SqliteSession, path: Path) -> None:
    list(session.apply([script(1, "CREATE TABLE a (n int);")], record=False))
    assert ask(path, "SELECT name FROM sqlite_master") == [("a",)]


def test_a_failure_undoes_its_file_and_tells_the_facts(session: SqliteSession, path: Path) -> None:
    session.create_history()
    bad = script(2, "CREATE TABLE b (n int);", "INSERT INTO b VALUES (1); INSERT INTO nosuch VALUES (1);")
    error = failing(session, script(1, "CREATE TABLE a (n int);"), bad, script(3))
    assert (error.stage, error.migration.version, error.direction) == ("statement", 2, "up")
    assert error.cause.driver_text == "SQL logic error: no such table: nosuch (1)"
    assert error.statement == bad.statements[1]  # type: ignore[index]
    assert error.cause.position == 39
    assert [ran.migration.version for ran in error.applied] == [1]
    assert error.transactional
    assert versions(path) == [(0, 1), (1, 1)]
    assert ask(path, "SELECT name FROM sqlite_master WHERE name IN ('a', 'b')") == [("a",)]
    assert [ran.migration.version for ran in session.apply([script(3)])] == [3], "the session goes on"


def test_a_failure_without_a_transaction_leaves_what_ran(session: SqliteSession, path: Path) -> None:
    session.create_history()
    error = failing(
        session, script(1, "CREATE TABLE a (n int);", "BEGIN;", "SELECT nosuch;", transactional=False)
    )
    assert (error.stage, error.transactional) == ("statement", False)
    assert versions(path) == [(0, 1)]
    assert ask(path, "SELECT name FROM sqlite_master WHERE name = 'a'") == [("a",)]
    list(session.apply([script(2)]))
    assert versions(path) == [(0, 1), (2, 1)], "the transaction the file had opened is gone"


def test_where_a_file_fails_is_told(session: SqliteSession, path: Path) -> None:
    session.create_history()
    assert failing(session, script(1, f"DROP TABLE {TABLE};")).stage == "insert"
    assert failing(session, script(1, f"DROP TABLE {TABLE};", direction="down")).stage == "delete"
    own = failing(session, script(1, "COMMIT;"))
    assert (own.stage, own.statement) == ("commit", None)
    assert own.cause.driver_text == "SQL logic error: cannot commit - no transaction is active (1)"
    assert versions(path) == [(0, 1), (1, 1)], "as with goose, the row stays when a file commits by itself"
    list(session.apply([script(2, "BEGIN;", transactional=False)]))
    inside = failing(session, script(3))
    assert inside.stage == "begin"
    assert inside.cause.driver_text == (
        "SQL logic error: cannot start a transaction within a transaction (1)"
    )


def test_a_commit_that_fails_is_undone(path: Path) -> None:
    session = SqliteSession(f"{path}?_pragma=foreign_keys(1)", TABLE)
    session.create_history()
    deferred = "CREATE TABLE c (p int REFERENCES a(id) DEFERRABLE INITIALLY DEFERRED);"
    list(session.apply([script(1, "CREATE TABLE a (id INTEGER PRIMARY KEY);", deferred)]))
    error = failing(session, script(2, "INSERT INTO c VALUES (9);"))
    assert error.stage == "commit"
    assert error.cause.driver_text == "constraint failed: FOREIGN KEY constraint failed (787)"
    session.close()
    assert versions(path) == [(0, 1), (1, 1)]


def test_trace_tells_what_goose_prints(session: SqliteSession) -> None:
    session.create_history()
    told: list[tuple[str, str, bool]] = []

    def trace(step: str, text: str, inside: bool) -> None:
        told.append((step, text, inside))

    list(session.apply([script(1, "SELECT 1;"), script(2, "SELECT 2;", transactional=False)], trace=trace))
    assert told == [
        ("begin", "", True), ("statement", "SELECT 1;", True), ("commit", "", True),
        ("statement", "SELECT 2;", False),
    ]  # fmt: skip
    told.clear()
    with pytest.raises(ApplyError):
        list(session.apply([script(3, "SELEC;")], trace=trace))
    assert told[1:] == [("statement", "SELEC;", True), ("rollback", "", True)]
    told.clear()
    with pytest.raises(ApplyError):
        list(session.apply([script(3, "COMMIT;")], trace=trace))
    assert told[1:] == [("statement", "COMMIT;", True), ("commit", "", True)]


def test_scripts_are_read_one_at_a_time_and_their_errors_pass(session: SqliteSession, path: Path) -> None:
    session.create_history()

    def scripts() -> Iterator[Script]:
        yield script(1)
        assert versions(path) == [(0, 1), (1, 1)]
        raise LookupError("the second file is gone")

    with pytest.raises(LookupError):
        list(session.apply(scripts()))
    assert versions(path) == [(0, 1), (1, 1)]


def test_a_file_that_breaks_while_it_is_read_is_undone(session: SqliteSession, path: Path) -> None:
    session.create_history()

    def statements() -> Iterator[Statement]:
        yield Statement("CREATE TABLE a (n int);", 2)
        raise OSError("the disk is gone")

    broken = script(1)._replace(statements=statements())
    with pytest.raises(OSError, match="disk"):
        list(session.apply([broken]))
    assert versions(path) == [(0, 1)]
    (ran,) = session.apply([script(1, "CREATE TABLE a (n int);")])
    assert ran.statements == 1


def test_the_kind_of_begin_is_the_data_sources(path: Path) -> None:
    session = SqliteSession(f"{path}?_txlock=immediate", TABLE)
    session.create_history()
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    error = failing(session, script(1))
    assert error.stage == "begin"
    assert error.cause.driver_text == "database is locked (5) (SQLITE_BUSY)"
    assert "busy_timeout" in (error.cause.hint or "")
    holder.close()
    session.close()


def test_the_deadline_stops_a_statement(path: Path) -> None:
    session = SqliteSession(str(path), TABLE, deadline=Deadline(30))
    session.create_history()
    session._deadline = Deadline(0.05)
    error = failing(session, script(1, "CREATE TABLE a (n int);", ENDLESS))
    assert error.stage == "statement"
    assert isinstance(error.cause, DeadlineError)
    assert error.cause.driver_text == "context deadline exceeded"
    with pytest.raises(DeadlineError):
        session.history()
    session.close()
    assert versions(path) == [(0, 1)]


def test_a_signal_stops_a_statement_and_undoes_its_file(path: Path) -> None:
    sign = Signal()
    session = SqliteSession(str(path), TABLE, interrupt=sign)
    session.create_history()

    def statements() -> Iterator[Statement]:
        yield Statement("CREATE TABLE a (n int);", 2)
        sign.signal = signal.SIGINT
        yield Statement(ENDLESS, 3)

    with pytest.raises(InterruptedRunError) as caught:
        list(session.apply([script(1), script(2)._replace(statements=statements())]))
    assert (caught.value.signal, caught.value.exit_code) == (signal.SIGINT, 130)
    assert caught.value.migration is not None
    assert caught.value.migration.version == 2
    assert versions(path) == [(0, 1), (1, 1)]
    with pytest.raises(InterruptedRunError) as before:
        list(session.apply([script(3)]))
    assert before.value.migration is None
    session.close()


def test_a_signal_during_a_statement(path: Path) -> None:
    sign = Signal()
    session = SqliteSession(str(path), TABLE, interrupt=sign)
    session.create_history()
    looks = 0

    class Later(Signal):
        @property
        def signal(self) -> int:  # type: ignore[override]
            nonlocal looks
            looks += 1
            return signal.SIGTERM if looks > 20 else 0

    session._interrupt = Later()
    with pytest.raises(InterruptedRunError) as caught:
        list(session.apply([script(1, ENDLESS)]))
    assert caught.value.exit_code == 143
    session.close()
    assert versions(path) == [(0, 1)]


OLD_TABLE = f"""CREATE TABLE {TABLE} (id INTEGER PRIMARY KEY, version_id, is_applied, tstamp TIMESTAMP);
INSERT INTO {TABLE} (version_id, is_applied, tstamp) VALUES"""


def prepared(path: Path, rows: str) -> None:
    connection = sqlite3.connect(path)
    connection.executescript(OLD_TABLE + rows)
    connection.close()


def test_stamps_are_the_newest_by_time(session: SqliteSession, path: Path) -> None:
    prepared(
        path,
        "(1, 1, '2025-01-02 03:04:05'), (1, 0, '2024-01-01'), (1, 0, NULL), "
        "(2, 0, '2025-01-01'), (2, 1, '2025-01-01'), (3, 1, 'odd'), (4, 1, NULL), (5, 2, '2025-01-01'), "
        "('x', 1, NULL), (6.0, 1, '2025-01-01')",
    )
    found = {stamp.version: stamp for stamp in session.stamps()}
    assert sorted(found) == [1, 2, 3, 4, 5, 6]
    assert found[1] == Stamp(1, True, datetime(2025, 1, 2, 3, 4, 5))
    assert found[2] == Stamp(2, False, datetime(2025, 1, 1)), "of one time, the oldest row"
    assert found[3].fault.endswith("storing driver.Value type string into type *time.Time")
    assert found[4].fault.endswith("storing driver.Value type <nil> into type *time.Time")
    assert found[5].fault.endswith("couldn't convert 2 into type bool")
    assert found[4].at is None


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        ("('x', 1, NULL)", 'converting driver.Value type string ("x") to a int64: invalid syntax'),
        ("(1, 2, NULL)", "sql/driver: couldn't convert 2 into type bool"),
    ],
)
def test_a_history_that_cannot_be_read(session: SqliteSession, path: Path, rows: str, text: str) -> None:
    prepared(path, rows)
    with pytest.raises(DatabaseError) as caught:
        session.history()
    assert caught.value.driver_text.endswith(text)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("table", "readable"), [(TABLE, True), (f"main.{TABLE}", True), ('"old one"', False)]
)
def test_the_type_of_the_stamp_column_counts(
    session: SqliteSession, path: Path, table: str, readable: bool
) -> None:
    prepared(path, "(1, 1, '2025-01-02')")
    connection = sqlite3.connect(path)
    connection.executescript(
        f"CREATE TABLE \"old one\" AS SELECT id, version_id, is_applied, tstamp || '' AS tstamp FROM {TABLE}"
    )
    connection.close()
    session.table = table
    (stamp,) = session.stamps()
    assert (stamp.at is not None, stamp.fault == "") == (readable, readable)


def test_an_odd_table_name_fails_in_sqlites_words(session: SqliteSession) -> None:
    session.table = "a b"
    with pytest.raises(DatabaseError) as caught:
        session.create_history()
    assert caught.value.driver_text == 'SQL logic error: near "b": syntax error (1)'
    session.table = "v\udcff"
    with pytest.raises(DatabaseError, match="utf-8"):
        session.history()
