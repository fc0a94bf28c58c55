"""Statements in doubt: killed before or after the server did them, asked for in every way there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from greylag.databases.clickhouse.careful.evidence import Evidence, note_id
from greylag.databases.clickhouse.careful.reading import Past
from greylag.databases.clickhouse.rows import Answer
from greylag.errors import LockedError, UnfinishedError

if TYPE_CHECKING:
    from tests.unit.databases.clickhouse.careful.conftest import Yard

BASE = "CREATE TABLE t (id UInt64, r String, n UInt32) ENGINE = MergeTree ORDER BY id"
ROWS = "INSERT INTO t SELECT number, 'x', 1 FROM numbers(5)"
OTHER = "CREATE TABLE u AS t"
AFTER = "CREATE TABLE z (x Int8) ENGINE = Memory"


def sent(yard: Yard, statement: str) -> int:
    return sum(1 for line in yard.server.statements(yard.name) if line["text"] == statement)


@pytest.mark.parametrize("arrives", [True, False])
@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE a (x Int8) ENGINE = Memory",
        "DROP TABLE u",
        "ALTER TABLE t ADD COLUMN c Int8",
        "ALTER TABLE t DROP COLUMN r",
        "ALTER TABLE t RENAME COLUMN r TO s, ADD COLUMN q Int8",
        "ALTER TABLE t UPDATE n = n + 1 WHERE 1",
        "RENAME TABLE u TO u2, t TO t2",
        "EXCHANGE TABLES t AND u",
    ],
)
def test_done_once_whenever_it_was_killed(yard: Yard, statement: str, arrives: bool) -> None:
    for each in (BASE, ROWS, OTHER):
        yard.ask(each)
    assert yard.killed(1, statement, AFTER, at=statement, arrives=arrives)
    (ran,) = yard.run(1, statement, AFTER)
    assert ran.statements == 2
    assert sent(yard, statement) == 1
    assert yard.applied() == [0, 1]
    assert ("had taken effect" in yard.texts("resumed")[0]) is arrives
    assert "z" in yard.tables()


@pytest.mark.parametrize(
    "statement", ["ALTER TABLE t MODIFY COMMENT 'x'", "CREATE TABLE IF NOT EXISTS t (x Int8)"]
)
def test_what_may_be_sent_again_is_no_question(yard: Yard, statement: str) -> None:
    yard.ask(BASE)
    assert yard.killed(1, statement, at=statement, arrives=True)
    yard.run(1, statement)
    assert yard.applied() == [0, 1]


def test_a_mutation_of_somebody_else_is_not_taken_for_ours(yard: Yard) -> None:
    for each in (BASE, ROWS):
        yard.ask(each)
    statement = "ALTER TABLE t UPDATE n = n + 1 WHERE 1"
    assert yard.killed(1, statement, at=statement, arrives=False)
    yard.ask("ALTER TABLE t UPDATE n = 0 WHERE r = 'y' SETTINGS mutations_sync = 2")
    with pytest.raises(UnfinishedError):
        yard.run(1, statement)
    yard.ask("ALTER TABLE t DELETE WHERE id > 100 SETTINGS mutations_sync = 2")


def test_an_insert_that_arrived_cannot_be_told(yard: Yard) -> None:
    yard.ask(BASE)
    assert yard.killed(1, ROWS, AFTER, at=ROWS, arrives=True)
    with pytest.raises(UnfinishedError) as caught:
        yard.run(1, ROWS, AFTER)
    for way in ("--resume", "--from-start", "--mark-applied"):
        assert way in str(caught.value.hint)
    assert (caught.value.version, caught.value.where) == (1, caught.value.where)
    assert yard.ask("SELECT count() FROM t") == [[5]]


def test_an_insert_that_wrote_no_part_is_sent_again(yard: Yard) -> None:
    yard.ask(BASE)
    assert yard.killed(1, ROWS, AFTER, at=ROWS, arrives=False)
    yard.run(1, ROWS, AFTER)
    assert yard.ask("SELECT count() FROM t") == [[5]]


@pytest.mark.parametrize("arrives", [True, False])
def test_a_table_made_from_a_select(yard: Yard, arrives: bool) -> None:
    statement = "CREATE TABLE f ENGINE = MergeTree ORDER BY x AS SELECT 1 AS x"
    assert yard.killed(1, statement, at=statement, arrives=arrives)
    if arrives:  # its table is there, and nobody knows of its rows
        with pytest.raises(UnfinishedError):
            yard.run(1, statement)
    else:
        yard.run(1, statement)
        assert yard.ask("SELECT count() FROM f") == [[1]]


def test_half_a_rename_is_named_table_by_table(yard: Yard) -> None:
    yard.ask(BASE)
    yard.ask(OTHER)
    statement = "RENAME TABLE t TO t2, u TO u2"
    assert yard.killed(1, statement, at=statement, arrives=False)
    yard.ask("RENAME TABLE t TO t2")
    with pytest.raises(UnfinishedError, match="t is renamed to t2\nu is not renamed to u2"):
        yard.run(1, statement)


def test_rows_of_an_engine_without_parts_cannot_be_told(yard: Yard) -> None:
    yard.ask("CREATE TABLE t (x Int8) ENGINE = Memory")
    statement = "INSERT INTO t VALUES (1)"
    assert yard.killed(1, statement, at=statement, arrives=False)
    with pytest.raises(UnfinishedError):
        yard.run(1, statement)


class Log:
    """A server's processes and query log beside its other tables."""

    def __init__(self, link: Any, logged: list[tuple[str, str]] | None, running: int = 0) -> None:
        self.link, self.logged, self.running = link, logged, running

    def __getattr__(self, name: str) -> Any:
        return getattr(self.link, name)

    def query(self, text: str, **more: Any) -> Any:
        if "system.processes" in text:
            self.running -= 1
            return Answer([], [["1"]] if self.running >= 0 else [])
        if "system.query_log" in text and self.logged is not None:
            return Answer([], [list(each) for each in self.logged])
        return self.link.query(text, **more)


class Kept:
    def keep(self) -> None: ...


class Ask:
    """An INSERT in doubt, whose table got rows meanwhile."""

    def __init__(
        self, yard: Yard, logged: list[tuple[str, str]] | None, running: int = 0, node: str = ""
    ) -> None:
        yard.ask(BASE)
        yard.ask(ROWS)
        self.custody = custody = yard.custody(lock_wait_seconds=1.0)
        self.pauses: list[float] = []
        custody.ground = yard.ground()
        custody.lock = Kept()  # type: ignore[assignment]
        custody.session._link = Log(custody.session.link(), logged, running)  # type: ignore[assignment]
        custody.pause = self.pauses.append  # type: ignore[method-assign]
        self.past = Past("q", node or custody.ground.node, custody.ground.clock.now() - 5_000_000, "")
        self.script = yard.script(1, [ROWS])

    def __call__(self) -> bool:
        script = self.script.script
        (statement,) = script.statements
        facts = self.script.examine(statement.text)
        return Evidence(self.custody).took_effect(script, 1, statement, facts, self.past)


@pytest.mark.parametrize(
    ("logged", "found"),
    [
        ([("q-note", "QueryFinish"), ("q", "QueryStart"), ("q", "QueryFinish")], True),
        ([("q-note", "QueryFinish"), ("q", "QueryStart"), ("q", "ExceptionWhileProcessing")], False),
        ([("q", "ExceptionBeforeStart")], False),
        ([("q-note", "QueryStart"), ("q-note", "QueryFinish")], False),
        ([("q-note", "2"), ("q", "1"), ("q", "2")], True),  # as servers of 2018 have it
        ([("q", "1"), ("q", "4")], False),
    ],
)
def test_the_query_log_knows(yard: Yard, logged: list[tuple[str, str]], found: bool) -> None:
    assert note_id("q") == "q-note"
    assert Ask(yard, logged)() is found


@pytest.mark.parametrize("logged", [None, [], [("q-note", "QueryFinish"), ("q", "QueryStart")], [("q", "1")]])
def test_a_query_log_that_says_nothing(yard: Yard, logged: list[tuple[str, str]] | None) -> None:
    with pytest.raises(UnfinishedError):
        Ask(yard, logged)()


def test_another_node_s_log_is_not_asked(yard: Yard) -> None:
    with pytest.raises(UnfinishedError):
        Ask(yard, [("q", "QueryFinish")], node="another")()


def test_a_statement_that_still_runs_is_waited_for(yard: Yard) -> None:
    ask = Ask(yard, [("q", "QueryFinish")], running=3)
    assert ask()
    assert len(ask.pauses) == 3
    assert len(yard.texts("orphan")) == 1


def test_one_that_runs_for_too_long_is_named_with_what_ends_it(yard: Yard) -> None:
    ask = Ask(yard, [("q", "QueryFinish")], running=10**9)
    ask.custody.manners = ask.custody.manners._replace(lock_wait_seconds=0.0)
    with pytest.raises(LockedError) as caught:
        ask()
    assert "KILL QUERY WHERE query_id = 'q'" in str(caught.value.hint)
