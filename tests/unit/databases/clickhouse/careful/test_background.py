"""Mutations that a run waits for itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.databases.clickhouse.careful import background as module
from greylag.databases.clickhouse.careful.background import Background
from greylag.databases.clickhouse.careful.before import Before
from greylag.databases.clickhouse.careful.mutations import Mutation, StuckError
from greylag.errors import ApplyError
from greylag.model.event import Progress
from greylag.sql.clickhouse.facts import examine

if TYPE_CHECKING:
    from greylag.model.deeds import Deeds
    from tests.unit.databases.clickhouse.careful.conftest import Yard

BASE = "CREATE TABLE t (id UInt64, r String, n UInt32) ENGINE = MergeTree ORDER BY id"
ROWS = "INSERT INTO t SELECT number, if(number < 3, '7', 'x'), 0 FROM numbers(5)"
UPDATE = "ALTER TABLE t UPDATE n = n + 1 WHERE 1"


def deeds(statement: str) -> Deeds:
    found = examine(statement).deeds
    assert found is not None
    return found


@pytest.fixture
def table(yard: Yard) -> Yard:
    yard.ask(BASE)
    yard.ask(ROWS)
    return yard


@pytest.mark.parametrize(
    "statement", [UPDATE, f"{UPDATE} SETTINGS mutations_sync = 2", "DELETE FROM t WHERE n = 0 AND 0"]
)
def test_a_mutation_is_done_when_the_run_is(table: Yard, statement: str) -> None:
    table.run(1, statement)
    assert table.ask(
        "SELECT count() FROM system.mutations WHERE database = currentDatabase() AND table = 't' AND NOT is_done"
    ) == [[0]]
    if statement.startswith("ALTER"):
        assert table.ask("SELECT DISTINCT n FROM t") == [[1]]


def test_the_file_says_how_to_wait(table: Yard) -> None:
    custody = table.custody()
    custody.ground = table.ground()
    background = Background(custody)
    assert background.settings(deeds(UPDATE), Before()) == {
        "mutations_sync": "0",
        "lightweight_deletes_sync": "0",
        "alter_sync": "0",
    }
    assert "alter_sync" not in background.settings(deeds(UPDATE), Before(engine="ReplicatedMergeTree"))
    assert background.settings(deeds(f"{UPDATE} SETTINGS mutations_sync = 0"), Before()) == {}
    assert background.settings(deeds("CREATE TABLE x (y Int8)"), Before()) == {}
    custody.session.settings.server["mutations_sync"] = "2"
    assert background.settings(deeds(UPDATE), Before()) == {}


@pytest.mark.parametrize("wait", ["", " SETTINGS mutations_sync = 2"])
def test_one_that_fails_is_named_and_taken_out_of_the_queue(table: Yard, wait: str) -> None:
    with pytest.raises(ApplyError) as caught:
        table.run(1, f"ALTER TABLE t UPDATE n = toUInt32(r) WHERE 1{wait}")
    cause = caught.value.cause
    assert cause.number == 341
    assert "Cannot parse string 'x' as UInt32" in cause.message
    assert " @ 0x" not in cause.message
    assert "was taken out of the queue" in cause.context
    assert "KILL MUTATION WHERE" in cause.context
    table.run(1, UPDATE)
    assert table.ask("SELECT DISTINCT n FROM t") == [[1]]


def test_a_column_left_with_its_new_type_is_told_with_the_way_back(table: Yard) -> None:
    with pytest.raises(ApplyError) as caught:
        table.run(1, "ALTER TABLE t MODIFY COLUMN r UInt32")
    cause = caught.value.cause
    repair = f"ALTER TABLE `{table.name}`.`t` MODIFY COLUMN r String"
    assert "column r of" in cause.context
    assert "is UInt32 already" in cause.context
    assert repair in cause.context
    assert "set the type back" in str(cause.hint)
    table.ask(repair)
    assert table.ask("SELECT groupUniqArray(r) FROM t WHERE r = 'x'") == [[["x"]]]


@pytest.mark.parametrize("statement", [UPDATE, f"{UPDATE} SETTINGS mutations_sync = 1"])
def test_one_that_somebody_else_s_failing_one_holds_up(table: Yard, statement: str) -> None:
    table.ask("ALTER TABLE t UPDATE n = toUInt32(r) WHERE 1 SETTINGS mutations_sync = 0")
    while not table.ask(
        "SELECT 1 FROM system.mutations WHERE database = currentDatabase() AND table = 't' AND latest_fail_reason != ''"
    ):
        pass
    with pytest.raises(ApplyError) as caught:
        table.run(1, statement)
    assert isinstance(caught.value.cause, StuckError)
    assert "an older mutation" in caught.value.cause.message
    assert "KILL MUTATION" in str(caught.value.cause.hint)
    # both are still there: neither is this run's to end
    assert table.ask(
        "SELECT count() FROM system.mutations WHERE database = currentDatabase() AND table = 't' AND NOT is_done"
    ) == [[2]]
    table.ask(
        "KILL MUTATION WHERE database = currentDatabase() AND table = 't' AND command LIKE '%toUInt32%' SYNC"
    )
    table.run(1, statement)
    assert "had taken effect" in table.texts("resumed")[0]
    assert table.ask("SELECT DISTINCT n FROM t") == [[1]]


def test_progress_and_the_limit(yard: Yard, monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts get done one after the other, then none any more."""
    left = [5, 3, 2, 2, 2]
    custody = yard.custody(lock_budget_seconds=10.0)
    custody.ground = yard.ground()
    now = [0.0]

    def read(*_: object) -> list[Mutation]:
        now[0] += 6
        return [
            Mutation("m", "(UPDATE n = 1)", left.pop(0) if len(left) > 1 else left[0], done=False, reason="")
        ]

    class Lock:
        def keep(self) -> None:
            pass

    monkeypatch.setattr(module, "read_mutations", read)
    monkeypatch.setattr(module, "monotonic", lambda: now[0])
    custody.lock = Lock()  # type: ignore[assignment]
    custody.pause = lambda _: None  # type: ignore[method-assign]
    custody.watched(yard.script(1, [UPDATE]).script, 1, "q", None)
    with pytest.raises(StuckError, match="2 parts left"):
        Background(custody).wait(deeds(UPDATE), Before())
    progress = [(each.done, each.total) for each in yard.told if isinstance(each, Progress)]
    assert progress[:3] == [(0, 5), (2, 5), (3, 5)]


def test_a_mutation_of_a_killed_run_that_fails_is_no_dead_end(
    table: Yard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_GRACE", 0.2)
    bad = "ALTER TABLE t UPDATE n = toUInt32(r) WHERE 1"
    assert table.killed(1, bad, at=bad, arrives=True)
    with pytest.raises(ApplyError) as caught:
        table.run(1, bad)
    assert caught.value.cause.number == 341
    assert "was taken out of the queue" in caught.value.cause.context
    table.run(1, bad.replace("toUInt32", "toUInt32OrZero"))
    assert table.ask("SELECT sum(n) FROM t") == [[21]]
