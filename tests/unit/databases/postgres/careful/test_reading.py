"""Reading the journal: newest first, one history at a time, and without writing anything."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from greylag.errors import ApplyError
from greylag.model.care import Opening
from tests.plugins.bench import RUN, record

if TYPE_CHECKING:
    from greylag.model.care import Entry
    from tests.plugins.bench import Bench


def journal(bench: Bench, settings: str = ""):  # type: ignore[no-untyped-def]
    session = bench.session()
    if settings:
        session.table = "public.goose_db_version"
        session.clean_channel().execute(settings.encode())
    return session.journal()


def test_an_empty_database_is_left_empty(bench: Bench) -> None:
    reader = journal(bench)
    assert reader.opening() == Opening([], {}, ())
    assert reader.entries() == []
    assert reader.content(1) is None
    assert bench.ask("SELECT 1 FROM pg_namespace WHERE nspname = 'greylag'") == []
    assert not bench.is_there("goose_db_version")


def test_a_database_of_goose_has_rows_and_nothing_known(bench: Bench) -> None:
    bench.write("00001_a.sql", "SELECT 1;")
    bench.goose()
    found = journal(bench).opening()
    assert [(row.version, row.applied) for row in found.rows] == [(1, True), (0, True)]
    assert (found.known, list(found.unfinished)) == ({}, [])


@pytest.fixture
def told(bench: Bench) -> Bench:
    """Two files up, the second down, and a third that fails."""
    bench.write("00001_a.sql", "SELECT 1;", "SELECT 1;")
    bench.write("00002_b.sql", "SELECT 2;", "SELECT 2;")
    bench.up()
    bench.back()
    bench.write("00002_b.sql", "SELECT 1/0;")
    with pytest.raises(ApplyError):
        bench.up()
    return bench


def shape(entry: Entry) -> tuple[int, str, str]:
    return entry.version, entry.direction, entry.state


def test_entries_come_newest_first(told: Bench) -> None:
    everything = journal(told).entries()
    assert [shape(entry) for entry in everything] == [
        (2, "up", "failed"), (2, "down", "done"), (2, "up", "done"), (1, "up", "done"),
    ]  # fmt: skip
    assert journal(told).entries(limit=2) == everything[:2]
    assert journal(told).entries(version=1) == everything[3:]
    assert journal(told).entries(version=2, limit=1) == everything[:1]
    assert journal(told).entries(version=9) == []


@pytest.mark.parametrize(
    "settings",
    [
        "",
        "SET DateStyle = 'SQL, DMY'",
        "SET TimeZone = 'Asia/Kathmandu'",
        "SET search_path = ''; SET extra_float_digits = -10; SET bytea_output = 'escape'; SET IntervalStyle = iso_8601",
    ],
)
def test_an_entry_whatever_the_session_says(told: Bench, settings: str) -> None:
    failed, *_, first = journal(told, settings).entries()
    wanted = record(1, b"-- +goose Up\nSELECT 1;\n-- +goose Down\nSELECT 1;\n")
    assert (first.run, first.file, first.who, first.host, first.tool) == (
        RUN, "00001_a.sql", "ada", "engine-room", "greylag test",
    )  # fmt: skip
    assert (first.raw_hash, first.hash, first.kept, first.statement) == (
        wanted.raw_hash,
        wanted.hash,
        True,
        None,
    )
    assert (first.lock_wait_seconds, first.retries, first.sqlstate, first.error) == (0.0, 0, "", "")
    assert first.finished is not None
    assert timedelta() <= first.finished - first.started < timedelta(minutes=1)
    assert abs(datetime.now(UTC) - first.started) < timedelta(minutes=10)
    assert (failed.sqlstate, failed.error) == ("22012", "division by zero")


def test_the_text_of_the_newest_that_was_applied(told: Bench) -> None:
    old = b"-- +goose Up\nSELECT 2;\n-- +goose Down\nSELECT 2;\n"
    assert journal(told).content(2) == ("00002_b.sql", old)
    told.edit("00002_b.sql", "SELECT 1/0", "SELECT 4")
    told.up()
    name, text = journal(told, "SET bytea_output = 'escape'").content(2)
    assert (name, text) == ("00002_b.sql", (told.folder / "00002_b.sql").read_bytes())
    assert journal(told).content(3) is None


def test_a_journal_without_a_version_table_tells_nothing_of_it(told: Bench) -> None:
    told.ask("DROP TABLE goose_db_version")
    assert journal(told).entries() == []
    assert journal(told).opening() == Opening([], {}, ())
