"""Files statement by statement: what is sent, what is noted, and where a killed run goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.errors import ApplyError, InterruptedRunError, LostError, UnfinishedError
from greylag.model.event import Progress

if TYPE_CHECKING:
    from greylag.model.care import Opening
    from tests.unit.databases.clickhouse.careful.conftest import Yard

UP = (
    "CREATE TABLE a (id UInt64, n UInt32) ENGINE = MergeTree ORDER BY id",
    "INSERT INTO a SELECT number, 7 FROM numbers(4)",
    "ALTER TABLE a UPDATE n = n + 1 WHERE 1",
    "RENAME TABLE a TO b",
)
OWN = ("SELECT", "ALTER TABLE `", "DROP TABLE IF EXISTS `", "INSERT INTO `", "CREATE TABLE `")
"""How what a run asks and notes begins; names in backquotes are its own."""


def sent(yard: Yard) -> list[str]:
    return [line["text"] for line in yard.server.statements(yard.name)]


def opened(yard: Yard) -> Opening:
    custody = yard.custody()
    try:
        return custody.open()
    finally:
        custody.close()


def test_two_requests_a_statement_and_one_for_the_version(yard: Yard) -> None:
    yard.run(1, "CREATE TABLE o (x Int8) ENGINE = Memory")
    before = len(sent(yard))
    yard.run(2, "CREATE TABLE p (x Int8) ENGINE = Memory", "DROP TABLE p")
    texts = sent(yard)[before:]
    start = texts.index("CREATE TABLE p (x Int8) ENGINE = Memory") - 1
    kinds = [text.partition("(")[0].strip() for text in texts[start : start + 6]]
    journal = f"INSERT INTO `{yard.name}`.`greylag_journal`"
    assert kinds == [
        journal,
        "CREATE TABLE p",
        journal,
        "DROP TABLE p",
        f"INSERT INTO `{yard.name}`.`goose_db_version`",
        journal,
    ]


def test_a_file_is_closed_by_the_next_one_and_the_last_at_the_end(yard: Yard) -> None:
    custody = yard.custody()
    custody.open()
    before = len(sent(yard))
    scripts = [yard.script(n, [f"CREATE TABLE o{n} (x Int8) ENGINE = Memory"]) for n in (1, 2)]
    ran = custody.apply(scripts)
    next(ran)
    assert len(sent(yard)) - before == 3
    next(ran)
    assert len(sent(yard)) - before == 6
    assert next(ran, None) is None
    assert len(sent(yard)) - before == 7
    custody.close()
    rows = yard.ask(
        "SELECT version, statement, state FROM greylag_journal WHERE state = 'done' ORDER BY version, statement"
    )
    assert rows == [[1, 0, "done"], [1, 1, "done"], [2, 0, "done"], [2, 1, "done"]]


def test_a_run_that_is_left_early_closes_its_files(yard: Yard) -> None:
    custody = yard.custody()
    custody.open()
    scripts = [yard.script(n, [f"CREATE TABLE o{n} (x Int8) ENGINE = Memory"]) for n in (1, 2)]
    next(custody.apply(scripts))
    custody.close()
    assert yard.ask("SELECT count() FROM greylag_journal WHERE statement = 0 AND state = 'done'") == [[1]]
    assert 1 in opened(yard).known


def test_killed_behind_the_version_row_the_file_is_over(yard: Yard) -> None:
    assert yard.killed(
        1, "CREATE TABLE o (x Int8) ENGINE = Memory",
        at=f"INSERT INTO `{yard.name}`.`goose_db_version`", arrives=True,
    )  # fmt: skip
    opening = opened(yard)
    assert [row.version for row in opening.rows] == [1, 0]
    assert (opening.unfinished, 1 in opening.known) == ([], False)


def test_every_statement_has_an_id_of_its_own(yard: Yard) -> None:
    yard.run(1, *UP)
    ids = {line["text"]: line["parameters"].get("query_id", "") for line in yard.server.statements(yard.name)}
    runs = {ids[text].rpartition("-1-up-")[0] for text in UP}
    assert len(runs) == 1
    assert [ids[text].rpartition("-")[2] for text in UP] == ["1", "2", "3", "4"]


def test_killed_at_every_call_it_comes_to_the_same_end(yard: Yard) -> None:
    """All but the INSERT are found done or not done; that one is asked of a person, who looks.

    To be killed before a call arrives is to be killed before the answer of the one in front of it.
    """
    at, asked = 0, 0
    while True:
        at += 1
        if not yard.killed(1, *UP, at=at, arrives=True):
            break
        try:
            yard.run(1, *UP)
        except Exception as error:
            assert "cannot tell" in str(error), (at, error)
            asked += 1
            there = yard.ask("SELECT count() FROM a") == [[4]]
            script = yard.script(1, UP)
            custody = yard.custody()
            custody.open()
            custody.settle(script.record, "up", 3 if there else 2, script.hashes[: 2 if there else 1])
            custody.close()
            yard.run(1, *UP)
        assert yard.applied() == [0, 1], at
        assert yard.tables() == ["b"], at
        assert yard.ask("SELECT count(), sum(n) FROM b") == [[4, 32]], at
        yard.run(1, "DROP TABLE b", direction="down")
    assert at > 12
    assert asked == 1


def test_a_failed_statement_is_where_the_next_run_goes_on(yard: Yard) -> None:
    with pytest.raises(ApplyError) as caught:
        yard.run(1, UP[0], "ALTER TABLE missing ADD COLUMN x Int8", "SELECT 1")
    assert caught.value.journaled
    assert caught.value.statement is not None
    assert (caught.value.stage, caught.value.statement.line) == ("statement", 3)
    assert yard.applied() == [0]
    yard.run(1, UP[0], "ALTER TABLE a MODIFY COMMENT 'x'", "SELECT 1")
    assert yard.applied() == [0, 1]
    assert sum(text == UP[0] for text in sent(yard)) == 1


def test_an_insert_that_failed_half_way_is_told(yard: Yard) -> None:
    yard.ask("CREATE TABLE a (id UInt64) ENGINE = MergeTree ORDER BY id")
    whole = "INSERT INTO a SELECT throwIf(number = 5) FROM numbers(10)"
    with pytest.raises(ApplyError) as caught:
        yard.run(1, whole)
    assert "got rows since" not in caught.value.cause.context
    yard.ask("INSERT INTO a VALUES (1)")
    with pytest.raises(ApplyError) as caught:
        yard.run(
            1,
            f"{whole} SETTINGS max_block_size = 1, max_insert_block_size = 1, min_insert_block_size_rows = 1",
        )
    assert "got rows since" in caught.value.cause.context


def test_when_the_version_row_cannot_be_written_only_that_is_left(yard: Yard) -> None:
    """goose's trap: the file ran, recording it failed, and the next run trips over its own table."""
    yard.run(1, "SELECT 1")
    yard.ask("ALTER TABLE goose_db_version ADD CONSTRAINT stop CHECK version_id < 2")
    with pytest.raises(ApplyError) as caught:
        yard.run(2, UP[0])
    assert caught.value.stage == "insert"
    yard.ask("ALTER TABLE goose_db_version DROP CONSTRAINT stop")
    yard.run(2, UP[0])
    assert yard.applied() == [0, 1, 2]
    assert sum(text == UP[0] for text in sent(yard)) == 1


def test_a_lost_answer_leaves_the_statement_in_doubt(yard: Yard) -> None:
    custody = yard.custody()
    custody.open()
    link = custody.session.link()

    class Losing:
        def __getattr__(self, name: str) -> object:
            return getattr(link, name)

        def execute(self, text: str, **more: object) -> None:
            link.execute(text, **more)  # type: ignore[arg-type]
            if text == UP[0]:
                raise LostError("gone", driver_text="gone")

    custody.session._link = Losing()  # type: ignore[assignment]
    with pytest.raises(ApplyError) as caught:
        list(custody.apply([yard.script(1, UP[:1])]))
    custody.close()
    assert (caught.value.journaled, type(caught.value.cause)) == (True, LostError)
    yard.run(1, *UP[:1])
    assert sum(text == UP[0] for text in sent(yard)) == 1
    assert yard.applied() == [0, 1]


def test_a_file_without_statements_is_recorded(yard: Yard) -> None:
    (ran,) = yard.run(1)
    assert ran.statements == 0
    assert yard.applied() == [0, 1]
    yard.run(1, direction="down")
    assert yard.applied() == [0]


def test_a_signal_while_a_statement_runs_leaves_it_in_doubt(yard: Yard) -> None:
    class Signalled:
        signal = 0

        def fileno(self) -> int:
            return 0

    custody = yard.custody()
    interrupt = Signalled()
    custody.session.patience.interrupt = interrupt
    custody.open()
    look = custody.look

    def arrive() -> None:
        look()
        interrupt.signal = 15

    custody.look = arrive  # type: ignore[method-assign]
    with pytest.raises(InterruptedRunError) as caught:
        list(custody.apply([yard.script(1, ["SELECT sleep(3)", UP[0]])]))
    custody.close()
    assert (caught.value.journaled, caught.value.doubtful, caught.value.signal) == (True, True, 15)
    assert any(isinstance(each, Progress) for each in yard.told)
    with pytest.raises(UnfinishedError, match="edited in statement 1"):
        yard.run(1, "SELECT sleep(0)", UP[0])
    yard.run(1, "SELECT sleep(3)", UP[0])
    assert yard.applied() == [0, 1]


@pytest.mark.parametrize("arrives", [False, True])
def test_a_way_back_goes_on_too(yard: Yard, arrives: bool) -> None:
    down = ("DROP TABLE b", "CREATE TABLE gone (x Int8) ENGINE = Memory")
    yard.run(1, *UP)
    assert yard.killed(1, *down, at=down[0], arrives=arrives, direction="down")
    assert yard.applied() == [0, 1]
    yard.run(1, *down, direction="down")
    assert (yard.applied(), yard.tables()) == ([0], ["gone"])
    assert sum(text == down[0] for text in sent(yard)) == 1
