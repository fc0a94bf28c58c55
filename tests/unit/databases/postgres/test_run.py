"""A run: fast and slow files in one order, and every end it can come to."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from greylag.databases.base import Deadline
from greylag.databases.postgres.run import Run
from greylag.databases.postgres.session import PostgresSession
from greylag.errors import ApplyError, DeadlineError, InterruptedRunError
from tests.engines.conftest import Signal
from tests.engines.scripts import script, told, versions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from greylag.model.migration import Script


@pytest.fixture
def session(database: str) -> Iterator[PostgresSession]:
    made = PostgresSession(database, "v")
    made.create_history()
    yield made
    made.close()


def run(session: PostgresSession, *scripts: Script) -> list[tuple[int, str, int]]:
    return told(list(Run(session, record=True, trace=None).apply(scripts)))


def test_misfits_in_a_row_do_not_lose_a_file(session: PostgresSession) -> None:
    files = [
        script(version, "SELECT 1; SELECT 2" if version % 3 == 0 else f"CREATE TABLE t{version} (n int);")
        for version in range(1, 101)
    ]
    assert run(session, *files) == [(version, "up", 1) for version in range(1, 101)]
    assert versions(session) == list(range(100, -1, -1))


def test_a_misfit_after_a_lost_copy_goes_on_over_a_new_connection(session: PostgresSession) -> None:
    before = session.clean_channel()
    files = [script(1), script(2, "COPY (SELECT 1) TO STDOUT;"), script(3, "SELECT 1;")]
    assert run(session, *files) == [(1, "up", 0), (2, "up", 1), (3, "up", 1)]
    assert session.clean_channel() is not before


def test_a_server_that_cannot_be_reached_fails_the_first_file() -> None:
    session = PostgresSession("postgres://u@127.0.0.1:1/d?sslmode=disable", "v")
    with pytest.raises(ApplyError) as caught:
        run(session, script(7, "SELECT 1;"), script(8))
    assert (caught.value.stage, caught.value.migration.version) == ("begin", 7)
    assert "connection refused" in caught.value.cause.driver_text
    assert caught.value.applied == []


def test_a_deadline_between_two_files_is_told_of_the_next(session: PostgresSession) -> None:
    def scripts() -> Iterator[Script]:
        yield script(1, "SELECT 1;")
        yield script(2, "SELECT pg_sleep(0.1);", plain=False)
        session.deadline = Deadline(0)
        yield script(3, "SELECT 1;")

    with pytest.raises(ApplyError) as caught:
        list(session.apply(scripts()))
    session.deadline = None
    assert isinstance(caught.value.cause, DeadlineError)
    assert (caught.value.stage, caught.value.migration.version) == ("begin", 3)
    assert told(caught.value.applied) == [(1, "up", 1), (2, "up", 1)]
    assert versions(session) == [2, 1, 0]


def test_a_signal_while_connecting_runs_nothing(database: str) -> None:
    flag = Signal()
    flag.arrive(15)
    session = PostgresSession(database, "v", interrupt=flag)
    with pytest.raises(InterruptedRunError) as caught:
        run(session, script(1, "SELECT 1;"))
    assert (caught.value.signal, caught.value.migration) == (15, None)
    session.close()
    flag.close()


def test_a_signal_with_many_files_under_way_keeps_what_was_committed(database: str) -> None:
    flag = Signal()
    session = PostgresSession(database, "v", interrupt=flag)
    session.create_history()
    files = [script(version, "SELECT pg_sleep(0.05);") for version in range(1, 101)]
    ran: list[int] = []
    timer = threading.Timer(0.5, flag.arrive, (2,))
    timer.start()
    with pytest.raises(InterruptedRunError) as caught:
        for one in session.apply(files):
            ran.append(one.migration.version)
    timer.join()
    session.close()
    other = PostgresSession(database, "v")
    assert versions(other)[::-1] == [0, *ran]
    assert 0 < len(ran) < 100
    assert caught.value.migration == files[len(ran)].migration
    other.close()
    flag.close()


def test_an_own_error_just_before_the_deadline_is_the_error(session: PostgresSession) -> None:
    session.deadline = Deadline(5)
    with pytest.raises(ApplyError) as caught:
        run(session, script(1, "SELECT 1/0;"))
    assert caught.value.cause.sqlstate == "22012"
