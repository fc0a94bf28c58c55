"""One runner at a time: taken, waited for, refused with the holder's name, and given back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from greylag.databases.postgres.careful import lock
from greylag.errors import LockedError
from tests.plugins.bench import LOCK_ID, Meanwhile

if TYPE_CHECKING:
    from tests.plugins.bench import Bench

HELD = f"SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = {LOCK_ID} AND granted"


def test_the_id_is_that_of_gooses_library() -> None:
    assert lock.LOCK_ID == LOCK_ID


def test_it_is_held_while_a_run_is_open_and_given_back_after(bench: Bench) -> None:
    with bench.opened() as (custody, _):
        assert bench.ask(HELD) == [(custody.ground.pid,)]
    assert bench.ask(HELD) == []
    with bench.opened() as (custody, _):
        assert bench.ask(HELD) == [(custody.ground.pid,)]


def test_a_session_that_takes_the_lock_as_goose_does_excludes_us_and_is_named(bench: Bench) -> None:
    bench.write("00001_a.sql", "CREATE TABLE a (n int);")
    with psycopg.connect(bench.dsn, application_name="billing service", autocommit=True) as holder:
        holder.execute("SELECT pg_advisory_lock(%s)", (LOCK_ID,))
        with pytest.raises(LockedError) as caught:
            bench.up(lock_wait_seconds=0.0)
        pid = holder.info.backend_pid
    assert f'pid {pid} (postgres@127.0.0.1, "billing service"), connected since 20' in caught.value.holder
    assert caught.value.holder.endswith(", idle")
    assert caught.value.holder in caught.value.message
    assert f"pg_terminate_backend({pid})" in str(caught.value.hint)
    assert not bench.is_there("goose_db_version")
    assert not bench.is_there("a")


def test_what_the_holder_runs_is_told_without_its_password(bench: Bench) -> None:
    bench.write("00001_a.sql", "CREATE TABLE a (n int);")
    with psycopg.connect(bench.dsn, autocommit=True) as holder:
        holder.execute("SELECT pg_advisory_lock(%s)", (LOCK_ID,))
        busy = Meanwhile(lambda: holder.execute("SELECT pg_sleep(30), 'postgres://u:geheim@h/d'"))
        bench.until(
            "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(30)%' AND state = 'active'"
        )
        with pytest.raises(LockedError, match=r"running: SELECT pg_sleep\(30\)") as caught:
            bench.up(lock_wait_seconds=0.0)
        holder.cancel()
        with pytest.raises(psycopg.errors.QueryCanceled):
            busy.end()
    assert "geheim" not in caught.value.message


def test_it_is_waited_for_and_the_holder_is_told_once(bench: Bench) -> None:
    bench.write("00001_a.sql", "CREATE TABLE a (n int);")
    with psycopg.connect(bench.dsn, autocommit=True) as holder:
        holder.execute("SELECT pg_advisory_lock(%s)", (LOCK_ID,))
        run = Meanwhile(lambda: bench.up(lock_wait_seconds=30.0))
        while not bench.notices("waiting"):
            assert run.error is None
        holder.execute("SELECT pg_advisory_unlock(%s)", (LOCK_ID,))
        assert run.end() == [1]
        pid = holder.info.backend_pid
    (text,) = bench.notices("waiting")
    assert text.startswith(f"waiting for another runner: pid {pid} (postgres@127.0.0.1)")


def test_waiting_keeps_no_snapshot_that_a_concurrent_build_would_wait_for(bench: Bench) -> None:
    bench.ask("CREATE TABLE a (n int)")
    with psycopg.connect(bench.dsn, autocommit=True) as holder:
        holder.execute("SELECT pg_advisory_lock(%s)", (LOCK_ID,))
        bench.write("00001_b.sql", "CREATE TABLE b (n int);")
        run = Meanwhile(lambda: bench.up(lock_wait_seconds=30.0))
        bench.until(
            "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%pg_try_advisory_lock%' "
            "AND pid <> pg_backend_pid()"
        )
        holder.execute("CREATE INDEX CONCURRENTLY a_n ON a (n)")
        holder.execute("SELECT pg_advisory_unlock(%s)", (LOCK_ID,))
        run.end()


def test_two_runs_at_once_apply_every_file_once(bench: Bench) -> None:
    for version in range(1, 6):
        bench.write(f"0000{version}_t.sql", f"CREATE TABLE t{version} (n int);\nSELECT pg_sleep(0.02);")
    runs = [Meanwhile(bench.up) for _ in range(3)]
    assert sorted(version for run in runs for version in run.end()) == [1, 2, 3, 4, 5]
    assert bench.versions() == [1, 2, 3, 4, 5]
    assert bench.journal("version, state") == [(version, "done") for version in range(1, 6)]


def test_another_database_is_not_excluded(bench: Bench, database: str) -> None:
    bench.write("00001_a.sql", "CREATE TABLE a (n int);")
    with psycopg.connect(database, autocommit=True) as holder:
        holder.execute("SELECT pg_advisory_lock(%s)", (LOCK_ID,))
        assert bench.up(lock_wait_seconds=0.0) == [1]


def test_giving_back_what_was_lost_closes_the_connection(bench: Bench) -> None:
    custody = bench.custody()
    custody.open()
    bench.ask("SELECT pg_terminate_backend(%s)", custody.ground.pid)
    lock.release(custody.channel)
    assert not custody.channel.usable
    custody.close()
