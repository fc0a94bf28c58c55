"""greylag up on ClickHouse under SIGKILL, at every boundary of every statement, and two runs at once."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING

import pytest

from tests.faults.clickhouse_gate import gate_to

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.faults.clickhouse_gate import Gate
    from tests.plugins.clickhouse import ClickhouseServer

UP = [
    "CREATE TABLE events (id UInt64, kind String) ENGINE = MergeTree ORDER BY id",
    "INSERT INTO events SELECT number, 'old' FROM numbers(10)",
    "ALTER TABLE events ADD COLUMN weight UInt32 DEFAULT 1",
    "ALTER TABLE events UPDATE weight = weight + 1 WHERE 1",
    "RENAME TABLE events TO audit_events",
]
RECORD = "INSERT INTO `{database}`.`goose_db_version`"
END = [[10, 20]]


@pytest.fixture
def gate(clickhouse: ClickhouseServer, clickhouse_database: str, tmp_path: Path) -> Iterator[Gate]:
    with gate_to(clickhouse, clickhouse_database, tmp_path / "migrations") as made:
        made.write("00001_events.sql", ";\n".join(UP) + ";", "DROP TABLE audit_events;")
        yield made


@pytest.mark.parametrize("arrives", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("statement", [*UP, RECORD], ids=["1", "2", "3", "4", "5", "version"])
def test_it_comes_to_the_same_end(gate: Gate, statement: str, arrives: bool) -> None:
    gate.killed_at(statement.format(database=gate.database), arrives=arrives)
    said = gate.run("up", "--yes")
    if statement == UP[1] and arrives:
        # whether these rows are ours nothing tells; a person says that they are
        assert said.code == 1
        assert "greylag resolve 1 --resume" in said.text
        assert gate.run("resolve", "1", "--resume", "--yes").code == 0
        said = gate.run("up", "--yes")
    assert said.code == 0, said.text
    assert gate.applied() == [0, 1]
    assert gate.ask("SELECT count(), sum(weight) FROM audit_events") == END
    assert [gate.count(each) for each in UP] == [1 + (each == statement and not arrives) for each in UP]
    assert (
        gate.ask(
            "SELECT name FROM system.tables WHERE name LIKE 'greylag_lock%' AND database = currentDatabase()"
        )
        == []
    )


def test_two_runs_at_once(gate: Gate) -> None:
    runs = [gate.start("up", "--yes") for _ in range(2)]
    texts = [run.communicate(timeout=60)[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0], texts
    assert sum("00001_events.sql (" in text for text in texts) == 1
    assert [gate.count(each) for each in UP] == [1] * len(UP)
    assert gate.applied() == [0, 1]
    assert gate.ask("SELECT count(), sum(weight) FROM audit_events") == END


def test_two_runs_find_what_a_killed_one_left(gate: Gate) -> None:
    """Both see its lock, which nobody gives back; one takes it over and goes on, the other waits for that."""
    gate.killed_at(UP[3], arrives=True)
    runs = [gate.start("up", "--yes") for _ in range(2)]
    texts = [run.communicate(timeout=60)[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0], texts
    assert sum("was taken over" in text for text in texts) == 1, texts
    assert [gate.count(each) for each in UP] == [1] * len(UP)
    assert gate.applied() == [0, 1]
    assert gate.ask("SELECT count(), sum(weight) FROM audit_events") == END


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_gives_the_lock_back(gate: Gate, number: int) -> None:
    wait = "SELECT sleep(2)"
    gate.write("00001_events.sql", f"{UP[0]};\n{wait};\n{UP[2]};")
    run = gate.start("up", "--yes")
    while not gate.count(wait):
        assert run.poll() is None
        time.sleep(0.02)
    run.send_signal(number)
    text, _ = run.communicate(timeout=60)
    assert run.returncode == 128 + number
    assert "was told to stop" in text
    assert gate.count(f"DROP TABLE IF EXISTS `{gate.database}`.`greylag_lock`") == 1
    said = gate.run("up", "--yes")
    assert said.code == 0, said.text
    assert "taken over" not in said.text
    assert gate.count(UP[0]) == 1
    assert gate.applied() == [0, 1]
