"""Rows of the journal: what is written, in which blocks, in which order."""

from __future__ import annotations

import zlib
from binascii import a2b_base64
from typing import TYPE_CHECKING

from greylag.databases.clickhouse.careful import lines as module
from greylag.databases.clickhouse.careful.lines import CLOSED, Line, Lines, define_journal
from greylag.migrations.fingerprint import record_of

if TYPE_CHECKING:
    import pytest

    from tests.unit.databases.clickhouse.careful.conftest import Yard

RECORD = record_of(7, "00007_it's.sql", b"-- +goose Up\nSELECT 1;\n", form="clickhouse")


def made(yard: Yard) -> Lines:
    ground = yard.ground()
    yard.link().execute(define_journal(ground.place.journal))
    yard.link().execute(define_journal(ground.place.journal))
    return Lines(yard.link(), ground, yard.runner("run-1"), 0)


def test_rows_wait_for_the_one_that_cannot(yard: Yard) -> None:
    lines = made(yard)
    lines.add(Line(RECORD, "up", "begun", content=True))
    assert yard.ask("SELECT count() FROM greylag_journal") == [[0]]
    lines.add(Line(RECORD, "up", "begun", 1, b"\x01" * 32, query_id="q", before="a\tb\nc\\"))
    lines.flush()
    lines.flush()
    rows = yard.ask(
        "SELECT statement, state, file, who, host, run, version, direction, history, query_id, before, hash, "
        "raw_hash, content FROM greylag_journal ORDER BY id"
    )
    (whole, first) = rows
    assert whole[:5] == [0, "begun", "00007_it's.sql", "alice", "laptop"]
    assert whole[5:9] == ["run-1", 7, "up", f"{yard.name}.goose_db_version"]
    assert whole[11:13] == [RECORD.hash.hex(), RECORD.raw_hash.hex()]
    assert zlib.decompress(a2b_base64(whole[13])) == b"-- +goose Up\nSELECT 1;\n"
    assert first[:2] == [1, "begun"]
    assert first[9:12] == ["q", "a\tb\nc\\", "01" * 32]
    assert yard.ask("SELECT uniqExact(_part) FROM greylag_journal") == [[1]]  # one block, one INSERT


def test_ids_rise_also_when_a_clock_is_set_back(yard: Yard) -> None:
    ground = yard.ground()
    yard.link().execute(define_journal(ground.place.journal))
    ahead = ground.clock.now() + 10**12
    lines = Lines(yard.link(), ground, yard.runner(), ahead)
    lines.add(Line(RECORD, "up", "begun"))
    lines.add(Line(RECORD, "up", "done"))
    lines.flush()
    rows = yard.ask("SELECT id, state FROM greylag_journal ORDER BY id")
    assert [state for _, state in rows] == ["begun", "done"]
    assert [number for number, _ in rows] == [ahead + 1, ahead + 2]


def test_many_files_travel_in_pieces(yard: Yard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BATCH", 2000)
    lines = made(yard)
    for _ in range(10):
        lines.add(Line(RECORD, "up", "adopted", content=True))
    lines.flush()
    assert yard.ask("SELECT count(), uniqExact(_part) > 1 FROM greylag_journal") == [[10, 1]]


def test_the_words_for_sql_and_for_python_are_one() -> None:
    assert str(CLOSED) == "('done', 'adopted', 'marked')"


def test_times_can_be_read_by_people(yard: Yard) -> None:
    lines = made(yard)
    lines.add(Line(RECORD, "up", "begun"))
    lines.flush()
    assert yard.ask("SELECT abs(started_at - now()) < 60 FROM greylag_journal") == [[1]]
