"""The server or the link goes away in the middle: the run says so, history stays true, the next run goes on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import psycopg
import pytest

from tests.faults.conftest import wait_for_silence, wait_until
from tests.faults.story import renew, rows, state, untrue, versions

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.faults.story import Teller
    from tests.plugins.postgres import PostgresServer
    from tests.plugins.wire import When, Wire

POINTS: list[tuple[When, str]] = [
    ("before", "CREATE TABLE goose_db_version"),
    ("after", "CREATE SCHEMA IF NOT EXISTS greylag"),
    ("after", "CREATE TABLE b"),
    ("before", "CREATE INDEX CONCURRENTLY a_n"),
    ("after", "CREATE INDEX CONCURRENTLY a_n"),
    ("after", "INSERT INTO b"),
    ("before", "WITH changed AS"),
    ("after", "CREATE TABLE c"),
]
"""Where it happens: in every kind of transaction a run has, and between them."""


@pytest.fixture
def durable(own_postgres: PostgresServer) -> PostgresServer:
    """What was committed is on disk, as on a server that somebody uses."""
    with psycopg.connect(own_postgres.url(), autocommit=True) as connection:
        connection.execute("ALTER ROLE postgres SET synchronous_commit = on")
    return own_postgres


def restart(server: PostgresServer) -> None:
    server.stop("immediate")
    server.start()


def test_the_server_is_restarted(durable: PostgresServer, swift: Teller, wire: Callable[[str], Wire]) -> None:
    database = durable.url()
    assert swift.run(database, "up", "--yes").code == 0
    wanted = state(database)
    for when, text in POINTS:
        renew(database)
        between = wire(database)
        between.call(when, text, lambda: restart(durable))
        ended = swift.run(between.url(database), "up", "--yes")
        assert between.struck.is_set(), text
        assert ended.code == 1, (when, text, ended.said)
        assert untrue(database) == [], (when, text, ended.said)
        again = swift.run(database, "up", "--yes")
        assert again.code == 0, (when, text, again.said)
        assert versions(database) == [1, 2, 3, 4]
        assert untrue(database) == []
        assert state(database) == wanted, (when, text)


def test_the_server_is_stopped_and_comes_back_later(durable: PostgresServer, teller: Teller) -> None:
    teller.write(
        {
            "00003_apart.sql": (teller.folder / "00003_apart.sql")
            .read_text()
            .replace("(7);", "(7);\nSELECT pg_sleep(60);", 1)
        }
    )
    database = durable.url()
    run = teller.start(database, "up", "--yes")
    asleep = "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
    wait_until(lambda: rows(database, asleep) or run.is_over())
    durable.stop("immediate")
    ended = run.end()
    assert ended.code == 1
    assert "00003_apart.sql" in ended.said
    away = teller.run(database, "up", "--yes")
    assert away.code == 1
    assert "refused" in away.said
    durable.start()
    assert versions(database) == [1, 2]
    assert untrue(database) == []
    teller.write(
        {
            "00003_apart.sql": (teller.folder / "00003_apart.sql")
            .read_text()
            .replace("pg_sleep(60)", "pg_sleep(0)")
        }
    )
    again = teller.run(database, "up", "--yes")
    assert again.code == 0, again.said
    assert versions(database) == [1, 2, 3, 4]
    assert untrue(database) == []
    assert state(database)["rows", "b"] == "(7)"


def test_the_link_is_cut_after_every_second_command_of_the_files(
    database: str, swift: Teller, wire: Callable[[str], Wire]
) -> None:
    # The answer is lost: the run itself cannot know whether the command took effect.
    first = wire(database)
    assert swift.run(first.url(database), "up", "--yes").code == 0
    wanted = state(database)
    files_begin = [command.text for command in first.done].index("begin") + 1
    for number in [number for number in first.boundaries() if number >= files_begin][::2]:
        renew(database)
        between = wire(database)
        between.break_off("after", number)
        ended = swift.run(between.url(database), "up", "--yes")
        point = (number, first.done[number - 1], ended.said)
        assert between.struck.is_set(), point
        wait_for_silence(database)
        # where the last commit went unheard, another connection tells that it took effect
        assert ended.code == (0 if versions(database) == [1, 2, 3, 4] else 1), point
        assert untrue(database) == [], point
        assert told(ended.said) == versions(database), point
        again = swift.run(database, "up", "--yes")
        assert again.code == 0, (point, again.said)
        assert versions(database) == [1, 2, 3, 4], point
        assert untrue(database) == [], point
        assert state(database) == wanted, point


def told(said: str) -> list[int]:
    """Versions of which a run said that they are done."""
    return [int(version) for version in re.findall(r"(?:OK +|lost, but )(\d+)_", said)]
