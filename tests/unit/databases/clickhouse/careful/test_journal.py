"""The journal as people read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from greylag.databases.clickhouse.careful.journal import JournalReader
from greylag.model.history import Applied

if TYPE_CHECKING:
    from tests.unit.databases.clickhouse.careful.conftest import Yard

ONE, TWO = "CREATE TABLE a (x Int8) ENGINE = Memory", "CREATE TABLE b (x Int8) ENGINE = Memory"


def test_before_the_first_run(yard: Yard) -> None:
    reader = JournalReader(yard.session())
    assert reader.opening().rows == []
    assert reader.opening().form == "clickhouse"
    assert (reader.entries(), reader.content(1)) == ([], None)
    assert yard.tables() == []  # reading makes nothing


def test_a_version_table_without_rows_is_at_version_0(yard: Yard) -> None:
    yard.ask(
        "CREATE TABLE goose_db_version (version_id Int64, is_applied UInt8, date Date DEFAULT now(), "
        "tstamp DateTime DEFAULT now()) ENGINE = MergeTree ORDER BY date"
    )
    assert JournalReader(yard.session()).opening().rows == [Applied(0, True)]
    assert yard.ask("SELECT count() FROM goose_db_version") == [[0]]


def test_entries_newest_first(yard: Yard) -> None:
    yard.run(1, ONE)
    yard.run(2, TWO)
    reader = JournalReader(yard.session())
    entries = reader.entries()
    assert [(each.version, each.statement, each.state) for each in entries] == [
        (2, None, "done"),
        (2, 1, "done"),
        (1, None, "done"),
        (1, 1, "done"),
    ]
    last = entries[0]
    assert (last.who, last.host, last.tool, last.file) == ("alice", "laptop", "greylag test", "00002_x.sql")
    assert last.finished is not None
    assert last.started <= last.finished
    assert (last.lock_wait_seconds, last.retries, last.sqlstate, last.kept) == (0.0, 0, "", True)
    assert len(reader.entries(version=1)) == 2
    assert [each.version for each in reader.entries(limit=2)] == [2, 2]


def test_texts_of_applied_and_of_broken_files(yard: Yard) -> None:
    yard.run(1, ONE)
    assert yard.killed(2, TWO, "SELECT 1", at=TWO, arrives=True)
    reader = JournalReader(yard.session())
    assert reader.content(1) == ("00001_x.sql", f"-- +goose Up\n{ONE}".encode())
    assert reader.content(2) is None
    assert reader.content(2, begun=True) == ("00002_x.sql", f"-- +goose Up\n{TWO}\nSELECT 1".encode())
    (unfinished,) = reader.opening().unfinished
    assert unfinished.version == 2
    assert [(each.statement, each.state) for each in reader.entries(version=2)] == [
        (1, "begun"),
        (None, "begun"),
    ]
