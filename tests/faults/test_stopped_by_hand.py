"""Ctrl-C and SIGTERM to ``greylag`` at every kind of moment, also twice: what it says is what stands."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from tests.faults.conftest import wait_for_silence, wait_until
from tests.faults.story import journal, renew, rows, state, untrue, versions

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.faults.story import Teller
    from tests.plugins.wire import Wire

SIGNALS = [signal.SIGINT, signal.SIGTERM]
ASLEEP = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'"
NAP = "SELECT pg_sleep(60);"


def nap(teller: Teller, name: str, behind: str) -> Callable[[], None]:
    """Let a file sleep behind one of its statements; the result takes that out again."""
    path = teller.folder / name
    text = path.read_text()
    path.write_text(text.replace(behind, f"{behind}\n{NAP}", 1))

    def wake() -> None:
        path.write_text(text)

    return wake


@pytest.mark.parametrize("number", SIGNALS)
def test_in_a_transaction(database: str, teller: Teller, number: int) -> None:
    wake = nap(teller, "00002_b.sql", "CREATE TABLE b (n int NOT NULL);")
    run = teller.start(database, "up", "--yes")
    wait_until(lambda: rows(database, ASLEEP) or run.is_over())
    run.send(number)
    ended = run.end()
    assert ended.code == 128 + number
    assert "00002_b.sql was stopped and rolled back" in ended.said
    wait_for_silence(database)
    assert versions(database) == [1]
    assert untrue(database) == []
    assert journal(database)[-1] == (2, "up", None, "failed")
    wake()
    assert teller.run(database, "up", "--yes").code == 0
    assert untrue(database) == []


@pytest.mark.parametrize("number", SIGNALS)
def test_in_a_file_outside_transactions(database: str, teller: Teller, number: int) -> None:
    wake = nap(teller, "00003_apart.sql", "INSERT INTO b VALUES (7);")
    run = teller.start(database, "up", "--yes")
    wait_until(lambda: rows(database, ASLEEP) or run.is_over())
    run.send(number)
    ended = run.end()
    assert ended.code == 128 + number
    assert "00003_apart.sql" in ended.said
    wait_for_silence(database)
    assert versions(database) == [1, 2]
    assert untrue(database) == []
    built = rows(database, "SELECT 'a_n'::regclass::oid")
    wake()
    again = teller.run(database, "up", "--yes")
    assert again.code == 0, again.said
    assert rows(database, "SELECT 'a_n'::regclass::oid") == built
    assert state(database)["rows", "b"] == "(7)"
    assert untrue(database) == []


def test_twice_in_a_row(database: str, teller: Teller) -> None:
    wake = nap(teller, "00003_apart.sql", "INSERT INTO b VALUES (7);")
    run = teller.start(database, "up", "--yes")
    wait_until(lambda: rows(database, ASLEEP) or run.is_over())
    run.send(signal.SIGINT)
    run.send(signal.SIGINT)
    # the two may arrive as one; else the second ends the program at once, as it is meant to
    assert run.end().code in (130, -signal.SIGINT)
    wait_for_silence(database)
    assert untrue(database) == []
    wake()
    assert teller.run(database, "up", "--yes").code == 0
    assert untrue(database) == []


def test_in_a_down(database: str, teller: Teller) -> None:
    assert teller.run(database, "up", "--yes").code == 0
    wake = nap(teller, "00003_apart.sql", "INSERT INTO b VALUES (8);")
    run = teller.start(database, "down-to 2")
    wait_until(lambda: rows(database, ASLEEP) or run.is_over())
    run.send(signal.SIGTERM)
    assert run.end().code == 143
    wait_for_silence(database)
    assert versions(database) == [1, 2, 3]
    wake()
    forward = teller.run(database, "up", "--yes")
    assert "00003_apart.sql" in forward.said
    assert "down" in forward.said
    assert versions(database) == [1, 2, 3]
    again = teller.run(database, "down-to 2")
    assert again.code == 0, again.said
    assert versions(database) == [1, 2]
    assert state(database)["rows", "b"] == "(7) (8)"
    assert untrue(database) == []


@pytest.mark.parametrize("number", SIGNALS)
def test_while_the_answer_to_a_command_is_out(
    database: str, swift: Teller, wire: Callable[[str], Wire], number: int
) -> None:
    """At each command of the files: held back until the signal has come, then let through."""
    first = wire(database)
    assert swift.run(first.url(database), "up", "--yes").code == 0
    wanted = state(database)
    begin = [command.text for command in first.done].index("begin") + 1
    for point in [one for one in first.boundaries() if one >= begin][::4]:
        _interrupt(database, swift, wire(database), point, number)
        again = swift.run(database, "up", "--yes")
        assert again.code == 0, (point, again.said)
        assert versions(database) == [1, 2, 3, 4]
        assert untrue(database) == [], point
        assert state(database) == wanted


def _interrupt(database: str, swift: Teller, between: Wire, point: int, number: int) -> None:
    renew(database)
    between.call("after", point, lambda: between.signal(number))
    run = swift.start(between.url(database), "up", "--yes")
    between.aim(run.pid)
    ended = run.end()
    assert between.struck.is_set()
    # a signal that finds nothing left to stop stops nothing
    assert ended.code == 128 + number or versions(database) == [1, 2, 3, 4], (point, ended)
    wait_for_silence(database)
    assert untrue(database) == [], (point, ended)
