"""Signals and deadlines: the file in flight is undone, what was finished stays."""

from __future__ import annotations

import signal
import threading
import time
from typing import TYPE_CHECKING

import pytest

from greylag.databases.base import Deadline
from greylag.errors import ApplyError, DeadlineError, InterruptedRunError
from tests.engines.scripts import script, told, versions

if TYPE_CHECKING:
    from tests.engines.conftest import Engine, Signal


def prepare(engine: Engine) -> None:
    session = engine.open()
    session.create_history()
    session.close()


@pytest.mark.parametrize("plain", [True, False])
@pytest.mark.parametrize("transactional", [True, False])
def test_a_deadline_ends_a_statement(engine: Engine, plain: bool, transactional: bool) -> None:
    prepare(engine)
    session = engine.open(deadline=Deadline(1.0))
    files = [
        script(1, "CREATE TABLE a (n int);"),
        script(2, "CREATE TABLE b (n int);", engine.endless, transactional=transactional, plain=plain),
        script(3, "CREATE TABLE c (n int);"),
    ]
    with pytest.raises(ApplyError) as caught:
        list(session.apply(files))
    error = caught.value
    assert isinstance(error.cause, DeadlineError)
    assert "context deadline exceeded" in error.cause.driver_text
    assert (error.stage, error.migration.version) == ("statement", 2)
    assert error.statement is not None
    assert error.statement.text == engine.endless
    assert told(error.applied) == [(1, "up", 1)]
    assert engine.tables() == ({"a"} if transactional and engine.undoes else {"a", "b"})
    assert versions(engine.open()) == [1, 0]


def test_a_deadline_that_is_over_lets_nothing_begin(engine: Engine) -> None:
    prepare(engine)
    late = engine.open(deadline=Deadline(0))
    with pytest.raises(DeadlineError) as caught:
        late.history()
    assert caught.value.driver_text == "context deadline exceeded"
    with pytest.raises(ApplyError) as failed:
        list(late.apply([script(1, "CREATE TABLE a (n int);")]))
    assert (failed.value.stage, failed.value.cause.driver_text) == ("begin", "context deadline exceeded")
    assert engine.tables() == set()


def test_a_deadline_that_is_not_reached_changes_nothing(engine: Engine) -> None:
    prepare(engine)
    session = engine.open(deadline=Deadline(60))
    assert told(list(session.apply([script(1, "CREATE TABLE a (n int);")]))) == [(1, "up", 1)]
    assert versions(session) == [1, 0]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("plain", [True, False])
def test_a_signal_undoes_the_file_in_flight(
    engine: Engine, interrupt: Signal, number: int, plain: bool
) -> None:
    prepare(engine)
    session = engine.open(interrupt=interrupt)
    files = [
        script(1, "CREATE TABLE a (n int);"),
        script(2, "CREATE TABLE b (n int);", engine.endless, plain=plain),
        script(3, "CREATE TABLE c (n int);"),
    ]
    ran: list[int] = []

    def arrive() -> None:
        while not ran:  # not before the first file is told
            time.sleep(0.01)
        time.sleep(0.2)
        interrupt.arrive(number)

    thread = threading.Thread(target=arrive)
    thread.start()
    with pytest.raises(InterruptedRunError) as caught:
        for one in session.apply(files):
            ran.append(one.migration.version)
    thread.join()
    assert caught.value.signal == number
    assert caught.value.exit_code == 128 + number
    assert caught.value.migration == files[1].migration
    assert ran == [1]
    assert engine.tables() == ({"a"} if engine.undoes else {"a", "b"})
    assert versions(engine.open()) == [1, 0]


def test_a_signal_that_came_before_lets_nothing_run(engine: Engine, interrupt: Signal) -> None:
    prepare(engine)
    interrupt.arrive(signal.SIGTERM)
    session = engine.open(interrupt=interrupt)
    with pytest.raises(InterruptedRunError) as caught:
        list(session.apply([script(1, engine.endless), script(2, "CREATE TABLE a (n int);")]))
    assert caught.value.signal == signal.SIGTERM
    assert engine.tables() == set()
    assert versions(engine.open()) == [0]
