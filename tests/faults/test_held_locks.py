"""Locks that others hold: greylag says who, waits no longer than it may, and leaves nothing half done."""

from __future__ import annotations

import contextlib
import signal
from typing import TYPE_CHECKING

import psycopg
import pytest

from tests.faults.conftest import ask, wait_for_silence, wait_until
from tests.faults.story import journal_name, rows, state, untrue, versions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.faults.story import Running, Teller

GOOSE_LOCK = 4097083626
"""DefaultLockID of goose's library: a Go service that migrates at its start holds it."""

Holder = psycopg.Connection[tuple[object, ...]]

IMPATIENT = ("--yes", "--lock-timeout", "100ms", "--lock-budget", "600ms")
PATIENT = ("--yes", "--lock-timeout", "100ms", "--lock-budget", "60s")
BLOCKED = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


@pytest.fixture
def holder(database: str) -> Iterator[Holder]:
    with contextlib.closing(psycopg.connect(database, application_name="the-other-service")) as connection:
        yield connection


@pytest.fixture
def runner_lock(holder: Holder) -> Holder:
    holder.autocommit = True
    holder.execute("SELECT pg_advisory_lock(%s)", (GOOSE_LOCK,))
    return holder


@pytest.fixture
def table_lock(database: str, holder: Holder, teller: Teller) -> Holder:
    """Version 1 is there, and its table is locked by another session."""
    assert teller.run(database, "up-to 1", "--yes").code == 0
    holder.execute("LOCK TABLE a IN ACCESS EXCLUSIVE MODE")
    return holder


def pid(holder: Holder) -> str:
    return str(holder.info.backend_pid)


def tables(dsn: str) -> list[tuple[object, ...]]:
    return rows(dsn, "SELECT tablename FROM pg_tables WHERE schemaname IN ('public', 'greylag')")


def test_the_lock_of_gooses_library_is_waited_for(database: str, runner_lock: Holder, teller: Teller) -> None:
    run = teller.start(database, "up", "--yes")
    wait_until(lambda: pid(runner_lock) in run.said or run.is_over())
    assert not run.is_over(), run.said
    assert "the-other-service" in run.said
    assert tables(database) == []
    runner_lock.execute("SELECT pg_advisory_unlock(%s)", (GOOSE_LOCK,))
    assert run.end().code == 0
    assert versions(database) == [1, 2, 3, 4]
    assert untrue(database) == []


def test_no_longer_than_it_is_told(database: str, runner_lock: Holder, teller: Teller) -> None:
    ended = teller.run(database, "up", "--yes", "--lock-wait", "300ms")
    assert ended.code == 1
    assert "another runner" in ended.said
    assert pid(runner_lock) in ended.said
    assert "the-other-service" in ended.said
    assert tables(database) == []
    runner_lock.close()
    assert teller.run(database, "up", "--yes", "--lock-wait", "30s").code == 0


@pytest.mark.parametrize("verb", ["status", "plan", "history"])
def test_looking_waits_for_nobody(database: str, runner_lock: Holder, teller: Teller, verb: str) -> None:
    assert teller.run(database, verb).code == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_it_waits_for_another_runner(
    database: str, runner_lock: Holder, teller: Teller, number: int
) -> None:
    run = teller.start(database, "up", "--yes")
    wait_until(lambda: pid(runner_lock) in run.said or run.is_over())
    run.send(number)
    assert run.end().code == 128 + number
    wait_until(lambda: alone_with(database, runner_lock))
    assert tables(database) == []


def alone_with(database: str, holder: Holder) -> bool:
    others = (
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend' "
        f"AND pid NOT IN (pg_backend_pid(), {pid(holder)})"
    )
    return rows(database, others) == []


def test_a_table_lock_outlasts_the_budget(database: str, table_lock: Holder, teller: Teller) -> None:
    ended = teller.run(database, "up", *IMPATIENT)
    assert ended.code == 1
    assert "55P03" in ended.said
    assert "00002_b.sql" in ended.said
    assert versions(database) == [1]
    table_lock.rollback()
    assert untrue(database) == []
    noted = f"SELECT state, sqlstate, retries > 0 FROM {journal_name(database)} WHERE version = 2"
    assert rows(database, noted) == [("failed", "55P03", True)]
    assert teller.run(database, "up", *IMPATIENT).code == 0
    assert versions(database) == [1, 2, 3, 4]
    assert untrue(database) == []


def test_a_table_lock_is_given_back_in_time(database: str, table_lock: Holder, teller: Teller) -> None:
    run = teller.start(database, "up", *PATIENT)
    wait_until(lambda: "try 3" in run.said or run.is_over())
    table_lock.rollback()
    assert run.end().code == 0, run.said
    assert versions(database) == [1, 2, 3, 4]
    assert untrue(database) == []
    noted = f"SELECT state, retries > 0 FROM {journal_name(database)} WHERE version = 2"
    assert rows(database, noted) == [("done", True)]


def test_who_holds_it_is_said(database: str, table_lock: Holder, teller: Teller) -> None:
    run = teller.start(database, "up", "--yes", "--lock-timeout", "20s")
    wait_until(lambda: pid(table_lock) in run.said or run.is_over())
    assert not run.is_over(), run.said
    assert "the-other-service" in run.said
    table_lock.rollback()
    assert run.end().code == 0


@pytest.fixture
def waiting(database: str, table_lock: Holder, teller: Teller) -> Callable[[], Running]:
    def start() -> Running:
        run = teller.start(database, "up", "--yes", "--lock-timeout", "60s")
        wait_until(lambda: rows(database, BLOCKED) or run.is_over())
        return run

    return start


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_a_statement_waits(
    database: str, table_lock: Holder, teller: Teller, waiting: Callable[[], Running], number: int
) -> None:
    run = waiting()
    run.send(number)
    ended = run.end()
    assert ended.code == 128 + number
    assert "00002_b.sql" in ended.said
    wait_until(lambda: alone_with(database, table_lock))
    table_lock.rollback()
    assert versions(database) == [1]
    assert untrue(database) == []
    assert teller.run(database, "up", "--yes").code == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_between_two_tries(database: str, table_lock: Holder, teller: Teller, number: int) -> None:
    run = teller.start(database, "up", *PATIENT)
    wait_until(lambda: "try 4" in run.said or run.is_over())
    run.send(number)
    assert run.end().code == 128 + number
    wait_until(lambda: alone_with(database, table_lock))
    table_lock.rollback()
    assert versions(database) == [1]
    assert untrue(database) == []
    assert teller.run(database, "up", "--yes").code == 0


def test_a_killed_run_does_not_take_the_lock_later(
    database: str, table_lock: Holder, teller: Teller, waiting: Callable[[], Running]
) -> None:
    # Its backend waits for the lock: unless the server looks for its client, it would go on once it has it.
    waiting().kill()
    wait_until(lambda: alone_with(database, table_lock))
    table_lock.rollback()
    assert versions(database) == [1]
    assert untrue(database) == []
    assert teller.run(database, "up", "--yes").code == 0
    assert untrue(database) == []


def test_a_lock_in_a_file_outside_transactions(database: str, holder: Holder, teller: Teller) -> None:
    assert teller.run(database, "up-to 2", "--yes").code == 0
    text = (
        (teller.folder / "00003_apart.sql")
        .read_text()
        .replace("INSERT INTO b", "ALTER TABLE b ADD m int;\nINSERT INTO b (n)", 1)
    )
    (teller.folder / "00003_apart.sql").write_text(text)
    holder.execute("LOCK TABLE b IN ACCESS SHARE MODE")
    ended = teller.run(database, "up", *IMPATIENT)
    assert ended.code == 1
    assert "55P03" in ended.said
    assert "00003_apart.sql:4" in ended.said
    built = rows(database, "SELECT 'a_n'::regclass::oid")
    holder.rollback()
    assert versions(database) == [1, 2]
    assert teller.run(database, "up", *IMPATIENT).code == 0
    wait_until(lambda: alone_with(database, holder))
    assert rows(database, "SELECT 'a_n'::regclass::oid") == built
    assert state(database)["rows", "b"] == "(7,)"
    assert untrue(database) == []


@pytest.mark.parametrize("table", ["goose_db_version", "greylag.journal"])
def test_a_table_of_the_run_itself_is_locked_before_it_is_read(
    database: str, holder: Holder, teller: Teller, table: str
) -> None:
    assert teller.run(database, "up-to 1", "--yes").code == 0
    holder.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
    run = teller.start(database, "up", "--yes")
    wait_until(lambda: pid(holder) in run.said or run.is_over())
    assert not run.is_over(), run.said
    assert table in run.said
    run.send(signal.SIGINT)
    assert run.end().code == 130
    wait_until(lambda: alone_with(database, holder))
    holder.rollback()
    assert untrue(database) == []
    assert teller.run(database, "up", "--yes").code == 0


def test_the_version_table_is_locked_before_it_is_written(
    database: str, holder: Holder, teller: Teller
) -> None:
    # By then the file holds its own lock on a, and all who want a wait for this one too.
    assert teller.run(database, "up-to 1", "--yes").code == 0
    holder.execute("LOCK TABLE goose_db_version IN SHARE MODE")
    ended = teller.run(database, "up", "--yes", "--lock-timeout", "500ms", "--lock-budget", "1s")
    assert ended.code == 1
    assert "55P03" in ended.said
    assert pid(holder) in ended.said
    wait_until(lambda: alone_with(database, holder))
    holder.rollback()
    assert versions(database) == [1]
    assert untrue(database) == []
    assert teller.run(database, "up", "--yes").code == 0
    assert untrue(database) == []


def test_a_deadlock_is_tried_again(database: str, holder: Holder, teller: Teller) -> None:
    assert teller.run(database, "up-to 2", "--yes").code == 0
    name = database.rpartition("/")[2].partition("?")[0]
    ask(database, f"ALTER DATABASE {name} SET deadlock_timeout = '200ms'")
    teller.write({"00003_apart.sql": "-- +goose Up\nLOCK TABLE a;\nSELECT pg_sleep(1);\nLOCK TABLE b;\n"})
    holder.execute("LOCK TABLE b")
    run = teller.start(database, "up", "--yes", "--lock-timeout", "30s")
    wait_until(
        lambda: rows(database, "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'") or run.is_over()
    )
    holder.execute("SET deadlock_timeout = '20s'")  # so that the run is the one that gives way
    holder.execute("LOCK TABLE a")
    holder.rollback()
    ended = run.end()
    assert ended.code == 0, ended.said
    assert "a deadlock" in ended.said
    assert rows(database, f"SELECT state, retries FROM {journal_name(database)} WHERE version = 3") == [
        ("done", 1)
    ]


def test_an_idle_transaction_does_not_stop_a_build_by_the_budget(
    database: str, holder: Holder, teller: Teller
) -> None:
    assert teller.run(database, "up-to 2", "--yes").code == 0
    holder.execute("UPDATE a SET m = 1 WHERE id = 1")
    run = teller.start(database, "up", *IMPATIENT)
    wait_until(lambda: pid(holder) in run.said or run.is_over())
    assert not run.is_over(), run.said
    holder.rollback()
    assert run.end().code == 0
    assert untrue(database) == []
    holder.close()
    wait_for_silence(database)
