"""What a verb would run, without running it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.errors import ApplyError, EditedError, FilesError, ParseError, UnfinishedError
from greylag.migrations.plan import FileGoneError, MissingError
from greylag.operations.careful import OutOfOrderError
from greylag.operations.options import RunOptions
from greylag.operations.plan import PLANNERS, Foresight, facts_of, foresee
from greylag.operations.up import up

if TYPE_CHECKING:
    from tests.unit.operations.conftest import CarefulGround, Ground


def steps(found: Foresight) -> list[tuple[str, int]]:
    return [(step.script.direction, step.script.migration.version) for step in found.steps]


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
    assert [statement.text for statement in found.steps[0].script.statements] == ["CREATE TABLE t1 (id int);"]
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


def planned(own: CarefulGround, verb: str, version: int | None = None) -> Foresight:
    return foresee(own.session, own.folder, verb, RunOptions(), version=version)


def test_a_file_that_was_broken_off_goes_on_where_it_stopped(own: CarefulGround) -> None:
    own.write(1, "CREATE TABLE t1 (id int);\nSELECT nothing;\nSELECT 3;", apart=True)
    with pytest.raises(ApplyError):
        own.up()
    (step,) = planned(own, "up").steps
    assert step.resume is not None
    assert (step.resume.number, step.resume.doubtful, step.script.count) == (2, False, 3)
    own.write(1, "CREATE TABLE t1 (id bigint);\nSELECT nothing;\nSELECT 3;", apart=True)
    with pytest.raises(UnfinishedError):
        planned(own, "up")
    with pytest.raises(UnfinishedError):
        planned(own, "down")


def test_a_down_is_planned_from_the_journal_where_the_file_is_gone(own: CarefulGround) -> None:
    own.write(1)
    path = own.write(2)
    own.up()
    path.unlink()
    (step,) = planned(own, "down").steps
    assert (step.kept, [each.text for each in step.script.statements]) == (True, ["DROP TABLE t2;"])
    assert steps(planned(own, "up")) == []
    (own.base / "migrations" / "1_t.sql").unlink()
    assert steps(planned(own, "reset")) == [("down", 2), ("down", 1)]
    own.ask("UPDATE greylag.journal SET content = NULL")
    with pytest.raises(FileGoneError):
        planned(own, "down")


def test_what_stops_a_careful_run_stops_the_plan(own: CarefulGround) -> None:
    path = own.write(2)
    own.write(3)
    own.up()
    own.write(1)
    with pytest.raises(OutOfOrderError):
        planned(own, "up")
    own.write(2, "CREATE TABLE t2 (id bigint);")
    with pytest.raises(EditedError, match="edited"):
        planned(own, "up")
    path.unlink()
    with pytest.raises(EditedError, match="deleted"):
        planned(own, "up")
    with pytest.raises(FilesError):
        planned(own, "up-to", 0)


def test_locks_are_postgresqls(own: CarefulGround, lite: Ground) -> None:
    own.write(1, "ALTER TABLE x ADD COLUMN y int;\nSELECT 1;")
    found = planned(own, "up")
    facts = [each for each in facts_of(found, found.steps[0].script) if each]
    assert [(each.lock, each.relations) for each in facts] == [("ACCESS EXCLUSIVE", ("x",)), ("", ())]
    elsewhere = foresee(lite.session, own.folder, "up", RunOptions())
    assert facts_of(elsewhere, elsewhere.steps[0].script) == [None, None]
