"""Databases are made, dropped and listed; on the server the tests share."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import psycopg
import pytest

from greylag.databases.postgres.embedded import databases
from greylag.databases.postgres.embedded.accounts import caller
from greylag.databases.postgres.embedded.databases import (
    drop_database,
    ensure_database,
    list_contents,
    look_at_activity,
)
from greylag.databases.postgres.embedded.places import Place
from greylag.databases.postgres.embedded.postmaster import Postmaster
from greylag.databases.postgres.embedded.supervisor import EmbeddedServer
from greylag.errors import EmbeddedError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.plugins.postgres import PostgresServer

NAME = 'embedded "test" ü'


@pytest.fixture
def server(tmp_path: Path, postgres: PostgresServer) -> Iterator[EmbeddedServer]:
    """The shared server, as if it were a workspace's own."""
    place = Place(tmp_path, tmp_path, caller())
    place.pgpass.write_text("*:*:*:postgres:unused\n")
    server = EmbeddedServer(place, Postmaster(1, place.data, 0.0, postgres.port, tmp_path, True))
    yield server
    drop_database(server, NAME)


def test_once_is_enough(server: EmbeddedServer) -> None:
    assert [ensure_database(server, NAME) for _ in range(2)] == [True, False]
    held = {database.name: database.size_bytes for database in list_contents(server).databases}
    assert held[NAME] > 1_000_000
    assert not {"postgres", "template0", "template1"} & set(held)
    assert [drop_database(server, NAME) for _ in range(2)] == [True, False]
    assert NAME not in {database.name for database in list_contents(server).databases}


def test_some_at_once_make_one(server: EmbeddedServer) -> None:
    made: list[bool | Exception] = []

    def make() -> None:
        try:
            made.append(ensure_database(server, NAME))
        except EmbeddedError as error:
            made.append(error)

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made, key=str) == [False, False, False, True]


def test_clients_and_sessions_are_counted(server: EmbeddedServer) -> None:
    ensure_database(server, NAME)
    before = look_at_activity(server)
    with psycopg.connect(server.dsn(NAME)):
        assert look_at_activity(server).clients == before.clients + 1
        assert list_contents(server).connections == before.clients + 1
    assert look_at_activity(server).sessions > before.sessions


def test_its_own_looks_are_not_counted(server: EmbeddedServer) -> None:
    before = look_at_activity(server)
    for _ in range(3):
        list_contents(server)
    assert look_at_activity(server).sessions == before.sessions


@pytest.mark.parametrize("name", ["", "x" * 64, "ü" * 32, "nul\0"])
def test_names_no_database_can_have(server: EmbeddedServer, name: str) -> None:
    for function in (ensure_database, drop_database):
        with pytest.raises(EmbeddedError, match="cannot be the name of a database: 1 to 63 bytes"):
            function(server, name)


@pytest.mark.parametrize("name", ["postgres", "template0", "template1"])
def test_its_own_databases_are_not_dropped(server: EmbeddedServer, name: str) -> None:
    assert ensure_database(server, name) is False
    with pytest.raises(EmbeddedError, match="belongs to the server itself"):
        drop_database(server, name)


def test_pg_variables_do_not_lead_elsewhere(server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "PGHOSTADDR": "192.0.2.1",
        "PGSERVICE": "none",
        "PGOPTIONS": "-c no_such=1",
        "PGSSLMODE": "require",
    }.items():
        monkeypatch.setenv(name, value)
    assert ensure_database(server, "postgres") is False


def test_what_the_server_refuses_is_told(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases, "_quoted", lambda name: "a b")
    with pytest.raises(EmbeddedError, match="could not be made: syntax error at end of input") as refusal:
        ensure_database(server, NAME)
    assert refusal.value.hint == "greylag server logs shows what the server said"
    nowhere = EmbeddedServer(server.place, Postmaster(1, tmp_path, 0.0, 1, tmp_path, True))
    with pytest.raises(EmbeddedError, match="the server could not say what it holds: ") as unreachable:
        list_contents(nowhere)
    assert "unused" not in unreachable.value.message, "no password in an error"
