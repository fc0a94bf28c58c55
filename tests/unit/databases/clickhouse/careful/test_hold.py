"""Looking from aside while a statement runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from greylag.databases.clickhouse.careful.mutations import Table
from greylag.databases.clickhouse.rows import Answer
from greylag.errors import DatabaseError
from greylag.model.event import Progress

if TYPE_CHECKING:
    from greylag.databases.clickhouse.careful.custody import Custody
    from tests.unit.databases.clickhouse.careful.conftest import Yard


class Aside:
    """Stands for the second connection."""

    def __init__(self, *answers: list[str | None]) -> None:
        self.answers, self.asked = list(answers), list[str]()

    def query(self, text: str, **_: Any) -> Answer:
        self.asked.append(text)
        if not self.answers:
            raise DatabaseError("gone", driver_text="gone")
        return Answer([], [self.answers.pop(0)])

    def execute(self, text: str, **_: Any) -> None:
        self.query(text)

    def close(self) -> None:
        self.asked.append("closed")


class Lock:
    def __init__(self) -> None:
        self.kept = 0

    def keep(self) -> None:
        self.kept += 1


def looking(yard: Yard, aside: Aside, table: Table | None) -> Custody:
    custody = yard.custody()
    custody._aside = aside  # type: ignore[assignment]
    custody.lock = Lock()  # type: ignore[assignment]
    custody.watched(yard.script(3, ["SELECT 1", "SELECT 2"]).script, 2, "q-1", table)
    return custody


def told(yard: Yard) -> Progress:
    (progress,) = [each for each in yard.told if isinstance(each, Progress)]
    yard.told.clear()
    return progress


def test_a_version_is_there_again_after_a_redo_within_a_second(yard: Yard) -> None:
    """This table drops an INSERT of what was inserted before; all rows of a version are the same here."""
    yard.ask(
        "CREATE TABLE goose_db_version (version_id Int64, is_applied UInt8, date Date DEFAULT '2026-01-01', "
        "tstamp DateTime DEFAULT '2026-01-01 00:00:00') ENGINE = MergeTree ORDER BY date "
        "SETTINGS non_replicated_deduplication_window = 100"
    )
    yard.ask("INSERT INTO goose_db_version (version_id, is_applied) VALUES (0, 1)")
    again = "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9, 1)"
    for _ in range(2):
        yard.ask(again)
    assert yard.applied() == [0, 9], "the table does not do what this test is about"
    for _ in range(2):
        yard.run(1, "CREATE TABLE a (x Int8) ENGINE = Memory")
        assert yard.applied() == [0, 1, 9]
        yard.run(1, "DROP TABLE a", direction="down")
        assert yard.applied() == [0, 9]


def test_one_version_written_twice_by_one_run_is_there_once(yard: Yard) -> None:
    yard.run(1, "SELECT 1")
    yard.ask("ALTER TABLE goose_db_version MODIFY SETTING non_replicated_deduplication_window = 100")
    custody = yard.custody()
    custody.open()
    for _ in range(2):
        custody.write_version("up", 2)
    custody.close()
    assert yard.applied() == [0, 1, 2]


def test_rows_that_a_statement_has_read(yard: Yard) -> None:
    custody = looking(yard, Aside(["30", "120"]), None)
    custody.look()
    progress = told(yard)
    assert (progress.number, progress.count, progress.phase) == (2, 2, "reading rows")
    assert (progress.done, progress.total) == (30, 120)
    assert custody.lock.kept == 1  # type: ignore[attr-defined]


def test_parts_that_a_mutation_has_left(yard: Yard) -> None:
    custody = looking(yard, Aside(["m", "(DELETE WHERE 1)", "7", "0", ""]), Table("d", "t"))
    custody.look()
    assert told(yard).phase == "mutation: 7 parts to do"


def test_a_second_connection_that_breaks_does_not_harm_the_statement(yard: Yard) -> None:
    custody = looking(yard, Aside(), None)
    custody.look()
    assert told(yard).phase == ""


def test_nothing_is_told_when_nothing_is_under_way(yard: Yard) -> None:
    custody = looking(yard, Aside(), None)
    assert custody.session.patience.watch == custody.look
    custody.unwatched()
    assert custody.session.patience.watch is None
    custody.progress("x", 1, 2)
    assert yard.told == []


def test_a_statement_that_is_given_up_is_ended_on_the_server(yard: Yard) -> None:
    aside = Aside(["1"])
    custody = looking(yard, aside, None)
    custody.abandon()
    assert aside.asked == ["KILL QUERY WHERE query_id = 'q-1' ASYNC"]
    custody.abandon()  # it fails now, and that is no matter
    custody.close_aside()
    assert aside.asked[-1] == "closed"


def test_passwords_stay_out_of_the_journal(yard: Yard) -> None:
    custody = yard.custody()
    custody.session.settings.password = "hush-hush"
    assert custody.told("user with hush-hush said no") == "user with *** said no"
