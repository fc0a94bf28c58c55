"""A connection that is lost in the middle: nothing is said that the version table does not bear out."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from greylag.databases.base import Deadline
from greylag.databases.postgres import channel
from greylag.databases.postgres.session import PostgresSession
from greylag.errors import ApplyError, DeadlineError, LostError
from tests.engines.scripts import script, told
from tests.faults.conftest import (
    Link,
    ask,
    history,
    tables,
    wait_for_silence,
    wait_for_sleep,
    wait_until,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from greylag.model.event import Ran
    from greylag.model.migration import Script
    from tests.plugins.postgres import PostgresServer

TABLE = "goose_db_version"
OTHERS = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


def three(*middle: str, plain: bool = True) -> list[Script]:
    return [
        script(1, "CREATE TABLE t1 (n int);", plain=plain),
        script(2, "CREATE TABLE t2 (n int);", *middle, plain=plain),
        script(3, "CREATE TABLE t3 (n int);", plain=plain),
    ]


def apply(dsn: str, scripts: list[Script]) -> tuple[list[Ran], ApplyError | None]:
    session = PostgresSession(dsn, TABLE)
    ran: list[Ran] = []
    try:
        for one in session.apply(scripts):
            ran.append(one)
    except ApplyError as error:
        assert [*error.applied] == ran
        return ran, error
    finally:
        session.close()
    return ran, None


@pytest.fixture
def meanwhile() -> Iterator[Callable[[Callable[[], Any]], None]]:
    """Runs something beside the test, and fails the test if it fails."""
    threads: list[threading.Thread] = []
    faults: list[BaseException] = []

    def run(what: Callable[[], Any]) -> None:
        def guarded() -> None:
            try:
                what()
            except BaseException as fault:
                faults.append(fault)

        threads.append(threading.Thread(target=guarded))
        threads[-1].start()

    yield run
    for thread in threads:
        thread.join()
    assert faults == []


@pytest.fixture
def prepared(database: str) -> str:
    session = PostgresSession(database, TABLE)
    session.create_history()
    session.close()
    return database


@pytest.mark.parametrize("plain", [True, False])
def test_the_backend_is_terminated(
    prepared: str, meanwhile: Callable[[Callable[[], Any]], None], plain: bool
) -> None:
    def terminate() -> None:
        wait_for_sleep(prepared, 2)
        ask(prepared, f"SELECT pg_terminate_backend(pid) {OTHERS} AND wait_event = 'PgSleep'")

    meanwhile(terminate)
    ran, error = apply(prepared, three("SELECT pg_sleep(60);", plain=plain))
    assert error is not None
    assert (error.stage, error.migration.version) == ("statement", 2)
    assert isinstance(error.cause, LostError)
    text = "FATAL: terminating connection due to administrator command (SQLSTATE 57P01)"
    assert error.cause.driver_text == text
    assert told(ran) == [(1, "up", 1)]
    assert history(prepared) == [0, 1]
    assert tables(prepared) == {"t1"}


@pytest.mark.parametrize("mode", ["immediate", "fast"])
def test_the_server_is_stopped(
    own_postgres: PostgresServer, meanwhile: Callable[[Callable[[], Any]], None], mode: str
) -> None:
    dsn = own_postgres.url()
    session = PostgresSession(dsn, TABLE)
    session.create_history()
    session.close()

    def stop() -> None:
        wait_for_sleep(dsn, 2)
        own_postgres.stop(mode)

    meanwhile(stop)
    ran, error = apply(dsn, three("SELECT pg_sleep(60);"))
    assert error is not None
    assert (error.stage, error.migration.version) == ("statement", 2)
    assert isinstance(error.cause, LostError)
    assert "57P0" in error.cause.driver_text or error.cause.driver_text == "unexpected EOF"
    assert told(ran) == [(1, "up", 1)]
    assert error.cause.hint is not None
    assert "00002_x.sql" in error.cause.hint


def test_after_the_server_came_back_the_history_is_true(own_postgres: PostgresServer) -> None:
    dsn = own_postgres.url()
    session = PostgresSession(dsn, TABLE)
    session.create_history()
    list(session.apply(three()[:1]))
    own_postgres.stop("fast")
    own_postgres.start()
    with pytest.raises(LostError):
        session.history()
    assert [row.version for row in session.history()] == [1, 0]
    assert told(list(session.apply(three()[1:]))) == [(2, "up", 1), (3, "up", 1)]
    session.close()


@pytest.fixture
def link(prepared: str) -> Iterator[Link]:
    made = Link(int(prepared.partition("127.0.0.1:")[2].partition("/")[0]))
    yield made
    made.close()


def through(link: Link, dsn: str) -> str:
    head, _, rest = dsn.partition("127.0.0.1:")
    return f"{head}127.0.0.1:{link.port}/{rest.partition('/')[2]}"


@pytest.mark.parametrize("plain", [True, False])
def test_the_link_is_cut_and_the_file_in_flight_is_not_committed_later(
    prepared: str, link: Link, meanwhile: Callable[[Callable[[], Any]], None], plain: bool
) -> None:
    def cut() -> None:
        wait_for_sleep(prepared, 2)
        link.cut()

    meanwhile(cut)
    ran, error = apply(through(link, prepared), three("SELECT pg_sleep(2);", plain=plain))
    assert error is not None
    assert (error.stage, error.migration.version) == ("statement", 2)
    assert error.cause.driver_text == "unexpected EOF"
    assert told(ran) == [(1, "up", 1)]
    link.close()
    wait_for_silence(prepared)
    assert history(prepared) == [0, 1]
    assert tables(prepared) == {"t1"}


def test_files_that_were_committed_unheard_are_told(
    prepared: str, link: Link, meanwhile: Callable[[Callable[[], Any]], None]
) -> None:
    # The lock holds file 3 back until the link is cut, so that the answers to 2 are lost on the way.
    with psycopg.connect(prepared) as holder, contextlib.ExitStack() as stack:
        holder.execute("CREATE TABLE gate (n int)")
        holder.commit()
        holder.execute("LOCK TABLE gate")
        stack.callback(holder.rollback)
        waiting = f"SELECT 1 {OTHERS} AND wait_event_type = 'Lock'"

        def cut() -> None:
            wait_until(lambda: ask(prepared, waiting))
            link.cut()

        meanwhile(cut)
        ran, error = apply(
            through(link, prepared),
            [
                script(1, "CREATE TABLE t1 (n int);"),
                script(2, "CREATE TABLE t2 (n int);"),
                script(3, "CREATE TABLE t3 (n int);", "INSERT INTO gate VALUES (1);"),
            ],
        )
        assert error is not None
        assert error.migration.version == 3
        assert told(ran) == [(1, "up", 1), (2, "up", 1)]
        assert error.cause.hint == "00003_x.sql was not committed: goose_db_version says so"
    link.close()
    wait_for_silence(prepared)
    assert history(prepared) == [0, 1, 2]
    assert tables(prepared) == {"t1", "t2"}


@pytest.mark.parametrize("plain", [True, False])
def test_a_server_that_answers_nothing_is_given_up(
    own_postgres: PostgresServer,
    meanwhile: Callable[[Callable[[], Any]], None],
    monkeypatch: pytest.MonkeyPatch,
    plain: bool,
) -> None:
    monkeypatch.setattr(channel, "_GRACE_SECONDS", 0.5)
    dsn = own_postgres.url()
    PostgresSession(dsn, TABLE).create_history()
    frozen: list[int] = []

    def freeze() -> None:
        wait_for_sleep(dsn, 2)
        frozen.append(ask(dsn, f"SELECT pid {OTHERS} AND wait_event = 'PgSleep'")[0][0])
        os.kill(frozen[0], signal.SIGSTOP)

    meanwhile(freeze)
    session = PostgresSession(dsn, TABLE, deadline=Deadline(3))
    try:
        with pytest.raises(ApplyError) as caught:
            list(session.apply(three("SELECT pg_sleep(60);", plain=plain)))
        session.close()
    finally:
        for pid in frozen:
            os.kill(pid, signal.SIGCONT)
    assert frozen
    assert isinstance(caught.value.cause, DeadlineError)
    assert caught.value.migration.version == 2
    assert told(caught.value.applied) == [(1, "up", 1)]
