"""What a run holds: its connection, the orphan it waits for, and what it tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from greylag.errors import ApplyError, LockedError, LostError
from greylag.model.care import Resume
from greylag.model.event import Notice, Progress

if TYPE_CHECKING:
    from tests.plugins.bench import Bench

SINCE = "SELECT to_char(backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US') FROM pg_stat_activity WHERE pid = {}"


def test_a_lost_connection_is_not_replaced(bench: Bench) -> None:
    with bench.opened() as (custody, _):
        assert custody.held() is custody.channel
        bench.ask("SELECT pg_terminate_backend(%s)", custody.ground.pid)
        bench.until(
            f"SELECT 1 WHERE NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = {custody.ground.pid})"
        )
        with pytest.raises(LostError):
            custody.held().execute(b"SELECT 1")
        with pytest.raises(LostError):
            custody.held()


@pytest.mark.parametrize(
    "setting", ["SELECT 1", "SET DateStyle = 'SQL, DMY'", "SET TimeZone = 'Asia/Kathmandu'"]
)
def test_the_process_of_a_broken_run_is_waited_for(bench: Bench, setting: str) -> None:
    with bench.opened(lock_wait_seconds=0.0) as (custody, _):
        custody.channel.execute(setting.encode())
        with psycopg.connect(bench.dsn) as orphan:
            pid = orphan.info.backend_pid
            since = bench.value(SINCE.format(pid))
            with pytest.raises(LockedError, match=f"in process {pid}") as caught:
                custody.wait_for_orphan(Resume(2, doubtful=True, pid=pid, backend_since=since))
            assert f"pg_terminate_backend({pid})" in str(caught.value.hint)
            # another process that has its number now is none of ours
            custody.wait_for_orphan(
                Resume(2, doubtful=True, pid=pid, backend_since="2001-01-01T00:00:00.000000")
            )
        bench.until(f"SELECT 1 WHERE NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = {pid})")
        custody.wait_for_orphan(Resume(2, doubtful=True, pid=pid, backend_since=since))
        custody.wait_for_orphan(Resume(2))
        own = custody.ground
        custody.wait_for_orphan(Resume(2, pid=own.pid, backend_since=own.since))


def test_the_wait_for_it_is_told(bench: Bench) -> None:
    with psycopg.connect(bench.dsn) as orphan, bench.opened(lock_wait_seconds=1.5) as (custody, _):
        pid = orphan.info.backend_pid
        since = bench.value(SINCE.format(pid))
        with pytest.raises(LockedError):
            custody.wait_for_orphan(Resume(2, pid=pid, backend_since=since))
    (text,) = bench.notices("orphan")
    assert f"(pid {pid}); waiting" in text


def test_who_blocks_is_remembered_in_words(bench: Bench) -> None:
    custody = bench.custody()
    custody.tell(Notice("retry", "behind nobody"))
    assert custody.blockers() == ""
    custody.tell(Notice("blocked", "a waits for a lock behind pid 7 (ada), idle\nmore of it"))
    assert custody.blockers() == "pid 7 (ada), idle"
    assert len(bench.told) == 2


def test_errors_are_kept_without_the_password_of_the_connection(bench: Bench) -> None:
    dsn = bench.dsn.replace("postgres@", "postgres:Geheim%21@")
    custody = bench.custody(dsn)
    assert custody.told('no such thing: "Geheim!"') == 'no such thing: "***"'
    assert "pass" not in custody.told("cannot reach postgres://u:pass@h/d").replace("xxxxx", "")
    short = bench.custody(bench.dsn.replace("postgres@", "postgres:on@"))
    assert short.told("turned on") == "turned on"


def test_no_password_reaches_the_journal(bench: Bench) -> None:
    dsn = bench.dsn.replace("postgres@", "postgres:Geheim%21@")
    bench.ask("CREATE ROLE bench_secret")
    try:
        bench.write(
            "00001_a.sql",
            "ALTER ROLE bench_secret PASSWORD 'hunter2';\nALTER ROLE bench_secret WITH ENCRYPTED PASSWORD E'hunter2';",
            "ALTER ROLE bench_secret PASSWORD 'hunter2';",
        )
        bench.write("00002_b.sql", "SELECT 'Geheim!'::int;")
        with pytest.raises(ApplyError, match="invalid input syntax"):
            bench.up(dsn=dsn)
        bench.edit("00002_b.sql", "'Geheim!'::int", "1/0, 'postgres://u:hunter2@h/d'")
        with pytest.raises(ApplyError):
            bench.up(dsn=dsn)
        bench.write(
            "00002_b.sql",
            "CREATE INDEX CONCURRENTLY x ON nowhere (n);\nALTER ROLE bench_secret PASSWORD 'hunter2';",
            outside=True,
        )
        with pytest.raises(ApplyError):
            bench.up(dsn=dsn)
    finally:
        bench.ask("DROP ROLE bench_secret")
    everything = bench.everything()
    assert "hunter2" not in everything
    assert bench.journal("1", "WHERE error LIKE '%Geheim%'") == []
    assert "PASSWORD '***'" in everything
    assert 'integer: \\"***\\"' in everything


def test_a_failure_is_not_noted_where_that_cannot_be_done(bench: Bench) -> None:
    bench.write("00001_a.sql", "SELECT 1;")
    with bench.opened() as (custody, _):
        (careful,) = bench.scripts()
        from greylag.databases.postgres.careful.hold import Tries

        custody.channel.execute(b"begin")
        custody.note_failure(careful, "", "inside a transaction", Tries())
        custody.channel.execute(b"rollback")
        bench.ask("ALTER TABLE greylag.journal RENAME TO elsewhere")
        custody.note_failure(careful, "", "no table", Tries())
        assert custody.channel.usable
        assert not custody.channel.in_transaction
        bench.ask("ALTER TABLE greylag.elsewhere RENAME TO journal")
        custody.note_failure(careful, "XX000", "a word", Tries())
        custody.channel.close()
        custody.note_failure(careful, "", "closed", Tries())
    assert bench.journal("state, sqlstate, error") == [("failed", "XX000", "a word")]


def test_progress_names_the_statement_under_way(bench: Bench) -> None:
    bench.write("00001_a.sql", "SELECT 1;\nSELECT pg_sleep(0.5);")
    bench.write("00002_b.sql", "SELECT 1;\nSELECT 2;\nSELECT pg_sleep(0.5);", outside=True)
    bench.up(lock_timeout_seconds=0.2)
    seen = {
        (each.migration.version, each.number, each.count) for each in bench.told if isinstance(each, Progress)
    }
    assert seen == {(1, 2, 2), (2, 3, 3)}
