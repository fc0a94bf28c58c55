"""The query about one process, asked of a real server; who blocks whom is in test_watcher."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import psycopg
import pytest

from greylag.databases.postgres.careful.waits import look_at
from greylag.errors import DatabaseError

if TYPE_CHECKING:
    from greylag.databases.postgres.careful.waits import Look
    from greylag.databases.postgres.channel import Channel


def test_a_process_that_waits_for_nothing(channel: Channel) -> None:
    look = look_at(channel.canceller.pid, channel)
    assert look == (True, "postgres", None, None)


def test_a_process_that_is_not_there(channel: Channel) -> None:
    assert look_at(2**31 - 1, channel) == (False, "postgres", None, None)


def test_the_names_are_the_server_s_own_whatever_the_search_path_holds(channel: Channel) -> None:
    channel.execute(b"CREATE SCHEMA trap; SET search_path = trap, pg_catalog")
    channel.execute(
        b"CREATE FUNCTION trap.pg_blocking_pids(int) RETURNS int[] LANGUAGE sql AS 'SELECT ARRAY[1]';"
        b"CREATE VIEW trap.pg_locks AS SELECT 1 AS pid"
    )
    assert look_at(channel.canceller.pid, channel).wait is None


def test_a_failure_is_the_caller_s(channel: Channel) -> None:
    channel.execute(b"BEGIN")
    with pytest.raises(DatabaseError):
        channel.execute(b"oops")
    with pytest.raises(DatabaseError, match="current transaction is aborted"):
        look_at(channel.canceller.pid, channel)


def test_how_far_an_index_build_is(channel: Channel, database: str) -> None:
    """The function of the index waits for an advisory lock in the middle of the table."""
    with psycopg.connect(database, autocommit=True) as builder, psycopg.connect(database) as gate:
        builder.execute("CREATE TABLE big (id int, filler text)")
        builder.execute("INSERT INTO big SELECT n, repeat('x', 1000) FROM generate_series(1, 700) AS n")
        builder.execute(
            "CREATE FUNCTION slow(n int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS "
            "$$ BEGIN IF n = 350 THEN PERFORM pg_advisory_xact_lock(7); END IF; RETURN n; END $$"
        )
        gate.execute("SELECT pg_advisory_xact_lock(7)")
        thread = threading.Thread(target=builder.execute, args=("CREATE INDEX ON big (slow(id))",))
        thread.start()
        try:
            look = waited_for(channel, builder.info.backend_pid)
        finally:
            gate.rollback()
            thread.join()
    assert look.wait is not None and look.wait.kind == "advisory"
    assert look.wait.nearest == (gate_pid := look.wait.blockers[0].pid,) and gate_pid > 0
    assert look.progress is not None
    phase, done, total = look.progress
    assert phase == "building index: scanning table" and 0 < done < total == 100


def waited_for(channel: Channel, pid: int) -> Look:
    for _ in range(600):
        look = look_at(pid, channel)
        if look.wait is not None:
            return look
        time.sleep(0.05)
    raise AssertionError("the build never came to the gate")
