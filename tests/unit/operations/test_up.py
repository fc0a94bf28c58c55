"""``up``, ``up-to`` and ``up-by-one`` on a real database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.errors import FilesError
from greylag.migrations.plan import MissingError, NoNextError
from greylag.model.event import Event, Nothing, Ran, Reached
from greylag.operations.options import RunOptions
from greylag.operations.up import up

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.unit.operations.conftest import Ground


def told(events: Iterable[Event]) -> list[object]:
    """Versions of the files that ran, and the end as it is."""
    return [event.migration.version if isinstance(event, Ran) else event for event in events]


def test_everything_then_nothing(lite: Ground) -> None:
    lite.write(1, 2, 3)
    assert told(up(lite.session, lite.folder, RunOptions())) == [1, 2, 3, Reached(3)]
    assert told(up(lite.session, lite.folder, RunOptions())) == [Nothing(3)]
    assert (lite.tables(), lite.versions()) == (["t1", "t2", "t3"], [0, 1, 2, 3])


def test_up_to_a_version(lite: Ground) -> None:
    lite.write(1, 2, 3)
    assert told(up(lite.session, lite.folder, RunOptions(), to=2)) == [1, 2, Reached(2)]
    assert lite.versions() == [0, 1, 2]


def test_one_by_one_until_there_is_none(lite: Ground) -> None:
    lite.write(1, 2)
    assert told(up(lite.session, lite.folder, RunOptions(), one=True)) == [1]
    assert told(up(lite.session, lite.folder, RunOptions(), one=True)) == [2]
    events = up(lite.session, lite.folder, RunOptions(), one=True)
    assert next(events) == Nothing(2)
    with pytest.raises(NoNextError):
        next(events)


def test_a_missing_file_stops_everything_unless_it_is_allowed(lite: Ground) -> None:
    lite.write(2)
    list(up(lite.session, lite.folder, RunOptions()))
    lite.write(1, 3)
    with pytest.raises(MissingError):
        list(up(lite.session, lite.folder, RunOptions()))
    assert lite.tables() == ["t2"]
    assert told(up(lite.session, lite.folder, RunOptions(allow_missing=True))) == [1, 3, Reached(3)]
    assert lite.versions() == [0, 2, 1, 3]


def test_without_versioning_no_table_is_made(lite: Ground) -> None:
    lite.write(1, 2)
    assert told(up(lite.session, lite.folder, RunOptions(record=False))) == [1, 2, Reached(2)]
    assert lite.tables() == ["t1", "t2"]
    assert not lite.has_history()


def test_the_folder_is_looked_at_before_the_database(lite: Ground) -> None:
    with pytest.raises(FilesError, match="no migration files found"):
        up(lite.session, lite.folder, RunOptions())
    assert not lite.has_history()
