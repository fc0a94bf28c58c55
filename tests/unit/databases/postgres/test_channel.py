"""One connection: statements, rows, COPY, stops, and what is left after each."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import psycopg
import pytest

from greylag.databases.base import Deadline
from greylag.databases.postgres.history import RowWriter
from greylag.databases.postgres.waiting import StopError
from greylag.errors import DatabaseError, LostError
from tests.engines.conftest import Signal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from greylag.databases.postgres.channel import Channel


@pytest.fixture
def flag() -> Iterator[Signal]:
    made = Signal()
    yield made
    made.close()


def number(channel: Channel, query: bytes) -> int:
    ((value,),) = channel.fetch(query).rows
    assert value is not None
    return int.from_bytes(value, "big")


def test_a_statement_gives_its_tag(channel: Channel) -> None:
    assert channel.execute(b"CREATE TABLE a (n int)") == "CREATE TABLE"
    assert channel.execute(b"INSERT INTO a VALUES (1), (2)") == "INSERT 0 2"
    assert channel.execute(b"SELECT * FROM a") == ""
    assert channel.execute(b"") == ""


def test_several_commands_in_one_statement_are_one_transaction(channel: Channel) -> None:
    assert channel.execute(b"CREATE TABLE a (n int); SELECT 1; INSERT INTO a VALUES (1)") == "INSERT 0 1"
    with pytest.raises(DatabaseError, match="division"):
        channel.execute(b"INSERT INTO a VALUES (2); SELECT 1/0; INSERT INTO a VALUES (3)")
    assert number(channel, b"SELECT count(*) FROM a") == 1
    assert channel.usable
    assert not channel.in_transaction


def test_rows_come_with_their_types(channel: Channel) -> None:
    answer = channel.fetch(b"SELECT 1::bigint, NULL::text, 'x'::text UNION ALL SELECT 2, 'y', 'z'")
    assert answer.types == [20, 25, 25]
    assert answer.rows == [(bytes(7) + b"\1", None, b"x"), (bytes(7) + b"\2", b"y", b"z")]
    assert channel.fetch(b"SELECT 7 WHERE false").rows == []
    assert channel.fetch(b"SELECT 7, true", binary=False).rows == [(b"7", b"t")]


def test_notices_are_silent(channel: Channel, capfd: pytest.CaptureFixture[str]) -> None:
    channel.execute(b"DO $$ BEGIN RAISE NOTICE 'here'; RAISE WARNING 'there'; END $$")
    assert capfd.readouterr() == ("", "")


def test_facts_of_the_connection(channel: Channel) -> None:
    assert channel.parameter("server_version").startswith("16.")
    assert channel.role == "postgres"
    assert channel.database.startswith("test_")
    assert channel.place.ip == "127.0.0.1"


def test_a_commit_that_became_a_rollback(channel: Channel) -> None:
    channel.execute(b"begin")
    with pytest.raises(DatabaseError):
        channel.execute(b"SELECT 1/0")
    assert channel.in_transaction
    with pytest.raises(DatabaseError) as caught:
        channel.commit()
    assert caught.value.driver_text == "commit unexpectedly resulted in rollback"
    assert not channel.in_transaction


def test_data_for_copy_never_comes(channel: Channel) -> None:
    channel.execute(b"CREATE TABLE a (n int)")
    with pytest.raises(DatabaseError, match="COPY FROM STDIN waits for data"):
        channel.execute(b"COPY a FROM STDIN; SELECT 1")
    assert number(channel, b"SELECT count(*) FROM a") == 0


def test_data_of_copy_is_thrown_away(channel: Channel) -> None:
    statement = b"COPY (SELECT repeat('x', 1000) FROM generate_series(1, 20000)) TO STDOUT; SELECT 5"
    assert channel.execute(statement) == "COPY 20000"
    assert channel.execute(b"COPY (SELECT 1) TO STDOUT") == "COPY 1"


def test_an_error_in_the_middle_of_copied_rows(channel: Channel) -> None:
    with pytest.raises(DatabaseError, match="division"):
        channel.execute(b"COPY (SELECT 1 / (5000 - n) FROM generate_series(1, 10000) n) TO STDOUT")
    assert number(channel, b"SELECT 3") == 3


def test_with_a_deadline_copy_is_waited_for(channel: Channel) -> None:
    channel.execute(b"CREATE TABLE a (n int)")
    channel.deadline = Deadline(0.2)
    with pytest.raises(StopError) as caught:
        channel.execute(b"COPY a FROM STDIN")
    assert caught.value.signal == 0
    channel.abandon()
    channel.deadline = None
    assert number(channel, b"SELECT count(*) FROM a") == 0


def test_a_signal_stops_a_statement_and_abandon_ends_it(channel: Channel, flag: Signal) -> None:
    channel.interrupt = flag
    channel.execute(b"begin")
    channel.execute(b"CREATE TABLE a (n int)")
    timer = threading.Timer(0.2, flag.arrive, (15,))
    timer.start()
    with pytest.raises(StopError) as caught:
        channel.execute(b"SELECT pg_sleep(60)")
    timer.join()
    assert caught.value.signal == 15
    channel.abandon()
    channel.interrupt = None
    assert not channel.in_transaction
    assert channel.fetch(b"SELECT to_regclass('a')::text").rows == [(None,)]


def test_the_cancel_is_repeated_when_it_falls_between_statements(channel: Channel) -> None:
    seen = []
    real = channel.canceller.cancel

    def cancel() -> None:
        seen.append(time.monotonic())
        if len(seen) > 1:  # the first one is lost on the way
            real()

    channel.canceller.cancel = cancel  # type: ignore[method-assign]
    assert channel.libpq.send_query(channel.handle, b"SELECT pg_sleep(60)")
    channel.abandon()
    assert len(seen) == 2
    assert channel.usable


def test_a_row_is_prepared_once(channel: Channel) -> None:
    channel.execute(b"CREATE TABLE v (id serial, version_id bigint, is_applied boolean)")
    rows = RowWriter("v")
    for version in (1, 2, 3):
        channel.record(rows.row(version, "up"))
    channel.record(rows.row(2, "down"))
    names = channel.fetch(b"SELECT name FROM pg_prepared_statements ORDER BY prepare_time").rows
    assert [name for (name,) in names if name] == [rows.row(1, "up").name, rows.row(1, "down").name]
    assert channel.fetch(b"SELECT version_id, is_applied FROM v ORDER BY id", binary=False).rows == [
        (b"1", b"t"),
        (b"3", b"t"),
    ]


def test_a_row_without_preparation(channel: Channel) -> None:
    channel.caches_statements = False
    channel.execute(b"CREATE TABLE v (version_id bigint, is_applied boolean)")
    channel.record(RowWriter("v").row(7, "up"))
    assert channel.fetch(b"SELECT name FROM pg_prepared_statements").rows == []
    assert number(channel, b"SELECT version_id FROM v") == 7


def test_a_row_that_cannot_be_prepared_is_tried_again(channel: Channel) -> None:
    row = RowWriter("v").row(7, "up")
    with pytest.raises(DatabaseError, match='relation "v" does not exist'):
        channel.record(row)
    channel.execute(b"CREATE TABLE v (version_id bigint, is_applied boolean)")
    channel.record(row)
    assert number(channel, b"SELECT version_id FROM v") == 7


def test_a_connection_that_is_gone(channel: Channel, database: str) -> None:
    with psycopg.connect(database, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", (channel.canceller.pid,))
    with pytest.raises(LostError):
        channel.execute(b"SELECT 1")
    assert not channel.usable
    with pytest.raises(LostError):
        channel.execute(b"SELECT 1")
    with pytest.raises(LostError):
        channel.fetch(b"SELECT 1")
    channel.roll_back()
    assert not channel.usable


def test_closing_twice(channel: Channel) -> None:
    channel.close()
    channel.close()
    assert not channel.usable


# -- watching -------------------------------------------------------------------------------------------


@pytest.fixture
def looks(channel: Channel) -> list[float]:
    """The seconds that each look was told, for a connection that is looked at ten times a second."""
    seen: list[float] = []
    channel.watch, channel.watch_seconds = seen.append, 0.1
    return seen


def test_a_wait_is_watched(channel: Channel, looks: list[float]) -> None:
    channel.execute(b"SELECT 1")
    assert looks == []
    channel.execute(b"SELECT pg_sleep(0.35)")
    assert len(looks) >= 2
    assert looks == sorted(looks)
    assert looks[0] >= 0.1
    channel.watch = None
    count = len(looks)
    channel.execute(b"SELECT pg_sleep(0.25)")
    assert len(looks) == count


def test_each_wait_is_counted_from_its_own_start(channel: Channel, looks: list[float]) -> None:
    channel.execute(b"SELECT pg_sleep(0.25)")
    first = len(looks)
    channel.execute(b"SELECT pg_sleep(0.15)")
    assert first >= 1
    assert len(looks) > first
    assert looks[first] < sum(looks[:first]) + 0.1 + 0.25


def test_a_watched_wait_ends_with_the_deadline_and_with_a_signal(
    channel: Channel, looks: list[float], flag: Signal
) -> None:
    channel.deadline = Deadline(0.25)
    with pytest.raises(StopError) as caught:
        channel.execute(b"SELECT pg_sleep(60)")
    assert caught.value.signal == 0
    assert looks != []
    channel.abandon()
    channel.deadline, channel.interrupt = None, flag
    channel.watch = lambda _: flag.arrive(2)
    with pytest.raises(StopError) as stopped:
        channel.execute(b"SELECT pg_sleep(60)")
    assert stopped.value.signal == 2
    channel.watch = None
    channel.abandon()
    assert channel.usable


def test_what_is_waited_for_after_a_stop_is_not_watched(channel: Channel, looks: list[float]) -> None:
    channel.deadline = Deadline(0.05)
    with pytest.raises(StopError):
        channel.execute(b"SELECT pg_sleep(60)")
    count = len(looks)
    channel.abandon()
    assert len(looks) == count


def test_several_queries_in_one_round_trip(channel: Channel) -> None:
    one, two, three = channel.fetch_all(
        [(b"SELECT 7", False), (b"SELECT 1::bigint", True), (b"SELECT NULL WHERE false", False)]
    )
    assert one.rows == [(b"7",)]
    assert two.rows == [((1).to_bytes(8, "big"),)]
    assert three.rows == []
    assert number(channel, b"SELECT 8") == 8


def test_the_first_of_several_queries_that_fails_is_the_error(channel: Channel) -> None:
    with pytest.raises(DatabaseError, match="nowhere") as caught:
        channel.fetch_all([(b"SELECT 1", False), (b"TABLE nowhere", False), (b"SELECT 1/0", False)])
    assert caught.value.sqlstate == "42P01"
    assert number(channel, b"SELECT 8") == 8


def test_a_deadline_in_several_queries_ends_the_connection(channel: Channel) -> None:
    channel.deadline = Deadline(0.5)
    with pytest.raises(StopError):
        channel.fetch_all([(b"SELECT pg_sleep(5)", False), (b"SELECT 1", False)])
    assert not channel.usable
