"""What the journal says of files, read back from what runs wrote."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from greylag.databases.clickhouse.careful.reading import NOTHING, Memory, moment, read_memory
from greylag.databases.clickhouse.careful.tally import read_tally
from greylag.errors import ApplyError

if TYPE_CHECKING:
    from tests.unit.databases.clickhouse.careful.conftest import Yard

ONE, TWO = "CREATE TABLE a (x Int8) ENGINE = Memory", "CREATE TABLE b (x Int8) ENGINE = Memory"


def memory(yard: Yard) -> Memory:
    link = yard.link()
    return read_memory(link, yard.ground(), read_tally(link, "goose_db_version"))


def test_without_a_journal_there_is_nothing(yard: Yard) -> None:
    yard.ask(
        "CREATE TABLE goose_db_version (version_id Int64, is_applied UInt8, tstamp DateTime) ENGINE = Memory"
    )
    assert memory(yard) == NOTHING


def test_applied_files_are_known_by_their_hashes(yard: Yard) -> None:
    yard.run(1, ONE)
    found = memory(yard)
    record = yard.script(1, [ONE]).record
    assert (found.known[1].hash, found.known[1].raw_hash, found.known[1].file) == (
        record.hash,
        record.raw_hash,
        "00001_x.sql",
    )
    assert not found.unfinished
    assert found.newest > 0


def test_a_file_taken_back_is_not_known_and_one_that_came_again_is(yard: Yard) -> None:
    yard.run(1, ONE)
    yard.run(1, "DROP TABLE a", direction="down")
    assert memory(yard).known == {}
    yard.run(1, ONE)
    assert 1 in memory(yard).known


def test_a_file_that_goose_applied_anew_is_not_known(yard: Yard) -> None:
    yard.run(1, ONE)
    yard.ask("ALTER TABLE goose_db_version DELETE WHERE version_id = 1 SETTINGS mutations_sync = 2")
    yard.ask("INSERT INTO goose_db_version (version_id, is_applied, tstamp) VALUES (1, 1, now() + 60)")
    assert memory(yard).known == {}


def test_a_file_that_was_broken_off(yard: Yard) -> None:
    assert yard.killed(1, ONE, TWO, at=TWO, arrives=False)
    (unfinished,) = memory(yard).unfinished
    assert (unfinished.version, unfinished.direction, unfinished.file) == (1, "up", "00001_x.sql")
    assert (unfinished.who, unfinished.host, unfinished.next) == ("alice", "laptop", 0)
    assert [(each.number, each.state, each.apart) for each in unfinished.attempts] == [
        (1, "done", True),
        (2, "begun", True),
    ]
    past = memory(yard).pasts[1, "up", 2]
    assert past.query_id.endswith("-1-up-2")
    assert past.node == yard.ground().node
    assert moment(past.started) <= datetime.now(UTC)


def test_a_statement_that_failed_and_why(yard: Yard) -> None:
    with pytest.raises(ApplyError):
        yard.run(1, ONE, "DROP TABLE missing")
    (unfinished,) = memory(yard).unfinished
    assert [(each.state, each.sqlstate) for each in unfinished.attempts] == [("done", ""), ("failed", "60")]
    assert "missing" in unfinished.attempts[1].error


def test_what_ended_by_other_means_is_not_unfinished(yard: Yard) -> None:
    assert yard.killed(1, ONE, TWO, at=TWO, arrives=True)
    yard.ask("INSERT INTO goose_db_version (version_id, is_applied) VALUES (1, 1)")
    assert memory(yard).unfinished == []


def test_a_broken_way_back_is_the_unfinished_one(yard: Yard) -> None:
    yard.run(1, ONE, TWO)
    assert yard.killed(1, "DROP TABLE b", "DROP TABLE a", at="DROP TABLE a", arrives=False, direction="down")
    (unfinished,) = memory(yard).unfinished
    assert (unfinished.direction, len(unfinished.attempts)) == ("down", 2)
    assert 1 in memory(yard).known


def test_what_a_person_decided(yard: Yard) -> None:
    assert yard.killed(1, ONE, TWO, at=TWO, arrives=False)
    script = yard.script(1, [ONE, TWO])
    for number, states in ((2, ["done"]), (1, []), (3, ["done", "done"])):
        custody = yard.custody()
        custody.open()
        custody.settle(script.record, "up", number, script.hashes[: number - 1])
        custody.close()
        (unfinished,) = memory(yard).unfinished
        assert unfinished.next == number
        assert [each.state for each in unfinished.attempts] == states
