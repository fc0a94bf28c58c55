"""What stood before a statement."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.databases.clickhouse.careful.before import Before, look, read_before
from greylag.databases.clickhouse.careful.mutations import Table
from greylag.sql.clickhouse.facts import examine

if TYPE_CHECKING:
    from tests.unit.databases.clickhouse.careful.conftest import Yard


def seen(yard: Yard, statement: str) -> Before:
    deeds = examine(statement).deeds
    assert deeds is not None
    return look(yard.link(), deeds, Table(yard.name, deeds.table))


@pytest.mark.parametrize(
    "before",
    [
        Before(),
        Before(frozenset(["mutation_2.txt", "0000000003"]), {"a b": "Enum8('x y' = 1)"}, "u-1", "MergeTree"),
        Before(uuid="u-2", engine="Log"),
    ],
)
def test_it_is_kept_as_text(before: Before) -> None:
    assert read_before(before.text()) == before


def test_looked_at_where_it_matters(yard: Yard) -> None:
    yard.ask("CREATE TABLE t (id UInt64, r String) ENGINE = MergeTree ORDER BY id")
    yard.ask("ALTER TABLE t DELETE WHERE id = 1 SETTINGS mutations_sync = 2")
    assert seen(yard, "CREATE TABLE u (x Int8) ENGINE = Memory") == Before()
    retyped = seen(yard, "ALTER TABLE t MODIFY COLUMN r UInt8")
    assert (retyped.types, retyped.engine, len(retyped.mutations)) == ({"r": "String"}, "MergeTree", 1)
    swapped = seen(yard, "EXCHANGE TABLES t AND u")
    assert swapped.uuid == yard.ask("SELECT toString(uuid) FROM system.tables WHERE name = 't'")[0][0]
    assert swapped.mutations == frozenset()
    assert seen(yard, "ALTER TABLE missing DELETE WHERE 1") == Before()
