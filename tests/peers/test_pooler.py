"""A real pgbouncer between greylag and the server: per transaction it is refused, per session it works."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import psycopg
import pytest

from tests.faults.story import FILES, Teller, rows, state, untrue, versions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.plugins.pgbouncer import Pooled

pytestmark = pytest.mark.peer

HELD = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory'"
ALTERNATING = "server_round_robin=1"
"""Successive transactions land on different server processes, as they do on a pool that is used."""


@pytest.fixture
def teller(tmp_path: Path) -> Iterator[Teller]:
    made = Teller(tmp_path)
    made.write(FILES)
    yield made
    made.close()


def fill_pool(url: str) -> None:
    """Make the pool open two server connections."""
    with (
        psycopg.connect(url, prepare_threshold=None) as one,
        psycopg.connect(url, prepare_threshold=None) as other,
    ):
        one.execute("SELECT 1")
        other.execute("SELECT 1")


def tables(dsn: str) -> list[tuple[object, ...]]:
    return rows(dsn, "SELECT tablename FROM pg_tables WHERE schemaname IN ('public', 'greylag')")


def check_refused(dsn: str, url: str, teller: Teller) -> None:
    found, noted = state(dsn), tables(dsn)
    refused = teller.run(url, "up", "--yes")
    assert refused.code == 1
    assert "pooler" in refused.said
    assert "pool_mode = session" in refused.said
    assert (state(dsn), tables(dsn)) == (found, noted)
    assert rows(dsn, HELD) == []


@pytest.mark.parametrize("mode", ["transaction", "statement"])
@pytest.mark.parametrize("settings", [(), (ALTERNATING,)], ids=["quiet", "used"])
def test_a_pool_per_transaction_is_refused_on_a_fresh_database(
    database: str, pooled: Pooled, teller: Teller, mode: str, settings: tuple[str, ...]
) -> None:
    url = pooled(database, mode, *settings)
    if settings and mode == "transaction":
        fill_pool(url)
    check_refused(database, url, teller)
    assert tables(database) == []
    # and nothing is left in the pool that would keep the next runner waiting
    assert teller.run(database, "up", "--yes", "--lock-wait", "1s").code == 0
    assert untrue(database) == []


@pytest.mark.parametrize("settings", [(), (ALTERNATING,)], ids=["quiet", "used"])
def test_and_on_one_that_was_migrated_before(
    database: str, pooled: Pooled, teller: Teller, settings: tuple[str, ...]
) -> None:
    assert teller.run(database, "up-to 2", "--yes").code == 0
    url = pooled(database, "transaction", *settings)
    fill_pool(url)
    check_refused(database, url, teller)
    assert versions(database) == [1, 2]
    assert teller.run(database, "up", "--yes", "--lock-wait", "1s").code == 0
    assert untrue(database) == []


def test_other_clients_hold_the_pool(database: str, pooled: Pooled, teller: Teller) -> None:
    url = pooled(database, "transaction")
    with contextlib.ExitStack() as stack:
        for _ in range(3):
            client = stack.enter_context(psycopg.connect(url, prepare_threshold=None))
            client.execute("SELECT 1")
        check_refused(database, url, teller)
    assert tables(database) == []


@pytest.mark.parametrize("verb", ["down", "redo", "reset"])
def test_going_back_is_refused_too(database: str, pooled: Pooled, teller: Teller, verb: str) -> None:
    assert teller.run(database, "up", "--yes").code == 0
    found = state(database)
    refused = teller.run(pooled(database, "transaction"), verb)
    assert refused.code == 1
    assert "pooler" in refused.said
    assert state(database) == found
    assert versions(database) == [1, 2, 3, 4]


def test_a_pool_per_session_works(database: str, pooled: Pooled, teller: Teller) -> None:
    url = pooled(database, "session")
    assert teller.run(url, "up", "--yes").code == 0
    assert versions(database) == [1, 2, 3, 4]
    assert untrue(database) == []
    assert rows(database, HELD) == []
    assert teller.run(url, "down-to 2").code == 0
    assert versions(database) == [1, 2]
    assert untrue(database) == []
    assert teller.run(url, "status").code == 0


def test_a_pool_of_one_session_works(database: str, pooled: Pooled, teller: Teller) -> None:
    url = pooled(database, "session", "default_pool_size=1")
    done = teller.run(url, "up", "--yes")
    assert done.code == 0, done.said
    assert versions(database) == [1, 2, 3, 4]
    assert untrue(database) == []


@pytest.mark.parametrize("verb", ["status", "plan", "version", "history"])
def test_looking_needs_no_session(database: str, pooled: Pooled, teller: Teller, verb: str) -> None:
    assert teller.run(database, "up-to 2", "--yes").code == 0
    url = pooled(database, "transaction", ALTERNATING)
    fill_pool(url)
    assert teller.run(url, verb).code == 0
