"""Effects in the system tables, before and after each kind of statement."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from greylag.databases.clickhouse.careful.effects import Effects, told
from greylag.sql.clickhouse.facts import examine

if TYPE_CHECKING:
    from greylag.model.deeds import Deeds
    from tests.unit.databases.clickhouse.careful.conftest import Yard

BASE = "CREATE TABLE t (id UInt64, r String) ENGINE = MergeTree ORDER BY id"


def read(statement: str) -> Deeds:
    deeds = examine(statement).deeds
    assert deeds is not None
    return deeds


def states(yard: Yard, statement: str, since: int = 0) -> list[bool | None]:
    deeds = read(statement)
    effects = Effects(yard.link(), deeds, yard.name, since)
    return [effects.of(deed) for deed in deeds.deeds]


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE n (x Int8) ENGINE = Memory",
        "CREATE VIEW n AS SELECT 1",
        "CREATE MATERIALIZED VIEW n TO t AS SELECT 1 AS id, '' AS r",
        "CREATE DICTIONARY n (id UInt64, r String) PRIMARY KEY id SOURCE(NULL()) LAYOUT(FLAT()) LIFETIME(0)",
        "CREATE FUNCTION f_effects AS (x) -> x + 1",
        "DROP TABLE t",
        "DETACH TABLE t",
        "RENAME TABLE t TO u",
        "ALTER TABLE t ADD COLUMN a Int8",
        "ALTER TABLE t DROP COLUMN r",
        "ALTER TABLE t RENAME COLUMN r TO s",
        "ALTER TABLE t ADD INDEX i r TYPE minmax",
        "CREATE INDEX i ON t (r) TYPE minmax",
        "ALTER TABLE t ADD PROJECTION p (SELECT r ORDER BY r)",
        "ALTER TABLE t ADD CONSTRAINT c CHECK id > 0",
        "ALTER TABLE t ADD CONSTRAINT `c c` CHECK id > 0",
    ],
)
def test_before_and_after(yard: Yard, statement: str) -> None:
    yard.ask(BASE)
    assert states(yard, statement) == [False]
    yard.ask(statement)
    try:
        assert states(yard, statement) == [True]
    finally:
        yard.ask("DROP FUNCTION IF EXISTS f_effects")


def test_databases(yard: Yard) -> None:
    name = f"{yard.name}_more"
    assert states(yard, f"CREATE DATABASE {name}") == [False]
    yard.ask(f"CREATE DATABASE {name}")
    assert states(yard, f"CREATE DATABASE {name}") == [True]
    yard.ask(f"DROP DATABASE {name}")
    assert states(yard, f"DROP DATABASE {name}") == [True]


def test_what_was_there_before_the_statement_was_noted_is_not_its_work(yard: Yard) -> None:
    yard.ask(BASE)
    later = int(time.time()) + 60
    assert states(yard, BASE, since=later) == [False]
    assert states(yard, "ALTER TABLE t ADD COLUMN r String", since=later) == [False]
    assert states(yard, BASE, since=int(time.time()) - 60) == [True]


def test_what_the_server_does_not_tell(yard: Yard) -> None:
    deeds = read("CREATE RESOURCE r (READ DISK d)")
    effects = Effects(yard.link(), deeds, yard.name, 0)
    assert effects.of(deeds.deeds[0]._replace(kind="user")) in (False, None)
    session = yard.session()
    link = session.link()

    class Blind:
        def query(self, text: str) -> object:
            return link.query(text.replace("system.users", "system.missing"))

    blind = Effects(Blind(), deeds, yard.name, 0)  # type: ignore[arg-type]
    assert blind.of(deeds.deeds[0]._replace(kind="user")) is None


def test_a_rename_of_several_that_stopped_half_way(yard: Yard) -> None:
    yard.ask(BASE)
    deeds = read("RENAME TABLE t TO t2, missing TO m2")
    effects = Effects(yard.link(), deeds, yard.name, 0)
    assert told(deeds, effects.moved) == ""
    yard.ask("RENAME TABLE t TO t2")
    assert [effects.of(deed) for deed in deeds.deeds] == [True, None]
    lines = told(deeds, effects.moved).splitlines()
    assert lines[1:] == ["t is renamed to t2", "missing is not renamed to m2"]
    yard.ask("CREATE TABLE m2 AS t2")
    assert told(deeds, effects.moved) == ""
