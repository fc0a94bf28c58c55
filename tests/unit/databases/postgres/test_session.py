"""A session opens when it must, drops what is unclean, and opens anew after a loss."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from greylag.databases.base import Deadline
from greylag.databases.postgres.session import PostgresSession
from greylag.databases.registry import ENGINES
from greylag.errors import ConnectError, DeadlineError, InterruptedRunError, LostError
from greylag.model.server import Server
from tests.engines.conftest import Signal

if TYPE_CHECKING:
    from collections.abc import Iterator

TABLE = "goose_db_version"


@pytest.fixture
def session(database: str) -> Iterator[PostgresSession]:
    made = PostgresSession(database, TABLE)
    yield made
    made.close()


def test_nothing_happens_before_it_is_needed() -> None:
    session = PostgresSession("no dsn at all", TABLE)
    session.close()
    with pytest.raises(ConnectError, match="cannot parse"):
        session.connect()


def test_it_says_where_it_leads(session: PostgresSession, database: str) -> None:
    server = session.connect()
    assert isinstance(server, Server)
    assert server.engine == "postgres"
    assert server.version.startswith("16.")
    assert (server.host, server.role) == ("127.0.0.1", "postgres")
    assert f"127.0.0.1:{server.port}/{server.database}?" in database


def test_the_environment_fills_in_the_text(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rest = database.partition("127.0.0.1:")[2]
    monkeypatch.setenv("PGPORT", rest.partition("/")[0])
    monkeypatch.setenv("PGUSER", "postgres")
    monkeypatch.setenv("PGDATABASE", rest.partition("/")[2].partition("?")[0])
    session = PostgresSession("host=127.0.0.1", TABLE)
    assert session.connect().role == "postgres"
    session.close()


def test_an_unreachable_server_is_tried_again_each_time() -> None:
    session = PostgresSession("postgres://u@127.0.0.1:1/d?sslmode=disable", TABLE)
    for ask in (session.history, session.create_history, session.stamps):
        with pytest.raises(ConnectError, match=r"connection refused by 127\.0\.0\.1:1"):
            ask()


def test_a_connection_inside_a_transaction_is_dropped(session: PostgresSession) -> None:
    first = session.clean_channel()
    assert session.clean_channel() is first
    first.execute(b"begin")
    first.execute(b"CREATE TABLE a (n int)")
    second = session.clean_channel()
    assert second is not first
    assert second.fetch(b"SELECT to_regclass('a')::text").rows == [(None,)]


def test_settings_stay_from_one_use_to_the_next(session: PostgresSession) -> None:
    session.clean_channel().execute(b"SET search_path = pg_catalog")
    assert session.clean_channel().fetch(b"SHOW search_path").rows == [(b"pg_catalog",)]


def test_after_a_loss_the_next_question_connects_anew(session: PostgresSession, database: str) -> None:
    session.create_history()
    with psycopg.connect(database, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", (session.clean_channel().canceller.pid,))
    with pytest.raises(LostError) as caught:
        session.history()
    assert "57P01" in caught.value.driver_text
    assert len(session.history()) == 1


def test_the_deadline_counts_for_every_question(database: str, session: PostgresSession) -> None:
    session.create_history()
    late = PostgresSession(database, TABLE, deadline=Deadline(0.5))
    with psycopg.connect(database) as other:
        other.execute(f"LOCK TABLE {TABLE}")
        for ask in (late.history, late.stamps):
            with pytest.raises(DeadlineError, match="over"):
                ask()
    late.close()


def test_a_signal_ends_a_question(database: str, session: PostgresSession) -> None:
    session.create_history()
    flag = Signal()
    flag.arrive(2)
    stopped = PostgresSession(database, TABLE, interrupt=flag)
    with pytest.raises(InterruptedRunError):
        stopped.history()
    stopped.close()
    flag.close()


def test_the_registry_knows_it(database: str) -> None:
    for word in ("postgres", "pgx"):
        session = ENGINES[word](database, TABLE, None, None)
        assert isinstance(session, PostgresSession)
        session.close()


def test_no_text_shows_the_password() -> None:
    session = PostgresSession("postgres://u:secret@127.0.0.1:1/d", TABLE)
    assert "secret" not in repr(session)
    with pytest.raises(ConnectError) as caught:
        session.history()
    assert "secret" not in f"{caught.value.driver_text}{caught.value.message}{caught.value.hint}"
