"""One look at a real database: few round trips, and as much of it as the role may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from greylag.databases.postgres import examination
from greylag.databases.postgres.channel import Channel
from greylag.databases.postgres.examination import examine
from greylag.databases.postgres.session import PostgresSession
from greylag.errors import ConnectError, InterruptedRunError
from tests.engines.conftest import Signal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.plugins.postgres import PostgresServer

SECTIONS = {
    "login", "settings", "given", "table", "rights", "strangers", "connections", "standbys", "local_times",
    "lock", "processes", "indexes", "constraints", "prepared", "trip", "pooler", "rows",
}  # fmt: skip


@pytest.fixture
def session(database: str) -> Iterator[PostgresSession]:
    made = PostgresSession(database, "goose_db_version")
    yield made
    made.close()


def sql(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def test_an_empty_database(session: PostgresSession) -> None:
    found = examine(session)
    assert set(found.facts) == SECTIONS and found.unseen == {}
    assert found.facts["rows"] is None
    assert found.facts["table"]["schema"] == "public" and not found.facts["table"]["there"]
    assert found.facts["login"]["number"] // 10000 == 16
    assert found.server.role == found.facts["login"]["role"] == "postgres"


def test_a_version_table(session: PostgresSession) -> None:
    session.create_history()
    found = examine(session)
    assert set(found.facts) == SECTIONS | {"sequence"}
    assert found.facts["rows"] == [[1, 0, True, False]]
    assert found.facts["sequence"] == [1, True]
    assert found.facts["table"]["sequence"] == "goose_db_version_id_seq"
    assert set(found.facts["table"]["columns"]) == {"id", "version_id", "is_applied", "tstamp"}


@pytest.mark.parametrize("table", ['"Odd"."Table ""x"""', "other.versions", "o'brien", "E\\x"])
def test_names_of_version_tables(database: str, table: str) -> None:
    sql(database, 'CREATE SCHEMA "Odd"', "CREATE SCHEMA other")
    session = PostgresSession(database, table)
    try:
        found = examine(session)
        if "table" in found.unseen:  # not a name that SQL reads without quotes
            assert table in ("o'brien", "E\\x")
            return
        assert found.facts["table"]["schema"] == ("Odd" if "Odd" in table else "other")
        session.create_history()
        assert examine(session).facts["rows"] == [[1, 0, True, False]]
    finally:
        session.close()


def test_it_takes_few_round_trips_and_leaves_no_transaction(
    session: PostgresSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.create_history()
    asked: list[str] = []
    fetch, execute = Channel.fetch, Channel.execute

    def noted(self: Channel, query: bytes, **named: bool) -> object:
        asked.append("fetch")
        return fetch(self, query, **named)

    def done(self: Channel, statement: bytes) -> str:
        asked.append(statement.decode().split()[0])
        return execute(self, statement)

    monkeypatch.setattr(Channel, "fetch", noted)
    monkeypatch.setattr(Channel, "execute", done)
    examine(session)
    gently = ["begin", "fetch", "rollback"]
    assert asked == ["fetch", "fetch", "fetch", *gently, *gently], "sections, clock, pooler, rows, sequence"
    assert not session.clean_channel().in_transaction


def test_what_a_role_may_not_see_hides_nothing_else(database: str) -> None:
    role = "blind_" + database.rpartition("/")[2].partition("?")[0]
    sql(
        database,
        f"CREATE ROLE {role} LOGIN",
        "REVOKE SELECT ON pg_catalog.pg_locks, pg_catalog.pg_prepared_xacts FROM PUBLIC",
        "CREATE TABLE goose_db_version (id int, version_id bigint, is_applied bool, tstamp timestamp)",
    )
    session = PostgresSession(database.replace("postgres@", f"{role}@"), "goose_db_version")
    try:
        found = examine(session)
    finally:
        session.close()
        sql(database, f"DROP OWNED BY {role}", f"DROP ROLE {role}")
    assert found.unseen == {
        "lock": "permission denied for view pg_locks",
        "prepared": "permission denied for view pg_prepared_xacts",
        "rows": "permission denied for table goose_db_version",
    }
    assert set(found.facts) == SECTIONS - set(found.unseen)


def test_the_clock_is_compared_around_one_round_trip(
    session: PostgresSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert abs(examine(session).facts["trip"]["ahead_seconds"]) < 5, "server and test share a machine"
    real = examination.time
    monkeypatch.setattr(examination, "time", lambda: real() + 3600)
    assert -3605 < examine(session).facts["trip"]["ahead_seconds"] < -3595


def test_tls_is_what_this_end_speaks(database: str, tls_port: int, postgres: PostgresServer) -> None:
    url = database.replace(str(postgres.port), str(tls_port)).replace("=disable", "=require")
    session = PostgresSession(url, "goose_db_version")
    assert examine(session).facts["login"]["tls"] == "TLS", (
        "the server itself sees none: it ends in front of it"
    )
    session.close()


def test_no_connection_and_a_signal(database: str) -> None:
    with pytest.raises(ConnectError):
        examine(PostgresSession("postgres://x@127.0.0.1:1/x?sslmode=disable", "t"))
    flag = Signal()
    session = PostgresSession(database, "goose_db_version", interrupt=flag)
    session.connect()
    flag.arrive(15)
    with pytest.raises(InterruptedRunError):
        examine(session)
    session.close()
    flag.close()
