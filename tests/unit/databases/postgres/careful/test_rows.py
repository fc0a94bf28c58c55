"""The rows a careful run writes: with the version's row or not at all, and only where the lock is held."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.databases.postgres.careful.place import History, own
from greylag.databases.postgres.careful.rows import STRANGER, CarefulRows
from greylag.errors import DatabaseError
from greylag.model.care import Runner
from tests.plugins.bench import RUN, manners, record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from greylag.databases.postgres.careful.custody import Custody
    from tests.plugins.bench import Bench

HISTORY = History("public.goose_db_version", "public.goose_db_version")


@pytest.fixture
def held(bench: Bench) -> Iterator[Custody]:
    """A run that has the lock, journal and version table made."""
    with bench.opened() as (custody, _):
        yield custody


def rows_of(pid: int, runner: Runner | None = None) -> CarefulRows:
    return CarefulRows(HISTORY, own(), runner or manners().runner, pid)


def test_version_row_and_journal_row_are_one(bench: Bench, held: Custody) -> None:
    held.channel.execute(b"begin")
    held.channel.record(held.rows.file(record(7), "up", retries=3, waited=1.5))
    assert bench.versions() == []
    assert bench.journal() == []
    held.channel.execute(b"commit")
    (row_id,) = bench.ask("SELECT id FROM goose_db_version WHERE version_id = 7")[0]
    assert bench.journal(
        "version, direction, statement, state, open, version_row, retries, lock_wait, run::text, who, host, tool"
    ) == [(7, "up", None, "done", False, row_id, 3, 1.5, RUN, "ada", "engine-room", "greylag test")]
    ((started, finished, now),) = bench.journal("started, finished, clock_timestamp()")
    assert started <= finished <= now


def test_a_journal_that_cannot_be_written_keeps_the_version_row_out(bench: Bench, held: Custody) -> None:
    bench.ask("ALTER TABLE greylag.journal ADD CHECK (version <> 7)")
    with pytest.raises(DatabaseError, match="check constraint"):
        held.channel.record(held.rows.file(record(7), "up"))
    assert bench.versions() == []


def test_on_the_way_down_the_row_goes_and_is_named(bench: Bench, held: Custody) -> None:
    bench.ask("INSERT INTO goose_db_version (id, version_id, is_applied) VALUES (51, 7, true), (50, 7, true)")
    held.channel.record(held.rows.file(record(7), "down"))
    assert bench.versions() == []
    assert bench.journal("version, direction, state, version_row") == [(7, "down", "done", 51)]


def test_on_another_server_process_the_guard_refuses(bench: Bench, held: Custody) -> None:
    stranger = rows_of(held.ground.pid + 1)
    for timeout in (None, "250ms"):
        with pytest.raises(DatabaseError, match=STRANGER):
            held.channel.record(stranger.guard(timeout))
        with pytest.raises(DatabaseError, match=STRANGER):
            held.channel.execute(stranger.guarded_begin(timeout))
        held.channel.roll_back()
    assert bench.value("SELECT count(*) FROM goose_db_version") == 1


def test_without_the_guard_nothing_is_written_there_either(bench: Bench, held: Custody) -> None:
    stranger = rows_of(held.ground.pid + 1)
    held.channel.record(stranger.file(record(7), "up"))
    assert held.channel.execute(stranger.note(record(7), "up", "begun").encode()) == "INSERT 0 0"
    held.channel.execute(stranger.end_file(7, "up").encode())
    held.channel.execute(stranger.end_file(0, "down").encode())
    assert bench.journal() == []
    assert bench.ask("SELECT version_id FROM goose_db_version") == [(0,)]


def test_the_guard_sets_the_timeout_for_the_transaction_alone(held: Custody) -> None:
    channel = held.channel

    def timeout() -> bytes | None:
        ((value,),) = channel.fetch(b"SHOW lock_timeout", binary=False).rows
        return value

    channel.execute(b"SET lock_timeout = '9s'")
    channel.execute(held.rows.guarded_begin(None))
    assert timeout() == b"9s"
    channel.record(held.rows.guard("250ms"))
    assert timeout() == b"250ms"
    channel.record(held.rows.guard(None))
    assert timeout() == b"250ms"
    channel.execute(b"commit")
    assert timeout() == b"9s"
    channel.execute(held.rows.guarded_begin("3s"))
    assert timeout() == b"3s"
    channel.execute(b"rollback")


def test_runs_over_one_connection_do_not_sign_for_each_other(bench: Bench, held: Custody) -> None:
    held.channel.record(held.rows.file(record(7), "up"))
    other = Runner("00000002-0000-4000-8000-000000000002", "grace", "bridge", "greylag test", "up")
    held.channel.record(rows_of(held.ground.pid, other).file(record(8), "up"))
    assert bench.journal("version, who, host, run::text") == [
        (7, "ada", "engine-room", RUN),
        (8, "grace", "bridge", other.run),
    ]


@pytest.mark.parametrize("conforming", ["on", "off"])
def test_names_and_errors_of_any_kind(bench: Bench, conforming: str) -> None:
    odd = "it's \"odd\" \\ größe \\' $1 -- /*"
    runner = Runner(RUN, odd, odd, odd, "up")
    with bench.opened(runner=runner) as (custody, _):
        custody.channel.execute(f"SET standard_conforming_strings = {conforming}".encode())
        custody.channel.execute(b"SET escape_string_warning = off")
        named = record(7)._replace(file=odd + "\0")
        custody.channel.record(custody.rows.file(named, "up"))
        note = custody.rows.note(named, "up", "failed", sqlstate="42601", error=odd + "\0")
        custody.channel.execute(note.encode())
    assert bench.journal("who, host, tool, file, error") == [
        (odd, odd, odd, odd, ""),
        (odd, odd, odd, odd, odd),
    ]
    assert bench.journal("raw_hash, hash, content")[0] == bench.journal("raw_hash, hash, content")[1]
    assert bench.journal("raw_hash, content")[0] == (named.raw_hash, named.content)


def test_a_file_without_its_text(bench: Bench, held: Custody) -> None:
    bare = record(7)._replace(content=b"")
    held.channel.record(held.rows.file(bare, "up"))
    held.channel.execute(held.rows.note(bare, "up", "marked").encode())
    held.channel.execute(held.rows.note(record(7), "up", "marked", content=False).encode())
    assert bench.journal("content") == [(None,)] * 3


def test_the_rows_of_a_file_outside_transactions(bench: Bench, held: Custody) -> None:
    rows, channel = held.rows, held.channel
    begun = record(7)

    def note(**named: object) -> None:
        channel.execute(rows.note(begun, "up", "begun", is_open=True, finished=False, **named).encode())  # type: ignore[arg-type]

    note(since="then")
    note(statement=1, hash=b"\1" * 32, apart=True, content=False)
    assert bench.journal("statement, state, apart, open, finished, hash, backend_since, backend_pid") == [
        (None, "begun", False, True, None, begun.hash, "then", held.ground.pid),
        (1, "begun", True, True, None, b"\1" * 32, "", held.ground.pid),
    ]
    ended = rows.end_statement(7, "up", 1, "failed", sqlstate="55P03", error="it's late")
    assert channel.execute(ended.encode()) == "UPDATE 1"
    assert channel.execute(ended.encode()) == "UPDATE 0"
    failed = rows.fail_file(7, "up", retries=2, waited=0.5, sqlstate="55P03", error="it's late")
    assert channel.execute(failed.encode()) == "UPDATE 1"
    columns = "statement, state, open, finished IS NULL, sqlstate, error, retries, lock_wait"
    assert bench.journal(columns) == [
        (None, "failed", True, False, "55P03", "it's late", 2, 0.5),
        (1, "failed", True, False, "55P03", "it's late", 0, 0.0),
    ]
    note(statement=1)
    channel.execute(rows.end_statement(7, "up", 1, "done").encode())
    channel.execute(rows.end_file(7, "up", retries=4, waited=2.5).encode())
    assert bench.versions() == [7]
    assert bench.journal("state, open, retries, version_row IS NULL") == [
        ("done", False, 4, False),
        ("failed", False, 0, True),
        ("done", False, 0, True),
    ]


def test_another_run_does_not_end_the_rows_of_this_one(bench: Bench, held: Custody) -> None:
    held.channel.execute(held.rows.note(record(7), "up", "begun", is_open=True, finished=False).encode())
    other = rows_of(held.ground.pid, Runner("00000002-0000-4000-8000-000000000002", "", "", "", "up"))
    failed = other.fail_file(7, "up", retries=0, waited=0, sqlstate="", error="")
    assert held.channel.execute(failed.encode()) == "UPDATE 0"
    assert held.channel.execute(held.rows.close(8).encode()) == "UPDATE 0"
    assert held.channel.execute(other.close(7).encode()) == "UPDATE 1"
    assert bench.journal("state, open") == [("begun", False)]


def test_adoption_joins_the_version_table(bench: Bench, held: Custody) -> None:
    bench.ask(
        "INSERT INTO goose_db_version (id, version_id, is_applied) VALUES (70, 7, true), (71, 7, true), "
        "(80, 8, true), (90, 9, false)"
    )
    files = [held.rows.adopted(record(version)) for version in (9, 8, 7)]
    held.channel.execute(held.rows.adoption(files).encode())
    assert bench.journal("version, version_row, state, direction") == [
        (7, 71, "adopted", "up"),
        (8, 80, "adopted", "up"),
    ]
    assert bench.journal("content") == [(record(7).content,), (record(8).content,)]
