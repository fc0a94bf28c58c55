"""One run from open to close: what it makes, what it mends, what it gives back."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from greylag.errors import ApplyError, DatabaseError, InterruptedRunError
from greylag.model.care import NO_HASH, Record
from greylag.model.history import Applied

if TYPE_CHECKING:
    from greylag.model.care import Opening
    from tests.unit.databases.clickhouse.careful.conftest import Yard

VERSIONS = (
    "CREATE TABLE goose_db_version (version_id Int64, is_applied UInt8, date Date DEFAULT now(), "
    "tstamp DateTime DEFAULT now()) ENGINE = MergeTree ORDER BY date"
)


def opened(yard: Yard) -> Opening:
    custody = yard.custody()
    try:
        return custody.open()
    finally:
        custody.close()


def all_tables(yard: Yard) -> list[str]:
    rows = yard.ask("SELECT name FROM system.tables WHERE database = currentDatabase() ORDER BY name")
    return [name for (name,) in rows]


def test_an_empty_database_gets_journal_and_version_table(yard: Yard) -> None:
    assert opened(yard) == ([Applied(0, True)], {}, [], (), "", "clickhouse")
    assert all_tables(yard) == ["goose_db_version", "greylag_journal"]
    assert yard.applied() == [0]
    assert opened(yard).rows == [Applied(0, True)]
    assert yard.told == []


def test_an_empty_version_table_gets_its_first_row(yard: Yard) -> None:
    yard.ask(VERSIONS)
    assert opened(yard).rows == [Applied(0, True)]
    assert yard.applied() == [0]
    assert "version 0" in yard.texts("healed")[0]


def test_rows_that_say_rolled_back_are_removed(yard: Yard) -> None:
    yard.ask(VERSIONS)
    yard.ask("INSERT INTO goose_db_version (version_id, is_applied) VALUES (0, 1), (1, 1), (2, 1)")
    yard.ask("INSERT INTO goose_db_version (version_id, is_applied, tstamp) VALUES (2, 0, now() + 5)")
    yard.ask("INSERT INTO goose_db_version (version_id, is_applied, tstamp) VALUES (1, 0, now() - 5)")
    assert opened(yard).rows == [Applied(1, True), Applied(0, True)]
    assert yard.applied() == [0, 1]
    assert len(yard.texts("healed")) == 2
    assert opened(yard).rows == [Applied(1, True), Applied(0, True)]
    assert len(yard.texts("healed")) == 2


def test_repeated_rows_count_once(yard: Yard) -> None:
    yard.run(1, "SELECT 1")
    yard.ask("INSERT INTO goose_db_version (version_id, is_applied) VALUES (1, 1)")
    assert opened(yard).rows == [Applied(1, True), Applied(0, True)]
    assert "more than once" in yard.texts("healed")[0]
    yard.run(1, direction="down")
    assert yard.applied() == [0]


def test_adopted_files_are_known_from_then_on(yard: Yard) -> None:
    yard.ask(VERSIONS)
    yard.ask("INSERT INTO goose_db_version (version_id, is_applied) VALUES (0, 1), (1, 1)")
    custody = yard.custody()
    assert custody.open().known == {}
    record = yard.script(1, ["SELECT 1"]).record
    custody.adopt([record])
    custody.close()
    assert opened(yard).known[1].hash == record.hash


def test_marked_and_unmarked(yard: Yard) -> None:
    record = yard.script(4, ["SELECT 1"]).record
    for _ in range(2):
        custody = yard.custody()
        custody.open()
        custody.mark([record], "marked")
        custody.close()
    assert yard.applied() == [0, 4]
    assert opened(yard).known[4].raw_hash == record.raw_hash
    custody = yard.custody()
    custody.open()
    custody.unmark([Record(4, "", NO_HASH, NO_HASH)], "marked")
    custody.close()
    assert yard.applied() == [0]
    assert opened(yard).known == {}


def test_the_lock_is_given_back_whatever_happens(yard: Yard) -> None:
    with pytest.raises(ApplyError):
        yard.run(1, "DROP TABLE missing")
    assert "greylag_lock" not in all_tables(yard)

    class Signalled:
        signal = 0

        def fileno(self) -> int:
            return 0

    interrupt = Signalled()
    custody = yard.custody()
    custody.session.patience.interrupt = interrupt
    custody.open()
    assert "greylag_lock" in all_tables(yard)
    interrupt.signal = signal.SIGTERM
    with pytest.raises(InterruptedRunError):
        list(custody.apply([yard.script(1, ["SELECT 1"])]))
    custody.close()
    assert "greylag_lock" not in all_tables(yard)


def test_the_lock_is_given_back_when_what_is_there_cannot_be_read(yard: Yard) -> None:
    yard.ask("CREATE TABLE greylag_journal (x Int8) ENGINE = Memory")
    with pytest.raises(DatabaseError, match="UNKNOWN_IDENTIFIER"):
        opened(yard)
    assert "greylag_lock" not in all_tables(yard)


def test_files_before_the_one_that_failed_are_told(yard: Yard) -> None:
    custody = yard.custody()
    custody.open()
    scripts = [yard.script(1, ["SELECT 1"]), yard.script(2, ["DROP TABLE missing"])]
    with pytest.raises(ApplyError) as caught:
        list(custody.apply(scripts))
    custody.close()
    assert [ran.migration.version for ran in caught.value.applied] == [1]
    assert caught.value.migration.version == 2
    assert custody.unchecked() == []
