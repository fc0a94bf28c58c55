"""A person says what is true; on a real PostgreSQL, with runs that really broke off."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from greylag.errors import ApplyError, EditedError, FilesError, UnfinishedError, UsageError
from greylag.operations.recording import UnknownVersionError
from greylag.operations.resolve import (
    NotUnfinishedError,
    Settled,
    Situation,
    go_on,
    mark,
    situations,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.operations.conftest import CarefulGround, Ground

BROKEN = "CREATE TABLE t2 (id int);\nINSERT INTO t2 VALUES (1);\nSELECT nothing;\nINSERT INTO t2 VALUES (2);"
IN_DOUBT = (
    "UPDATE greylag.journal SET state = 'begun', apart = true, sqlstate = '', error = '' "
    "WHERE statement = 3 AND state = 'failed'"
)


@pytest.fixture
def broken(own: CarefulGround) -> CarefulGround:
    """Version 1 is applied, 2 stopped at its third statement of four, 3 waits."""
    own.write(1)
    own.write(2, BROKEN, "DROP TABLE t2;\nSELECT nothing;", apart=True)
    own.write(3)
    with pytest.raises(ApplyError, match="nothing"):
        own.up()
    return own


def of(own: CarefulGround, version: int) -> Situation:
    _, (found,) = situations(own.session, own.folder, [version])
    return found


def say(own: CarefulGround, choice: str, at: int | None = None) -> Settled:
    return go_on(own.session, own.folder, 2, own.care, choice=choice, at=at)  # type: ignore[arg-type]


def record(own: CarefulGround | Ground, *versions: int, applied: bool = True) -> list[Settled]:
    return mark(own.session, own.folder, versions, own.care, applied=applied)


def rows_of_two(own: CarefulGround) -> list[int]:
    return [number for (number,) in own.ask("SELECT id FROM t2 ORDER BY id")]


def test_what_is_known_of_every_version(broken: CarefulGround) -> None:
    found = of(broken, 2)
    assert (found.standing, found.file, len(found.statements)) == ("unfinished", "2_t.sql", 4)
    assert found.halt is not None
    assert (found.halt.number, found.halt.count, found.doubtful, found.edited) == (3, 4, False, frozenset())
    assert (of(broken, 1).standing, of(broken, 3).standing) == ("applied", "pending")
    with pytest.raises(UnknownVersionError):
        of(broken, 9)


def test_edited_deleted_and_ahead(own: CarefulGround) -> None:
    paths = [own.write(version) for version in (1, 2, 3, 4)]
    own.up()
    own.write(1, "CREATE TABLE t1 (id bigint);")
    paths[1].unlink()
    paths[3].unlink()
    assert [of(own, version).standing for version in (1, 2, 3, 4)] == [
        "edited",
        "deleted",
        "applied",
        "ahead",
    ]
    assert of(own, 2).file == "2_t.sql"


def test_resume_goes_on_at_a_statement_that_failed(broken: CarefulGround) -> None:
    broken.write(2, BROKEN.replace("SELECT nothing", "SELECT 1"), apart=True)
    assert say(broken, "resume") == Settled(2, "2_t.sql", 3)
    broken.up()
    assert (rows_of_two(broken), broken.versions()) == ([1, 2], [1, 2, 3])


def test_resume_goes_on_behind_a_statement_in_doubt(broken: CarefulGround) -> None:
    broken.ask(IN_DOUBT)
    assert of(broken, 2).doubtful
    assert say(broken, "resume").statement == 4
    broken.up()
    assert (rows_of_two(broken), broken.versions()) == ([1, 2], [1, 2, 3])


def test_resume_accepts_edits_of_what_ran(broken: CarefulGround) -> None:
    text = BROKEN.replace("(1)", "(7)").replace("SELECT nothing", "SELECT 1")
    broken.write(2, text, apart=True)
    assert of(broken, 2).edited == {2, 3}
    with pytest.raises(UnfinishedError):
        broken.up()
    say(broken, "resume")
    broken.up()
    assert rows_of_two(broken) == [1, 2]


def test_resume_at_a_statement(broken: CarefulGround) -> None:
    assert say(broken, "resume", at=4).statement == 4
    broken.up()
    assert (rows_of_two(broken), broken.versions()) == ([1, 2], [1, 2, 3])


def test_resume_behind_the_last_statement_records_the_version(broken: CarefulGround) -> None:
    assert say(broken, "resume", at=5).statement == 5
    broken.up()
    assert (rows_of_two(broken), broken.versions()) == ([1], [1, 2, 3])
    with pytest.raises(NotUnfinishedError):
        say(broken, "resume")


def test_a_statement_that_the_file_does_not_have(broken: CarefulGround) -> None:
    with pytest.raises(UsageError, match="has no statement 6: it has 4"):
        say(broken, "resume", at=6)


def test_from_the_start(broken: CarefulGround) -> None:
    broken.ask("DROP TABLE t2")
    broken.write(2, BROKEN.replace("SELECT nothing", "SELECT 1"), apart=True)
    assert say(broken, "from-start").statement == 1
    broken.up()
    assert (rows_of_two(broken), broken.versions()) == ([1, 2], [1, 2, 3])


def test_a_decision_can_be_changed(broken: CarefulGround) -> None:
    say(broken, "resume", at=5)
    assert say(broken, "resume").statement == 5
    say(broken, "resume", at=4)
    broken.up()
    assert rows_of_two(broken) == [1, 2]


def test_a_down_goes_on_too(own: CarefulGround) -> None:
    own.write(2, "CREATE TABLE t2 (id int);", "SELECT nothing;\nDROP TABLE t2;", apart=True)
    own.up()
    with pytest.raises(ApplyError):
        own.back()
    assert say(own, "resume", at=2) == Settled(2, "2_t.sql", 2, "down")
    own.back()
    assert (own.versions(), own.tables()) == ([], [])


@pytest.mark.parametrize(
    ("version", "standing", "way"),
    [(1, "applied", "greylag history --version 1"), (3, "pending", "greylag resolve 3 --mark-applied")],
)
def test_what_is_not_unfinished_cannot_go_on(
    broken: CarefulGround, version: int, standing: str, way: str
) -> None:
    with pytest.raises(NotUnfinishedError) as caught:
        go_on(broken.session, broken.folder, version, broken.care, choice="resume")
    assert caught.value.standing == standing
    assert f"version {version} is not unfinished: it is" in caught.value.message
    assert way in str(caught.value.hint)


def test_refusing_makes_no_journal(own: CarefulGround) -> None:
    own.write(2)
    with pytest.raises(NotUnfinishedError):
        say(own, "resume")
    with pytest.raises(UnknownVersionError):
        record(own, 9)
    assert own.ask("SELECT to_regclass('goose_db_version'), to_regclass('greylag.journal')") == [(None, None)]


def test_marking_ends_what_was_broken_off(broken: CarefulGround) -> None:
    assert record(broken, 2) == [Settled(2, "2_t.sql")]
    broken.up()
    assert (rows_of_two(broken), broken.versions()) == ([1], [1, 2, 3])
    assert (2, "up", "marked") in broken.states()


def test_several_versions_done_by_other_means(own: CarefulGround) -> None:
    for version in (1, 2, 3):
        own.write(version)
    own.ask("CREATE TABLE t1 (id int)")
    own.ask("CREATE TABLE t3 (id int)")
    assert record(own, 1, 3) == [Settled(1, "1_t.sql"), Settled(3, "3_t.sql")]
    assert own.versions() == [1, 3]
    assert record(own, 1) == [Settled(1, "1_t.sql", changed=False)]
    assert own.states() == [(1, "up", "marked"), (3, "up", "marked")]


def test_an_edited_file_is_accepted_as_it_is_now(own: CarefulGround) -> None:
    own.write(1)
    own.up()
    path = own.write(1, "CREATE TABLE t1 (id bigint);")
    with pytest.raises(EditedError):
        own.up()
    record(own, 1)
    own.up()
    assert own.versions() == [1]
    journal = own.session.journal()
    assert journal is not None
    assert journal.content(1) == ("1_t.sql", path.read_bytes())
    assert journal.opening().known[1].raw_hash == hashlib.sha256(path.read_bytes()).digest()


def gone(own: CarefulGround) -> Path:
    paths = [own.write(version) for version in (1, 2, 3)]
    own.up()
    paths[1].unlink()
    return paths[1]


def test_a_deleted_file_is_accepted_as_gone(own: CarefulGround) -> None:
    gone(own)
    with pytest.raises(EditedError, match="was deleted"):
        own.up()
    assert record(own, 2) == [Settled(2, "2_t.sql")]
    own.up()
    assert (own.versions(), of(own, 2).standing) == ([1, 2, 3], "applied")


def test_a_file_that_comes_back_is_taken_as_it_is(own: CarefulGround) -> None:
    path = gone(own)
    record(own, 2)
    path.write_text("-- +goose Up\nSELECT 2;\n")
    own.up()
    assert own.states()[-1] == (2, "up", "adopted")
    path.write_text("-- +goose Up\nSELECT 3;\n")
    with pytest.raises(EditedError):
        own.up()


def test_a_false_row_is_taken_away(own: CarefulGround) -> None:
    own.write(1)
    own.write(2)
    own.up()
    own.ask("DROP TABLE t2")
    assert record(own, 2, applied=False) == [Settled(2, "2_t.sql")]
    assert own.versions() == [1]
    assert own.states()[-1] == (2, "down", "marked")
    own.up()
    assert (own.versions(), own.tables()) == ([1, 2], ["t1", "t2"])
    assert record(own, 1, applied=True) == [Settled(1, "1_t.sql", changed=False)]


def test_a_row_without_a_file_is_taken_away(own: CarefulGround) -> None:
    own.write(1)
    own.up()
    own.ask("INSERT INTO goose_db_version (version_id, is_applied) VALUES (9, true)")
    assert record(own, 9, applied=False) == [Settled(9, "")]
    assert own.versions() == [1]


def test_an_attempt_is_forgotten(broken: CarefulGround) -> None:
    broken.ask("DROP TABLE t2")
    record(broken, 2, applied=False)
    assert of(broken, 2).standing == "pending"
    broken.write(2, BROKEN.replace("SELECT nothing", "SELECT 1"), apart=True)
    broken.up()
    assert rows_of_two(broken) == [1, 2]


def test_a_down_that_was_broken_off_counts_as_done_or_as_not_begun(own: CarefulGround) -> None:
    own.write(2, "CREATE TABLE t2 (id int);", "SELECT nothing;\nDROP TABLE t2;", apart=True)
    own.up()
    with pytest.raises(ApplyError):
        own.back()
    record(own, 2)
    assert (of(own, 2).standing, own.versions()) == ("applied", [2])
    with pytest.raises(ApplyError):
        own.back()
    record(own, 2, applied=False)
    assert (of(own, 2).standing, own.versions()) == ("pending", [])


def test_a_file_that_is_not_here_cannot_go_on_but_be_recorded(broken: CarefulGround) -> None:
    (broken.base / "migrations" / "2_t.sql").unlink()
    found = of(broken, 2)
    assert (found.standing, found.file, list(found.statements)) == ("unfinished", "2_t.sql", [])
    with pytest.raises(UnfinishedError, match="not in this folder"):
        say(broken, "resume")
    record(broken, 2)
    broken.up()
    assert broken.versions() == [1, 2, 3]


def test_without_a_journal_rows_are_written_and_nothing_is_unfinished(lite: Ground) -> None:
    lite.write(1, 2)
    assert record(lite, 1, 2) == [Settled(1, "1_t.sql"), Settled(2, "2_t.sql")]
    assert (lite.versions(), lite.tables()) == ([0, 1, 2], [])
    assert record(lite, 1, 2, applied=False)[0].changed
    assert lite.versions() == [0]
    with pytest.raises(NotUnfinishedError):
        go_on(lite.session, lite.folder, 1, lite.care, choice="resume")


def test_an_empty_folder_and_none(own: CarefulGround) -> None:
    with pytest.raises(UnknownVersionError):
        record(own, 1)
    with pytest.raises(FilesError):
        mark(own.session, "nowhere", [1], own.care, applied=True)
