"""The pipeline: what is under way at one time, what an error skips, and what does not fit into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.databases.postgres import history
from greylag.databases.postgres.history import RowWriter
from greylag.databases.postgres.pipeline import Pipeline, is_fast
from greylag.databases.postgres.source import Source
from greylag.model.migration import Migration, Script, Statement
from tests.engines.scripts import script, told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from greylag.databases.postgres.channel import Channel
    from greylag.model.event import Ran

KIBI = 1024


@pytest.fixture
def channel(channel: Channel) -> Channel:
    history.create_table(channel, "v")
    return channel


def fly(channel: Channel, *scripts: Script) -> tuple[Pipeline, list[Ran], Source]:
    pipeline, source = Pipeline(channel, RowWriter("v")), Source(scripts)
    ran = list(pipeline.run(source))
    assert not channel.usable or not channel.in_transaction
    return pipeline, ran, source


def rows(channel: Channel) -> list[int]:
    return [row.version for row in history.read_rows(channel, "v")]


def test_only_plain_transactional_files_are_fast() -> None:
    assert is_fast(script(1))
    assert not is_fast(script(1, plain=False))
    assert not is_fast(script(1, transactional=False))


def test_it_stops_in_front_of_a_file_that_is_not_fast(channel: Channel) -> None:
    pipeline, ran, source = fly(channel, script(1), script(2, "SELECT 1;"), script(3, plain=False), script(4))
    assert told(ran) == [(1, "up", 0), (2, "up", 1)]
    assert (pipeline.failure, pipeline.stop, pipeline.problem) == (None, None, None)
    assert source.peek() == script(3, plain=False)
    assert rows(channel) == [2, 1, 0]


def test_every_file_has_a_time_stamp_of_its_own(channel: Channel) -> None:
    fly(channel, *[script(version, "SELECT pg_sleep(0.001);") for version in range(1, 6)])
    stamps = [stamp.at for stamp in history.read_stamps(channel, "v")]
    assert len(set(stamps)) == 6


class Watched:
    """Counts what is under way while a pipeline runs."""

    def __init__(self, pipeline: Pipeline) -> None:
        self.pipeline = pipeline
        self.files = 0
        self.bytes = 0

    def look(self) -> None:
        self.files = max(self.files, len(self.pipeline.flights))
        self.bytes = max(self.bytes, self.pipeline._due_bytes)


def watch(channel: Channel, scripts: Iterator[Script] | list[Script]) -> tuple[Watched, list[Ran]]:
    pipeline = Pipeline(channel, RowWriter("v"))
    watched = Watched(pipeline)
    real = pipeline._receive

    def receive() -> None:
        watched.look()
        real()

    pipeline._receive = receive  # type: ignore[method-assign]
    return watched, list(pipeline.run(Source(scripts)))


def test_no_more_than_32_files_are_under_way(channel: Channel) -> None:
    watched, ran = watch(channel, [script(version, "SELECT 1;") for version in range(1, 301)])
    assert len(ran) == 300
    assert 1 < watched.files <= 32


class Inserts:
    """A file that is made while it is read, larger than anybody should hold."""

    def __init__(self, count: int, size: int) -> None:
        self.count, self.size = count, size
        self.ahead = 0

    def __iter__(self) -> Iterator[Statement]:
        yield Statement("CREATE TABLE t (v text);")
        for _ in range(self.count):
            yield Statement(f"INSERT INTO t VALUES ('{'x' * self.size}');")


@pytest.mark.parametrize(
    ("count", "size"), [(3000, 100), (200, 10 * KIBI), (10, 200 * KIBI), (5, 900 * KIBI)]
)
def test_no_more_than_256_kib_are_under_way(channel: Channel, count: int, size: int) -> None:
    file = Script(Migration(1, "m/1_x.sql"), "up", Inserts(count, size), count + 1, True, True)
    watched, ran = watch(channel, [file, script(2, "SELECT 1;")])
    assert told(ran) == [(1, "up", count + 1), (2, "up", 1)]
    assert watched.bytes <= max(256 * KIBI, size + KIBI)
    assert channel.fetch(b"SELECT count(*)::text, min(length(v))::text FROM t").rows == [
        (str(count).encode(), str(size).encode())
    ]


def test_an_error_in_a_large_file_stops_its_sending(channel: Channel) -> None:
    read: list[int] = []

    class Statements:
        def __iter__(self) -> Iterator[Statement]:
            for number in range(100000):
                read.append(number)
                yield Statement("SELECT 1/0;" if number == 5 else f"SELECT '{'x' * 1000}';")

    file = Script(Migration(1, "m/1_x.sql"), "up", Statements(), 100000, True, True)
    pipeline, ran, _ = fly(channel, file, script(2))
    assert ran == []
    assert pipeline.failure is not None
    assert pipeline.failure.cause.sqlstate == "22012"
    assert pipeline.failure.statement == Statement("SELECT 1/0;")
    assert len(read) < 1000
    assert rows(channel) == [0]


class Unopened:
    """Statements of a file that is gone when it is to be read."""

    def __iter__(self) -> Iterator[Statement]:
        raise FileNotFoundError("gone")


def test_a_file_that_cannot_be_opened_ends_the_run_after_those_before_it(channel: Channel) -> None:
    gone = Script(Migration(2, "m/2_x.sql"), "up", Unopened(), 1, True, True)
    pipeline, ran, _ = fly(channel, script(1, "SELECT 1;"), gone, script(3))
    assert told(ran) == [(1, "up", 1)]
    assert isinstance(pipeline.problem, FileNotFoundError)
    assert pipeline.failure is None
    assert rows(channel) == [1, 0]


def test_an_error_skips_everything_behind_it(channel: Channel) -> None:
    pipeline, ran, _ = fly(
        channel,
        script(1),
        script(2, "CREATE TABLE a (n int);", "SELECT 1/0;"),
        script(3, "CREATE TABLE b (n int);"),
    )
    assert told(ran) == [(1, "up", 0)]
    assert [flight.script.migration.version for flight in pipeline.flights] == [2, 3]
    assert pipeline.failure is not None
    assert pipeline.failure.flight is pipeline.flights[0]
    assert channel.fetch(b"SELECT to_regclass('a')::text, to_regclass('b')::text").rows == [(None, None)]
    assert rows(channel) == [1, 0]


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE a (n int); CREATE TABLE b (n int)",  # 42601, without a position
        "SELECT $1::int",  # 08P01: nothing is bound to it
        "SELECT $1",  # 42P18: of no known type
        "COPY v FROM STDIN",
        "COPY v TO STDOUT",
    ],
)
def test_what_does_not_fit_into_the_extended_protocol(channel: Channel, statement: str) -> None:
    pipeline, ran, _ = fly(channel, script(1), script(2, statement), script(3))
    assert told(ran) == [(1, "up", 0)]
    assert pipeline.misfit
    assert [flight.script.migration.version for flight in pipeline.flights] == [2, 3]


@pytest.mark.parametrize(
    "statement", ["SELEC 1", "SELECT 1/0", "SELECT 'a\0b'", "DO $$ BEGIN RAISE SQLSTATE '57014'; END $$"]
)
def test_true_errors_are_no_misfits(channel: Channel, statement: str) -> None:
    pipeline, _, _ = fly(channel, script(2, statement))
    assert pipeline.failure is not None
    assert not pipeline.misfit


def test_an_earlier_server_error_wins_over_a_statement_that_cannot_be_sent(channel: Channel) -> None:
    pipeline, ran, _ = fly(channel, script(1), script(2, "SELECT 1/0;"), script(3, "SELECT '\0';"))
    assert told(ran) == [(1, "up", 0)]
    assert pipeline.failure is not None
    assert pipeline.failure.flight.script.migration.version == 2


def test_notices_and_rows_do_not_disturb(channel: Channel, capfd: pytest.CaptureFixture[str]) -> None:
    noisy = "DO $$ BEGIN FOR i IN 1..100 LOOP RAISE NOTICE 'x %', i; END LOOP; END $$"
    _, ran, _ = fly(channel, script(1, noisy, "SELECT * FROM generate_series(1, 1000)", noisy), script(2))
    assert told(ran) == [(1, "up", 3), (2, "up", 0)]
    assert capfd.readouterr() == ("", "")


def test_the_row_is_prepared_once_as_pgx_does(channel: Channel) -> None:
    fly(channel, *[script(version) for version in range(1, 5)])
    names = channel.fetch(b"SELECT name FROM pg_prepared_statements").rows
    assert names.count((RowWriter("v").row(1, "up").name,)) == 1


def test_a_file_that_forgets_prepared_statements_fails_as_with_goose(channel: Channel) -> None:
    pipeline, ran, _ = fly(channel, script(1), script(2, "DEALLOCATE ALL;"), script(3))
    assert told(ran) == [(1, "up", 0)]
    assert pipeline.failure is not None
    assert (pipeline.failure.stage, pipeline.failure.cause.sqlstate) == ("insert", "26000")


def test_settings_leak_from_file_to_file(channel: Channel) -> None:
    pipeline, ran, _ = fly(
        channel, script(1, "SET search_path = pg_catalog;"), script(2, "CREATE TABLE public.a (n int);")
    )
    assert ran == []
    assert pipeline.failure is not None
    assert pipeline.failure.stage == "insert"
    assert pipeline.failure.cause.driver_text == 'ERROR: relation "v" does not exist (SQLSTATE 42P01)'


def test_a_caller_who_walks_away_closes_the_connection(channel: Channel) -> None:
    pipeline = Pipeline(channel, RowWriter("v"))
    run = pipeline.run(Source([script(1), script(2, "SELECT pg_sleep(60);")]))
    assert next(run).migration.version == 1
    run.close()
    assert not channel.usable
