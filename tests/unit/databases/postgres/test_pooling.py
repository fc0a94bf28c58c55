"""A pooler that lends processes per transaction is told from one that does not, and from none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from greylag.databases.postgres import connection, dsn, pooling
from greylag.errors import ConnectError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from greylag.databases.postgres.channel import Channel
    from tests.plugins.pgbouncer import Pooled


def look(url: str) -> tuple[bool, bool]:
    """Whether a pooler stands there, and whether it lends per transaction."""
    settings = dsn.parse(url, {})
    channel = connection.connect(settings, None, None)
    try:
        return pooling.is_pooled(channel), pooling.is_transaction_pooler(channel, settings)
    finally:
        channel.close()


def test_a_direct_connection(channel: Channel, database: str) -> None:
    assert look(database) == (False, False)
    assert pooling.backend_pid(channel) == channel.canceller.pid


def test_a_direct_connection_opens_no_other(
    channel: Channel, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> Channel:
        raise AssertionError("nobody asked for another connection")

    monkeypatch.setattr(connection, "connect", refuse)
    channel.execute(b"begin")
    assert not pooling.is_transaction_pooler(channel, dsn.parse(database, {}))


@pytest.mark.parametrize(("mode", "lends"), [("session", False), ("transaction", True), ("statement", True)])
@pytest.mark.parametrize("turn", ["0", "1"])
def test_pgbouncer(database: str, pooled: Pooled, mode: str, lends: bool, turn: str) -> None:
    url = pooled(database, mode, f"server_round_robin={turn}")
    with psycopg.connect(url, autocommit=True) as one, psycopg.connect(url, autocommit=True) as other:
        one.execute("SELECT 1")
        other.execute("SELECT 1")
    assert look(url) == (True, lends)


class Scripted:
    """A channel of which only the process numbers matter: those it answers, in order."""

    interrupt = None

    def __init__(self, *pids: int) -> None:
        self.canceller = type("Canceller", (), {"pid": 1})()
        self.pids: Iterator[int] = iter(pids)
        self.closed = False

    def fetch(self, query: bytes) -> object:
        assert query == b"select pg_catalog.pg_backend_pid()"
        return type("Rows", (), {"rows": [(next(self.pids).to_bytes(4, "big"),)]})()

    def execute(self, statement: bytes) -> str:
        return statement.decode().upper()

    def close(self) -> None:
        self.closed = True


@pytest.mark.parametrize(
    ("first", "second", "lends"),
    [
        ((5, 7), (), True),  # the first one's changes by itself
        ((5, 5), (5,), True),  # the second got the first one's process
        ((5, 5, 7), (6,), True),  # the first one's is another now
        ((5, 5, 5) * 3, (6, 6, 6), False),
        ((5, 5, 5, 5, 5), (6, 5), True),  # only the second try shows it
    ],
)
def test_what_the_numbers_of_two_probes_say(
    monkeypatch: pytest.MonkeyPatch, first: tuple[int, ...], second: tuple[int, ...], lends: bool
) -> None:
    probes = [Scripted(*first), Scripted(*second)]
    waiting = iter(probes)
    monkeypatch.setattr(connection, "connect", lambda *_: next(waiting))
    assert pooling.is_transaction_pooler(Scripted(5), dsn.parse("", {})) is lends
    assert all(probe.closed for probe in probes)


def test_a_probe_that_cannot_be_had_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> Channel:
        raise ConnectError("too many connections", driver_text="")

    monkeypatch.setattr(connection, "connect", full)
    assert not pooling.is_transaction_pooler(Scripted(5), dsn.parse("", {}))


def test_the_probes_leave_nothing_behind(database: str, pooled: Pooled) -> None:
    url = pooled(database, "session")
    look(url)
    with psycopg.connect(database) as connection_:
        ((open_ones,),) = connection_.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND state LIKE 'idle in transaction%'"
        ).fetchall()
    assert open_ones == 0
