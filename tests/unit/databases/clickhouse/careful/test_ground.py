"""The one question of the beginning."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from greylag.databases.clickhouse.careful.ground import read_ground

if TYPE_CHECKING:
    from tests.unit.databases.clickhouse.careful.conftest import Yard


def test_an_empty_database(yard: Yard) -> None:
    ground = yard.ground()
    assert (ground.place.database, ground.place.table) == (yard.name, "goose_db_version")
    assert (ground.session_database, ground.history, ground.journal) == (yard.name, False, False)
    assert abs(ground.clock.now() / 1e6 - time.time()) < 60
    assert ground.node


def test_tables_that_are_there_also_in_another_database(yard: Yard) -> None:
    yard.run(1, "CREATE TABLE a (x Int8) ENGINE = Memory")
    assert (yard.ground().history, yard.ground().journal) == (True, True)
    other = yard.server.url("default")
    session = yard.session()
    session._dsn = other
    ground = read_ground(session.link(), f"`{yard.name}`.goose_db_version")
    assert (ground.place.database, ground.session_database) == (yard.name, "default")
    assert (ground.history, ground.journal) == (True, True)


def test_settings_are_sent_to_servers_that_know_them(yard: Yard) -> None:
    ground = yard.ground()
    assert ground.known(async_insert="0", mutations_sync="2") == {"async_insert": "0", "mutations_sync": "2"}
    old = ground._replace(settings=frozenset(["mutations_sync"]))
    assert old.known(async_insert="0", mutations_sync="2") == {"mutations_sync": "2"}
