"""The wire that the kill tests rely on: it counts right, stops where it is told, and changes nothing else."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import psycopg
import pytest

from tests.faults.conftest import ask, wait_for_silence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.plugins.wire import When, Wire

    Stretch = Callable[[str], Wire]

# odd numbers go as Parse, Bind, Execute, Sync; even ones as simple queries
VICTIM = """
import sys, psycopg
with psycopg.connect(sys.argv[1], autocommit=True) as connection:
    for number in range(1, 5):
        connection.execute(f"INSERT INTO n VALUES ({number})", binary=bool(number % 2))
"""


@pytest.fixture
def numbers(database: str) -> Iterator[str]:
    ask(database, "CREATE TABLE n (n int)")
    yield database
    wait_for_silence(database)


def kept(dsn: str) -> list[int]:
    return [row[0] for row in ask(dsn, "SELECT n FROM n ORDER BY n")]


def test_it_counts_simple_and_extended_commands(numbers: str, wire: Stretch) -> None:
    between = wire(numbers)
    with psycopg.connect(between.url(numbers), autocommit=True) as connection:
        connection.execute("INSERT INTO n VALUES (1); INSERT INTO n VALUES (2), (3)")
        connection.execute("INSERT INTO n VALUES (%s)", (4,))
        connection.execute("DELETE FROM n WHERE n > %s", (9,), prepare=True)
        with pytest.raises(psycopg.errors.DivisionByZero):
            connection.execute("SELECT 1 / 0")
        assert connection.execute("SELECT sum(n) FROM n").fetchone() == (10,)
    tags = [command.tag for command in between.done]
    assert tags == ["INSERT 0 1", "INSERT 0 2", "INSERT 0 1", "DELETE 0", "SELECT 1"]
    assert between.boundaries() == [1, 3, 4, 5]
    assert between.done[3].text == "DELETE FROM n WHERE n > $1"


def test_large_answers_and_copying_pass(numbers: str, wire: Stretch) -> None:
    between = wire(numbers)
    with psycopg.connect(between.url(numbers), autocommit=True) as connection:
        with connection.cursor().copy("COPY n FROM STDIN") as copy:
            for number in range(20000):
                copy.write_row((number,))
        assert len(connection.execute("SELECT n, repeat('x', 100) FROM n").fetchall()) == 20000
    assert [command.tag for command in between.done] == ["COPY 20000", "SELECT 20000"]


def test_a_pipeline_goes_on_after_an_error(numbers: str, wire: Stretch) -> None:
    between = wire(numbers)
    with psycopg.connect(between.url(numbers), autocommit=True) as connection:
        with pytest.raises(psycopg.errors.DivisionByZero), connection.pipeline():
            connection.execute("INSERT INTO n VALUES (1)")
            connection.execute("SELECT 1 / 0")
            connection.execute("INSERT INTO n VALUES (2)")
        connection.execute("INSERT INTO n VALUES (3)")
    assert kept(numbers) == [3]


@pytest.mark.parametrize(("when", "rows"), [("before", [1, 2]), ("after", [1, 2])])
def test_a_pipeline_stands_still_at_the_point(
    numbers: str, wire: Stretch, when: When, rows: list[int]
) -> None:
    # Each row is committed by the Sync behind it, which a fault after the command no longer lets through.
    between = wire(numbers)
    between.break_off(when, 3)
    with pytest.raises(psycopg.OperationalError):  # noqa: SIM117
        with (
            psycopg.connect(between.url(numbers), autocommit=True) as connection,
            connection.pipeline() as pipe,
        ):
            for number in range(1, 6):
                connection.execute(f"INSERT INTO n VALUES ({number})")
                pipe.sync()
    wait_for_silence(numbers)
    assert len(between.done) == (2 if when == "before" else 3)
    assert kept(numbers) == rows


@pytest.mark.parametrize(
    ("when", "number", "rows"),
    [("before", 2, [1]), ("after", 2, [1, 2]), ("before", 3, [1, 2]), ("after", 3, [1, 2])],
)
def test_it_kills_at_a_text(numbers: str, wire: Stretch, when: When, number: int, rows: list[int]) -> None:
    between = wire(numbers)
    between.kill(when, f"VALUES ({number})")
    victim = subprocess.Popen([sys.executable, "-c", VICTIM, between.url(numbers)], start_new_session=True)
    between.aim(victim.pid)
    assert victim.wait(30) == -signal.SIGKILL
    wait_for_silence(numbers)
    assert kept(numbers) == rows


def test_a_call_lets_the_command_pass_after_it(numbers: str, wire: Stretch) -> None:
    between = wire(numbers)
    seen: list[list[int]] = []
    between.call("before", 2, lambda: seen.append(kept(numbers)))
    with psycopg.connect(between.url(numbers), autocommit=True) as connection:
        connection.execute("INSERT INTO n VALUES (1)")
        connection.execute("INSERT INTO n VALUES (2)")
    assert seen == [[1]]
    assert kept(numbers) == [1, 2]


def test_what_a_dead_client_had_sent_arrives(numbers: str, wire: Stretch) -> None:
    between = wire(numbers)
    with psycopg.connect(numbers) as holder:
        holder.execute("LOCK TABLE n")
        victim = subprocess.Popen([sys.executable, "-c", VICTIM, between.url(numbers)])
        while not ask(numbers, "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"):
            assert victim.poll() is None
        victim.kill()
        victim.wait()
    wait_for_silence(numbers)
    assert kept(numbers) == [1]
