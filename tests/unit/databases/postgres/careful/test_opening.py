"""What a run finds: the ground it stands on, what is known, what is unfinished."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from greylag.databases.postgres.careful import opening
from greylag.databases.postgres.careful.place import History, migrations, own
from greylag.model.care import Attempt
from tests.plugins.bench import record

if TYPE_CHECKING:
    from greylag.model.care import Unfinished
    from tests.plugins.bench import Bench


def ground(bench: Bench, table: str = "goose_db_version", settings: str = "") -> opening.Ground:
    channel = bench.session().clean_channel()
    if settings:
        channel.execute(settings.encode())
    return opening.read_ground(channel, table)


def test_an_empty_database(bench: Bench) -> None:
    found = ground(bench)
    assert (found.history, found.place, found.closed) == (None, None, "")
    assert (found.schema, found.default_wait) == ("", "0")
    assert found.pid > 0


def test_the_lock_timeout_the_connection_came_with(bench: Bench) -> None:
    assert ground(bench, settings="SET lock_timeout = 1500").default_wait == "1500ms"


def test_a_table_that_is_there(bench: Bench) -> None:
    bench.ask('CREATE SCHEMA "Odd"; CREATE TABLE "Odd"."Table" (n int)')
    odd = ground(bench, '"Odd"."Table"')
    assert (odd.history, odd.schema) == (History('"Odd"."Table"', "Odd.Table"), "Odd")
    with bench.opened():
        pass
    found = ground(bench)
    assert found.history == History("public.goose_db_version", "public.goose_db_version")
    assert found.place == own()
    kept = opening.read_kept(bench.session().clean_channel(), found.place, found.history)
    assert (kept.made, kept.known, kept.open_rows) == (migrations()[-1][0], {}, [])


def test_the_start_of_a_process_reads_alike_whatever_the_session_says(bench: Bench) -> None:
    session = bench.session()
    plain = opening.read_ground(session.clean_channel(), "x").since
    for setting in ("DateStyle = 'SQL, DMY'", "TimeZone = 'Asia/Kathmandu'", "search_path = ''"):
        session.clean_channel().execute(f"SET {setting}".encode())
        assert opening.read_ground(session.clean_channel(), "x").since == plain
    assert datetime.fromisoformat(plain).year >= 2024


def test_known_is_what_the_version_rows_and_the_journal_agree_on(bench: Bench) -> None:
    bench.write("00001_a.sql", "SELECT 1;")
    bench.write("00002_größe.sql", "SELECT 2;")
    bench.write("00003_c.sql", "SELECT 3;")
    bench.up()
    known = bench.known()
    assert sorted(known) == [1, 2, 3]
    two = record(2, (bench.folder / "00002_größe.sql").read_bytes())
    assert known[2] == (2, "00002_größe.sql", two.raw_hash, two.hash)
    # goose takes one back and applies another again: neither is what the journal tells of
    bench.ask("DELETE FROM goose_db_version WHERE version_id = 3")
    bench.ask("UPDATE goose_db_version SET id = 900 WHERE version_id = 1")
    bench.ask("UPDATE goose_db_version SET is_applied = false WHERE version_id = 2")
    assert bench.known() == {}


def test_the_newest_row_of_a_version_counts(bench: Bench) -> None:
    bench.write("00001_a.sql", "SELECT 1;", "SELECT 1;")
    bench.up()
    bench.back()
    bench.edit("00001_a.sql", "SELECT 1", "SELECT 10")
    bench.up()
    assert bench.known()[1].raw_hash == record(1, (bench.folder / "00001_a.sql").read_bytes()).raw_hash


def test_ten_thousand_versions_in_one_answer(bench: Bench) -> None:
    with bench.opened():
        pass
    bench.ask(
        "INSERT INTO goose_db_version (version_id, is_applied) SELECT n, true FROM generate_series(1, 10000) n"
    )
    bench.ask(
        "INSERT INTO greylag.journal (history, run, version, direction, state, version_row, file, raw_hash, hash, "
        "who, host, tool) SELECT 'public.goose_db_version', gen_random_uuid(), version_id, 'up', 'done', id, "
        "version_id || '_x.sql', sha256('a'), sha256('b'), '', '', '' FROM goose_db_version WHERE version_id > 0"
    )
    known = bench.known()
    assert len(known) == 10000
    assert known[9999].file == "9999_x.sql"
    assert len(known[9999].hash) == 32


# -- unfinished files -----------------------------------------------------------------------------------


def unfinished(bench: Bench) -> list[Unfinished]:
    journal = bench.session().journal()
    assert journal is not None
    return list(journal.opening().unfinished)


def break_off(bench: Bench, *statements: tuple[int, str], direction: str = "up") -> None:
    """The rows that a run leaves which came to these statements and was killed."""
    with bench.opened() as (custody, _):
        rows, channel = custody.rows, custody.channel
        channel.execute(rows.note(record(7), direction, "begun", is_open=True, since="then").encode())  # type: ignore[arg-type]
        for number, state in statements:
            note = rows.note(
                record(7), direction, state, statement=number, hash=bytes([number]) * 32, apart=True, is_open=True,
            )  # type: ignore[arg-type]  # fmt: skip
            channel.execute(note.encode())


def test_a_file_that_was_broken_off(bench: Bench) -> None:
    break_off(bench, (1, "done"), (2, "begun"))
    (found,) = unfinished(bench)
    assert found.attempts == (
        Attempt(1, b"\1" * 32, "done", True),
        Attempt(2, b"\2" * 32, "begun", True),
    )
    assert (found.version, found.direction, found.file, found.next) == (7, "up", "00007_x.sql", 0)
    assert (found.who, found.host) == ("ada", "engine-room")
    assert found.started is not None
    assert abs((datetime.now(UTC) - found.started).total_seconds()) < 600
    assert found.pid > 0


def test_of_a_statement_tried_twice_the_last_try_counts(bench: Bench) -> None:
    break_off(bench, (1, "done"), (2, "failed"))
    break_off(bench, (2, "begun"))
    (found,) = unfinished(bench)
    assert [(each.number, each.state) for each in found.attempts] == [(1, "done"), (2, "begun")]


def test_one_that_was_brought_to_an_end_by_other_means_is_left_out(bench: Bench) -> None:
    break_off(bench, (1, "done"))
    bench.ask("INSERT INTO goose_db_version (version_id, is_applied) VALUES (7, true)")
    assert unfinished(bench) == []
    break_off(bench, (1, "done"), direction="down")
    assert [each.direction for each in unfinished(bench)] == ["down"]
    bench.ask("DELETE FROM goose_db_version WHERE version_id = 7")
    assert [each.direction for each in unfinished(bench)] == ["up"]


def test_where_a_person_said_to_go_on(bench: Bench) -> None:
    break_off(bench, (1, "done"), (2, "begun"))
    with bench.opened() as (custody, _):
        custody.settle(record(7), "up", 3, [b"\4" * 32, b"\5" * 32])
    (found,) = unfinished(bench)
    assert found.next == 3
    assert [(each.number, each.hash, each.state) for each in found.attempts] == [
        (1, b"\4" * 32, "done"),
        (2, b"\5" * 32, "done"),
    ]
    break_off(bench)
    assert unfinished(bench)[0].next == 3
    break_off(bench, (3, "begun"))
    assert unfinished(bench)[0].next == 0
    with bench.opened() as (custody, _):
        custody.settle(record(7), "up", 1, [])
    assert (unfinished(bench)[0].next, unfinished(bench)[0].attempts) == (1, ())


def test_constraints_that_were_not_validated(bench: Bench) -> None:
    bench.ask(
        'CREATE TABLE a (n int, CONSTRAINT fine CHECK (n > 0)); CREATE SCHEMA s; CREATE TABLE s."B" (n int); '
        "ALTER TABLE a ADD CONSTRAINT positive CHECK (n > 1) NOT VALID; "
        'ALTER TABLE s."B" ADD CONSTRAINT "Odd One" CHECK (n > 1) NOT VALID'
    )
    channel = bench.session().clean_channel()
    assert opening.read_unchecked(channel) == ["a.positive", 's."B"."Odd One"']
    channel.execute(b"begin")
    with pytest.raises(Exception, match="division"):
        channel.execute(b"SELECT 1/0")
    assert opening.read_unchecked(channel) == []


def test_moments() -> None:
    assert opening.moment(None) is None
    assert opening.moment(b"2024-02-03T04:05:06.000007") == datetime(2024, 2, 3, 4, 5, 6, 7, UTC)
