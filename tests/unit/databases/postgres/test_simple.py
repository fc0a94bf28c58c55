"""Files that run statement by statement: own transactions, COPY, and how goose's pool treats the connection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from greylag.databases.postgres.session import PostgresSession
from greylag.errors import ApplyError
from tests.engines.scripts import script, told, versions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from greylag.model.migration import Script


@pytest.fixture
def session(database: str) -> Iterator[PostgresSession]:
    made = PostgresSession(database, "goose_db_version")
    made.create_history()
    yield made
    made.close()


def simple(version: int, *texts: str) -> Script:
    return script(version, *texts, plain=False)


def bare(version: int, *texts: str) -> Script:
    return script(version, *texts, transactional=False, plain=False)


def tables(database: str) -> set[str]:
    with psycopg.connect(database) as connection:
        rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    return {name for (name,) in rows} - {"goose_db_version"}


def apply(session: PostgresSession, *scripts: Script) -> list[Any]:
    return told(list(session.apply(scripts)))


def fail(session: PostgresSession, *scripts: Script) -> ApplyError:
    with pytest.raises(ApplyError) as caught:
        list(session.apply(scripts))
    return caught.value


@pytest.mark.parametrize(
    ("texts", "left"),
    [
        (["CREATE TABLE a (n int);", "COMMIT;", "CREATE TABLE b (n int);"], {"a", "b"}),
        (["CREATE TABLE a (n int);", "ROLLBACK;", "CREATE TABLE b (n int);"], {"b"}),
        (["BEGIN;", "CREATE TABLE a (n int);", "COMMIT;"], {"a"}),
        (["ROLLBACK;", "BEGIN;", "CREATE TABLE a (n int);", "SELECT 1;"], {"a"}),
        (["CREATE TABLE a (n int); COMMIT; BEGIN; CREATE TABLE b (n int)"], {"a", "b"}),
        (["CREATE TABLE a (n int);", "ROLLBACK AND CHAIN;", "CREATE TABLE b (n int);"], {"b"}),
    ],
)
def test_a_file_with_transactions_of_its_own_is_recorded(
    session: PostgresSession, database: str, texts: list[str], left: set[str]
) -> None:
    assert apply(session, simple(1, *texts), script(2)) == [(1, "up", len(texts)), (2, "up", 0)]
    assert tables(database) == left
    assert versions(session) == [2, 1, 0]


def test_an_error_after_an_own_rollback_undoes_only_what_was_not_committed(
    session: PostgresSession, database: str
) -> None:
    error = fail(
        session, simple(1, "CREATE TABLE a (n int);", "COMMIT;", "CREATE TABLE b (n int);", "SELECT 1/0;")
    )
    assert (error.stage, error.cause.sqlstate) == ("statement", "22012")
    assert tables(database) == {"a", "b"}
    assert versions(session) == [0]


def test_a_bare_begin_is_lost_with_its_connection(session: PostgresSession, database: str) -> None:
    assert apply(session, bare(1, "BEGIN;", "CREATE TABLE a (n int);", "ROLLBACK;")) == [(1, "up", 3)]
    assert tables(database) == {"a"}
    assert apply(session, bare(2, "BEGIN; CREATE TABLE b (n int)", "SELECT 1;")) == [(2, "up", 2)]
    assert tables(database) == {"a"}
    assert versions(session) == [2, 1, 0]


def test_what_needs_to_be_outside_a_transaction(session: PostgresSession) -> None:
    ran = apply(
        session,
        script(1, "CREATE TABLE a (n int);"),
        bare(2, "CREATE INDEX CONCURRENTLY i ON a (n);", "VACUUM a;"),
    )
    assert ran == [(1, "up", 1), (2, "up", 2)]
    error = fail(session, script(3, "VACUUM a;"))
    assert error.cause.driver_text == "ERROR: VACUUM cannot run inside a transaction block (SQLSTATE 25001)"


@pytest.mark.parametrize("plain", [True, False])
def test_copy_from_stdin_fails_at_once(session: PostgresSession, database: str, plain: bool) -> None:
    error = fail(
        session,
        script(1),
        script(2, "CREATE TABLE a (n int);", "COPY a FROM STDIN;", "SELECT 1;", plain=plain),
        script(3),
    )
    assert (error.stage, error.migration.version) == ("statement", 2)
    assert error.statement is not None
    assert error.statement.text == "COPY a FROM STDIN;"
    assert "COPY FROM STDIN" in error.cause.driver_text
    assert error.cause.hint
    assert tables(database) == set()
    assert versions(session) == [1, 0]


@pytest.mark.parametrize("plain", [True, False])
def test_copy_to_stdout_is_read_and_forgotten(session: PostgresSession, plain: bool) -> None:
    many = "COPY (SELECT repeat('x', 100) FROM generate_series(1, 50000)) TO STDOUT;"
    file = script(1, "CREATE TABLE a (n int);", many, "INSERT INTO a VALUES (1);", plain=plain)
    assert apply(session, file, script(2)) == [(1, "up", 3), (2, "up", 0)]


@pytest.mark.parametrize("plain", [True, False])
def test_dollars_and_several_commands_are_plain_text(
    session: PostgresSession, database: str, plain: bool
) -> None:
    files = [
        script(1),
        script(2, "CREATE TABLE a (n int); INSERT INTO a VALUES (1); CREATE TABLE b (n int)", plain=plain),
        script(3, "CREATE TABLE c (n int);"),
    ]
    assert apply(session, *files) == [(1, "up", 0), (2, "up", 1), (3, "up", 1)]
    assert tables(database) == {"a", "b", "c"}
    error = fail(session, script(4), script(5, "SELECT $1;", plain=plain), script(6))
    assert error.migration.version == 5
    assert error.cause.driver_text == "ERROR: there is no parameter $1 (SQLSTATE 42P02)"
    assert versions(session) == [4, 3, 2, 1, 0]


def test_a_trace_makes_everything_simple(session: PostgresSession) -> None:
    steps: list[tuple[str, str, bool]] = []
    ran = list(
        session.apply(
            [script(1, "SELECT $$x$$;", "SELECT 1; SELECT 2;"), bare(2, "SELECT 3;")],
            trace=lambda *step: steps.append(step),
            record=False,
        )
    )
    assert told(ran) == [(1, "up", 2), (2, "up", 1)]
    assert steps == [
        ("begin", "", True),
        ("statement", "SELECT $$x$$;", True),
        ("statement", "SELECT 1; SELECT 2;", True),
        ("commit", "", True),
        ("statement", "SELECT 3;", False),
    ]


def test_a_connection_refused_in_a_file_without_transaction() -> None:
    session = PostgresSession("postgres://u@127.0.0.1:1/d?sslmode=disable", "v")
    error = fail(session, bare(1, "SELECT 1;"))
    assert (error.stage, error.cause.sqlstate) == ("statement", "")
    assert "connection refused" in error.cause.driver_text
    error = fail(session, simple(1, "SELECT 1;"))
    assert error.stage == "begin"
    error = fail(session, bare(1))
    assert error.stage == "insert"
