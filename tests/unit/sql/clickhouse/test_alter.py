"""ALTER TABLE, action by action."""

from __future__ import annotations

import pytest

from greylag.model.deeds import Deed, Deeds
from greylag.sql.clickhouse.facts import examine


def deeds(actions: str) -> Deeds:
    found = examine(f"ALTER TABLE d.t {actions}").deeds
    assert found is not None
    assert (found.database, found.table) == ("d", "t")
    return found


@pytest.mark.parametrize(
    ("actions", "deed"),
    [
        ("ADD COLUMN `a b` Decimal(18, 2) AFTER c", Deed("column", "d", "t", "a b")),
        ("ADD COLUMN n.x Array(Int8)", Deed("column", "d", "t", "n.x")),
        ("DROP COLUMN a", Deed("column", "d", "t", "a", present=False)),
        ("RENAME COLUMN a TO b", Deed("column", "d", "t", "a", to="b")),
        ("ADD INDEX i (a, b) TYPE minmax GRANULARITY 1", Deed("index", "d", "t", "i")),
        ("DROP INDEX i", Deed("index", "d", "t", "i", present=False)),
        ("ADD PROJECTION p (SELECT a, b ORDER BY a)", Deed("projection", "d", "t", "p")),
        ("ADD CONSTRAINT c CHECK a > 0", Deed("constraint", "d", "t", "c")),
    ],
)
def test_what_an_action_leaves(actions: str, deed: Deed) -> None:
    assert deeds(actions).deeds == (deed,)


def test_several_actions_in_brackets_or_not() -> None:
    found = deeds("ADD COLUMN a Int8, MODIFY COLUMN b String, DROP COLUMN c")
    assert found.kind == "alter table add column, modify column, drop column"
    assert [deed.name for deed in found.deeds] == ["a", "c"]
    assert (found.retyped, found.mutates) == (("b",), True)
    assert deeds("(ADD COLUMN a Int8)").deeds == (Deed("column", "d", "t", "a"),)


@pytest.mark.parametrize(
    "actions",
    [
        "UPDATE a = 1 WHERE 1",
        "DELETE WHERE 1",
        "MODIFY COLUMN a Int8",
        "DROP COLUMN a",
        "CLEAR COLUMN a IN PARTITION 1",
        "MATERIALIZE TTL",
        "MODIFY TTL d + INTERVAL 1 DAY",
        "RENAME COLUMN a TO b",
    ],
)
def test_what_rewrites_parts(actions: str) -> None:
    assert deeds(actions).mutates


@pytest.mark.parametrize(
    "actions", ["ADD COLUMN a Int8", "MODIFY COMMENT 'x'", "ADD INDEX i a TYPE minmax", "RESET SETTING a"]
)
def test_what_does_not(actions: str) -> None:
    assert not deeds(actions).mutates


def test_the_settings_of_an_alter() -> None:
    found = deeds("UPDATE a = 1, b = 2 WHERE settings = 1 SETTINGS mutations_sync = 2, alter_sync = 0")
    assert found.kind == "alter table update"
    assert found.settings == {"mutations_sync", "alter_sync"}


def test_partitions_move_rows_and_cannot_be_asked_for() -> None:
    assert deeds("ATTACH PARTITION 1").fills
    assert deeds("MOVE PARTITION 1 TO TABLE u").fills
    assert not deeds("DROP PARTITION 1").fills
    assert examine("ALTER TABLE t DROP PARTITION 1").repeatable
