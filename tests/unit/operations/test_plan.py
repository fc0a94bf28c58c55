"""What a verb would run, without running it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.errors import FilesError, ParseError
from greylag.migrations.plan import FileGoneError, MissingError
from greylag.operations.options import RunOptions
from greylag.operations.plan import PLANNERS, Foresight, foresee
from greylag.operations.up import up

if TYPE_CHECKING:
    from tests.unit.operations.conftest import Ground


def steps(found: Foresight) -> list[tuple[str, int]]:
    return [(script.direction, script.migration.version) for script in found.scripts]


@pytest.mark.parametrize(
    ("verb", "version", "planned"),
    [
        ("up", None, [("up", 3), ("up", 4)]),
        ("up-to", 3, [("up", 3)]),
        ("up-by-one", None, [("up", 3)]),
        ("down", None, [("down", 2)]),
        ("down-to", 0, [("down", 2), ("down", 1)]),
        ("redo", None, [("down", 2), ("up", 2)]),
        ("reset", None, [("down", 2), ("down", 1)]),
    ],
)
def test_every_verb_can_be_foreseen(
    lite: Ground, verb: str, version: int | None, planned: list[tuple[str, int]]
) -> None:
    lite.write(1, 2)
    list(up(lite.session, lite.folder, RunOptions()))
    lite.write(3, 4)
    found = foresee(lite.session, lite.folder, verb, RunOptions(), version=version)
    assert (steps(found), found.current, found.tracked) == (planned, 2, True)
    assert (lite.tables(), lite.versions()) == (["t1", "t2"], [0, 1, 2])


def test_there_are_no_other_verbs() -> None:
    assert sorted(PLANNERS) == ["down", "down-to", "redo", "reset", "up", "up-by-one", "up-to"]


def test_a_database_without_a_version_table_gets_none(lite: Ground) -> None:
    lite.write(1)
    found = foresee(lite.session, lite.folder, "up", RunOptions())
    assert (steps(found), found.tracked, found.current) == ([("up", 1)], False, 0)
    assert [statement.text for statement in found.scripts[0].statements] == ["CREATE TABLE t1 (id int);"]
    assert not lite.has_history()


def test_an_empty_folder_is_fine_for_up_alone(lite: Ground) -> None:
    assert steps(foresee(lite.session, lite.folder, "up", RunOptions())) == []
    with pytest.raises(FilesError):
        foresee(lite.session, lite.folder, "down", RunOptions())


def test_what_stops_the_verb_stops_the_plan(lite: Ground) -> None:
    lite.write(2)
    list(up(lite.session, lite.folder, RunOptions()))
    lite.write(1)
    with pytest.raises(MissingError):
        foresee(lite.session, lite.folder, "up", RunOptions())
    assert steps(foresee(lite.session, lite.folder, "up", RunOptions(allow_missing=True))) == [("up", 1)]
    lite.remove(2)
    with pytest.raises(FileGoneError):
        foresee(lite.session, lite.folder, "down", RunOptions())
    (lite.base / "migrations" / "3_t.sql").write_text("SELECT 1;\n")
    with pytest.raises(ParseError):
        foresee(lite.session, lite.folder, "up", RunOptions(allow_missing=True))
