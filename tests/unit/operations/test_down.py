"""``down``, ``down-to``, ``redo`` and ``reset`` on a real database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.errors import DatabaseError
from greylag.migrations.plan import FileGoneError
from greylag.model.event import Event, Nothing, Ran, Reached
from greylag.operations.down import down, down_to, redo, reset
from greylag.operations.options import RunOptions
from greylag.operations.up import up

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.unit.operations.conftest import Ground

PLAIN, UNVERSIONED = RunOptions(), RunOptions(record=False)


def told(events: Iterable[Event]) -> list[object]:
    """Direction and version of the files that ran, and the end as it is."""
    return [
        (event.direction, event.migration.version) if isinstance(event, Ran) else event for event in events
    ]


@pytest.fixture
def applied(lite: Ground) -> Ground:
    lite.write(1, 2, 3)
    list(up(lite.session, lite.folder, PLAIN))
    return lite


def test_down_takes_the_head_back(applied: Ground) -> None:
    assert told(down(applied.session, applied.folder, PLAIN)) == [("down", 3)]
    assert (applied.tables(), applied.versions()) == (["t1", "t2"], [0, 1, 2])


def test_down_without_the_file_changes_nothing(applied: Ground) -> None:
    applied.remove(3)
    with pytest.raises(FileGoneError):
        down(applied.session, applied.folder, PLAIN)
    assert applied.versions() == [0, 1, 2, 3]


def test_down_to(applied: Ground) -> None:
    assert told(down_to(applied.session, applied.folder, 1, PLAIN)) == [("down", 3), ("down", 2), Nothing(1)]
    assert (applied.tables(), applied.versions()) == (["t1"], [0, 1])


def test_down_to_goes_as_far_as_there_are_files(applied: Ground) -> None:
    applied.remove(2)
    events = down_to(applied.session, applied.folder, 0, PLAIN)
    assert told([next(events)]) == [("down", 3)]
    with pytest.raises(FileGoneError):
        next(events)
    assert applied.versions() == [0, 1, 2]


def test_redo(applied: Ground) -> None:
    applied.ask("INSERT INTO t3 VALUES (1)")
    assert told(redo(applied.session, applied.folder, PLAIN)) == [("down", 3), ("up", 3)]
    assert (applied.ask("SELECT * FROM t3"), applied.versions()) == ([], [0, 1, 2, 3])


def test_reset(applied: Ground) -> None:
    assert told(reset(applied.session, applied.folder, PLAIN)) == [("down", 3), ("down", 2), ("down", 1)]
    assert (applied.tables(), applied.versions()) == ([], [0])


def test_reset_makes_no_version_table(lite: Ground) -> None:
    lite.write(1)
    with pytest.raises(DatabaseError, match="no such table"):
        reset(lite.session, lite.folder, PLAIN)
    assert not lite.has_history()


def test_without_versioning_the_version_table_stays_as_it_is(applied: Ground) -> None:
    assert told(down(applied.session, applied.folder, UNVERSIONED)) == [("down", 3), Reached(2)]
    applied.write(4)
    applied.ask("CREATE TABLE t4 (id int)")
    applied.ask("CREATE TABLE t3 (id int)")
    assert told(down_to(applied.session, applied.folder, 2, UNVERSIONED)) == [
        ("down", 4),
        ("down", 3),
        Reached(2),
    ]
    assert (applied.tables(), applied.versions()) == (["t1", "t2"], [0, 1, 2, 3])


def test_redo_and_reset_without_versioning(applied: Ground) -> None:
    assert told(redo(applied.session, applied.folder, UNVERSIONED)) == [("down", 3), ("up", 3)]
    assert told(reset(applied.session, applied.folder, UNVERSIONED)) == [
        ("down", 3), ("down", 2), ("down", 1), Reached(0),
    ]  # fmt: skip
    assert (applied.tables(), applied.versions()) == ([], [0, 1, 2, 3])
