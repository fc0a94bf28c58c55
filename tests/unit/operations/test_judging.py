"""Whether files, version table and journal belong together."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from greylag.migrations.files import collect
from greylag.migrations.fingerprint import read_record
from greylag.model.care import NO_HASH, Attempt, Known, Opening, Unfinished
from greylag.model.history import Applied
from greylag.operations.judging import deleted_error, edited_error, judge, names_of, unfinished_error

if TYPE_CHECKING:
    from pathlib import Path

    from greylag.model.migration import Migration
    from tests.unit.operations.conftest import Ground


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def known(migration: Migration) -> Known:
    record = read_record(migration)
    return Known(record.version, record.file, record.raw_hash, record.hash)


def opening(*versions: int, known: dict[int, Known] | None = None) -> Opening:
    rows = [Applied(version, True) for version in reversed((0, *versions))]
    return Opening(rows, known or {}, ())


def judged(lite: Ground, found: Opening):  # type: ignore[no-untyped-def]
    return judge(lite.folder, collect(lite.folder), found)


def test_all_is_as_it_was(lite: Ground) -> None:
    lite.write(1, 2, 3)
    files = {migration.version: known(migration) for migration in collect(lite.folder)}
    assert judged(lite, opening(1, 2, known=files)) == ([], [], [], [])


def test_files_that_goose_applied_are_unknown(lite: Ground) -> None:
    lite.write(1, 2, 3)
    found = judged(lite, opening(1, 2))
    assert [migration.version for migration in found.unknown] == [1, 2]
    assert (found.edited, found.deleted, found.ahead) == ([], [], [])


def test_edits_are_those_of_statements(lite: Ground) -> None:
    lite.write(1, 2)
    files = {migration.version: known(migration) for migration in collect(lite.folder)}
    one, two = (lite.base / "migrations" / f"{version}_t.sql" for version in (1, 2))
    one.write_text("-- why\n" + one.read_text().replace("CREATE TABLE", "create  table"))
    assert judged(lite, opening(1, 2, known=files)).edited == []
    two.write_text(two.read_text().replace("(id int)", "(id bigint)"))
    assert [migration.version for migration in judged(lite, opening(1, 2, known=files)).edited] == [2]
    assert judged(lite, opening(1, known=files)).edited == []


def test_files_that_are_gone(lite: Ground) -> None:
    lite.write(1, 2, 3, 4)
    files = {migration.version: known(migration) for migration in collect(lite.folder)}
    lite.remove(2)
    lite.remove(4)
    found = judged(lite, opening(1, 2, 3, 4, known=files))
    assert [each.version for each in found.deleted] == [2]
    assert found.ahead == [4]
    assert judged(lite, opening(1, 2, 3, 4)).deleted == []


def test_what_a_person_said_may_be_gone(lite: Ground) -> None:
    lite.write(1, 3)
    files = {migration.version: known(migration) for migration in collect(lite.folder)}
    files[2] = Known(2, "2_t.sql", NO_HASH, NO_HASH)
    assert judged(lite, opening(1, 2, 3, known=files)) == ([], [], [], [])
    lite.write(2)
    assert [migration.version for migration in judged(lite, opening(1, 2, 3, known=files)).unknown] == [2]


def test_go_files_and_version_zero_are_nobodys_business(lite: Ground) -> None:
    (lite.base / "migrations" / "1_a.go").write_text("package migrations\n")
    assert judged(lite, opening(1)) == ([], [], [], [])


def test_a_version_taken_back_is_judged_by_its_newest_row(lite: Ground) -> None:
    lite.write(1)
    found = Opening([Applied(1, False), Applied(1, True), Applied(0, True)], {}, ())
    assert judged(lite, found) == ([], [], [], [])


def test_an_edit_without_a_journal_to_compare_with(lite: Ground) -> None:
    lite.write(1, 2)
    error = edited_error(lite.session, collect(lite.folder), "postgres")
    assert error.message == "2 files were edited since they were applied: 1_t.sql, 2_t.sql"
    assert error.differences == "its old text is not kept"
    assert "greylag resolve 1 2 --mark-applied" in str(error.hint)
    single = edited_error(lite.session, collect(lite.folder)[:1], "postgres")
    assert single.message == "1_t.sql was edited since it was applied"
    assert str(single.where).endswith("1_t.sql")


def test_deleted_files_are_named() -> None:
    one, two = Known(1, "1_a.sql", b"", b""), Known(2, "2_b.sql", b"", b"")
    assert (
        deleted_error([one]).message == "1_a.sql was deleted although it is applied, and newer files are here"
    )
    both = deleted_error([one, two])
    assert both.message == "1_a.sql, 2_b.sql were deleted although applied, and newer files are here"
    assert "greylag history --text 1" in str(both.hint)
    assert "greylag resolve 1 2 --mark-applied" in str(both.hint)


@pytest.mark.parametrize("direction", ["up", "down"])
@pytest.mark.parametrize(("following", "number"), [(0, 2), (4, 4)])
def test_an_unfinished_file_is_named_with_the_way_on(direction: str, following: int, number: int) -> None:
    at = datetime(2024, 2, 3, 4, 5, 6, tzinfo=UTC)
    attempts = (Attempt(1, b"", "done", True), Attempt(2, b"", "begun", True))
    found = Unfinished(7, direction, "7_x.sql", at, "ada", "engine-room", 1, "", attempts, following)  # type: ignore[arg-type]
    error = unfinished_error(found, "redo")
    assert error.message == (
        f"7_x.sql is unfinished: its {direction} was broken off at statement {number} "
        "(2024-02-03 04:05:06 UTC, by ada on engine-room), so redo does nothing"
    )
    assert f"greylag {direction} goes on at statement {number}" in str(error.hint)
    assert error.version == 7
    assert "at an unknown time" in unfinished_error(found._replace(started=None), "redo").message


def test_names_of_versions() -> None:
    assert names_of([1, 2], {2: Known(2, "2_b.sql", b"", b"")}) == ["1", "2_b.sql"]
