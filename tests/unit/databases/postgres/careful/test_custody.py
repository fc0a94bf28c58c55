"""One run from open to close, and the rows it writes beside files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from greylag.errors import ApplyError, DatabaseError, PoolerError
from tests.plugins.bench import record

if TYPE_CHECKING:
    from tests.plugins.bench import Bench


def test_opening_makes_what_is_not_there_and_reads(bench: Bench) -> None:
    with bench.opened() as (_, opening):
        assert [(row.version, row.applied) for row in opening.rows] == [(0, True)]
        assert (opening.known, list(opening.unfinished)) == ({}, [])
    bench.write("00001_a.sql", "SELECT 1;")
    bench.up()
    with bench.opened() as (_, opening):
        assert [row.version for row in opening.rows] == [1, 0]
        assert sorted(opening.known) == [1]


def test_the_session_says_what_it_is(bench: Bench) -> None:
    with bench.opened():
        assert bench.ask("SELECT 1 FROM pg_stat_activity WHERE application_name = 'greylag up'") != []
    with bench.opened(f"{bench.dsn}&application_name=deploy-7"):
        assert bench.ask("SELECT 1 FROM pg_stat_activity WHERE application_name = 'deploy-7'") != []
    with bench.opened() as (custody, _):
        rows = custody.channel.fetch(b"SHOW client_connection_check_interval", binary=False).rows
        assert rows == [(b"2s",)]


def test_a_table_that_lands_elsewhere_is_an_explained_error(bench: Bench) -> None:
    bench.ask("CREATE SCHEMA s")
    with pytest.raises(DatabaseError, match="no schema has been selected"):
        bench.custody(f"{bench.dsn}&search_path=nowhere").open()


def test_adoption_in_batches(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    from greylag.databases.postgres.careful import custody as module

    monkeypatch.setattr(module, "_BATCH_BYTES", 600)
    for version in range(1, 8):
        bench.write(f"0000{version}_t.sql", f"SELECT {version};")
    bench.goose()
    with bench.opened() as (custody, _):
        custody.adopt(careful.record for careful in bench.scripts())
    assert bench.journal("version, state") == [(version, "adopted") for version in range(1, 8)]
    assert sorted(bench.known()) == list(range(1, 8))
    with bench.opened() as (custody, _):
        custody.adopt([])


def test_marking_records_what_is_not_recorded(bench: Bench) -> None:
    bench.write("00001_a.sql", "SELECT 1;")
    bench.goose()
    bench.ask("INSERT INTO goose_db_version (version_id, is_applied) VALUES (2, false)")
    with bench.opened() as (custody, _):
        custody.mark([record(1), record(2), record(3)], "marked")
    assert bench.ask("SELECT version_id, is_applied FROM goose_db_version ORDER BY id") == [
        (0, True), (1, True), (2, False), (2, True), (3, True),
    ]  # fmt: skip
    assert bench.journal("version, direction, state") == [(version, "up", "marked") for version in (1, 2, 3)]
    assert sorted(bench.known()) == [1, 2, 3]
    with bench.opened() as (custody, _):
        custody.unmark([record(2), record(3)], "marked")
    assert bench.versions() == [1]
    assert sorted(bench.known()) == [1]


def test_marking_is_all_or_nothing(bench: Bench) -> None:
    with bench.opened() as (custody, _):
        bench.ask("ALTER TABLE greylag.journal ADD CHECK (version <> 2)")
        with pytest.raises(DatabaseError, match="check constraint"):
            custody.mark([record(1), record(2)], "marked")
        assert not custody.channel.in_transaction
    assert bench.versions() == []
    assert bench.journal() == []


def test_on_another_server_process_nothing_is_written(bench: Bench) -> None:
    bench.write("00001_a.sql", "CREATE TABLE a (n int);")
    bench.write("00002_b.sql", "CREATE TABLE b (n int);", outside=True)
    with bench.opened() as (custody, _):
        wrong = custody.ground.pid + 1
        custody.ground = custody.ground._replace(pid=wrong)
        assert custody.ground.place is not None
        custody.rows = type(custody.rows)(
            custody._history, custody.ground.place, custody.manners.runner, wrong
        )
        for careful in bench.scripts():
            with pytest.raises(ApplyError) as caught:
                list(custody.apply([careful]))
            assert isinstance(caught.value.cause, PoolerError)
            assert caught.value.statement is None or careful.record.version == 2
        with pytest.raises(DatabaseError):
            custody.mark([record(3)], "marked")
        with pytest.raises(DatabaseError):
            custody.adopt([record(3)])
        with pytest.raises(DatabaseError):
            custody.settle(record(3), "up", 1, [])
    assert bench.versions() == []
    assert bench.journal() == []
    assert not bench.is_there("a")
    assert not bench.is_there("b")


def test_closing_inside_a_transaction_ends_the_session(bench: Bench) -> None:
    custody = bench.custody()
    custody.open()
    custody.channel.execute(b"begin")
    custody.close()
    assert not custody.channel.usable
    custody.close()


# -- files of every kind --------------------------------------------------------------------------------


def test_the_text_of_a_file_is_kept_byte_for_byte(bench: Bench) -> None:
    content = (
        "-- +goose Up\r\nSELECT E'it''s \\\\ a \\'test\\'', 'größe €', $$body ' \\ $$;\n"
        "-- +goose Down\nSELECT 'a''b\\';\n"
    ).encode()
    bench.put("00001_a.sql", content)
    bench.put("00002_b.sql", b"-- +goose Up\n-- \xff\xfe not UTF-8\nSELECT 1;\n")
    assert bench.up() == [1, 2]
    journal = bench.session().journal()
    assert journal is not None
    assert journal.content(1) == ("00001_a.sql", content)
    assert journal.content(2) == ("00002_b.sql", b"-- +goose Up\n-- \xff\xfe not UTF-8\nSELECT 1;\n")


@pytest.mark.parametrize("bad", [b"\0", b"\xff"])
def test_a_byte_that_the_server_cannot_take_fails_the_file(bench: Bench, bad: bytes) -> None:
    bench.put("00001_a.sql", b"-- +goose Up\nCREATE TABLE a (n int);\nSELECT '" + bad + b"';\n")
    with pytest.raises(ApplyError):
        bench.up()
    assert not bench.is_there("a")
    assert bench.journal("state, version") == [("failed", 1)]
    bench.put("00001_a.sql", b"-- +goose Up\n-- \xff\nSELECT 1;\n")
    assert bench.up() == [1]


@pytest.mark.parametrize("outside", [False, True])
@pytest.mark.parametrize(
    "left_behind",
    [
        "SET standard_conforming_strings = off",
        "SELECT pg_catalog.set_config('search_path', '', false)",
        "SET DateStyle = 'SQL, DMY'",
        "SET TimeZone = 'Asia/Kathmandu'",
        "SET client_encoding = 'LATIN1'",
        "SET bytea_output = 'escape'",
        "SET default_transaction_isolation = 'serializable'",
        "SET default_transaction_deferrable = on",
        "SET lock_timeout = '1ms'",
        "SET statement_timeout = '10s'",
        "SET check_function_bodies = off",
        "SET client_min_messages = 'debug5'",
        "SET plan_cache_mode = force_generic_plan",
    ],
)
def test_what_a_file_leaves_behind_in_the_session(bench: Bench, left_behind: str, *, outside: bool) -> None:
    bench.write("00001_it's.sql", f"{left_behind};", "SELECT 1;", outside=outside)
    bench.write("00002_b.sql", "CREATE TABLE public.b (n int);", "DROP TABLE public.b;")
    bench.write("00003_c.sql", "CREATE TABLE public.c (n int);", "DROP TABLE public.c;", outside=True)
    bench.write("00004_d.sql", "SELECT 1/0;", outside=outside)
    with pytest.raises(ApplyError, match="division"):
        bench.up()
    bench.remove("00004_d.sql")
    rows = bench.journal("version, state, file", "WHERE statement IS NULL ORDER BY id")
    assert rows == [
        (1, "done", "00001_it's.sql"), (2, "done", "00002_b.sql"), (3, "done", "00003_c.sql"), (4, "failed", "00004_d.sql"),
    ]  # fmt: skip
    assert [known.file for known in bench.known().values()] == [
        "00001_it's.sql",
        "00002_b.sql",
        "00003_c.sql",
    ]
    assert bench.versions() == [1, 2, 3]
    if not outside:
        assert bench.back("reset") == [3, 2, 1]


@pytest.mark.parametrize("outside", [False, True])
def test_a_role_left_behind_may_lack_rights_on_the_journal(bench: Bench, role: str, *, outside: bool) -> None:
    with bench.opened():
        pass
    bench.ask(f"GRANT ALL ON goose_db_version, goose_db_version_id_seq TO {role}")
    bench.write("00001_a.sql", f"SET ROLE {role};\nCREATE TABLE a (n int);", outside=outside)
    bench.write("00002_b.sql", "CREATE TABLE b (n int);")
    assert bench.up() == [1, 2]
    owners = "SELECT tablename, tableowner FROM pg_tables WHERE tablename IN ('a', 'b') ORDER BY 1"
    assert bench.ask(owners) == [("a", role), ("b", role)]
    assert bench.journal("version, state", "WHERE statement IS NULL ORDER BY id") == [
        (1, "done"),
        (2, "done"),
    ]


@pytest.mark.parametrize("atomic", [False, True])
def test_a_role_goes_on_in_the_next_file_as_with_goose(bench: Bench, role: str, *, atomic: bool) -> None:
    with bench.opened():
        pass
    bench.write("00001_a.sql", f"SET ROLE {role};\nCREATE TABLE a (n int);", "DROP TABLE a;")
    bench.write("00002_b.sql", "CREATE TABLE b (n int);", "DROP TABLE b;")
    bench.write(
        "00003_c.sql", "RESET ROLE;\nCREATE TABLE c (n int);\nSET LOCAL ROLE " + role + ";", "DROP TABLE c;"
    )
    bench.write("00004_d.sql", "CREATE TABLE d (n int);\nSELECT 1/0;")
    with pytest.raises(ApplyError, match="division"):
        bench.up()
    bench.edit("00004_d.sql", "SELECT 1/0;", "")
    if not atomic:
        assert bench.up() == [4]
    else:
        assert bench.back("reset") == [3, 2, 1]
        assert bench.up(atomic=True) == [1, 2, 3, 4]
    owners = dict(bench.ask("SELECT tablename, tableowner FROM pg_tables WHERE schemaname = 'public'"))
    assert [owners[name] for name in "abc"] == [role, role, "postgres"]
    assert bench.versions() == [1, 2, 3, 4]


@pytest.mark.parametrize(
    "setting", ["default_transaction_isolation=serializable", "standard_conforming_strings=off"]
)
def test_connections_with_settings_of_their_own(bench: Bench, setting: str) -> None:
    bench.write("00001_it's.sql", "CREATE TABLE a (n int);", "DROP TABLE a;")
    bench.write(
        "00002_b.sql", "CREATE INDEX CONCURRENTLY a_n ON a (n);", "DROP INDEX CONCURRENTLY a_n;", outside=True
    )
    dsn = f"{bench.dsn}&{setting}"
    assert bench.up(dsn=dsn) == [1, 2]
    assert bench.back("reset", dsn=dsn) == [2, 1]


def test_a_read_only_database_is_told(bench: Bench) -> None:
    bench.write("00001_a.sql", "SELECT 1;")
    with pytest.raises(DatabaseError, match="read-only transaction"):
        bench.up(dsn=f"{bench.dsn}&default_transaction_read_only=on")
    with psycopg.connect(bench.dsn) as connection:
        assert connection.execute("SELECT 1 FROM pg_locks WHERE locktype = 'advisory'").fetchall() == []
