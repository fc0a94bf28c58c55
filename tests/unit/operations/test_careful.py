"""greylag's verbs run with care: edited, deleted, ahead, adopted, back without the file, on after a break."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from greylag.errors import (
    ApplyError,
    EditedError,
    GoMigrationError,
    LockedError,
    RefusedError,
    UnfinishedError,
    WorkspaceError,
)
from greylag.migrations import plan
from greylag.migrations.files import NoFilesError
from greylag.model.event import Nothing, Ran, Reached
from greylag.operations import careful
from greylag.operations.careful import OutOfOrderError
from greylag.operations.options import Care, RunOptions
from tests.plugins.bench import manners

if TYPE_CHECKING:
    from tests.plugins.bench import Bench
    from tests.unit.operations.conftest import Ground


def tables(bench: Bench, *versions: int, outside: bool = False) -> None:
    """A file per version that makes ``t<version>`` and drops it."""
    for version in versions:
        bench.write(
            f"{version:05d}_t.sql",
            f"CREATE TABLE t{version} (n int);",
            f"DROP TABLE t{version};",
            outside=outside,
        )


def events(bench: Bench, **named: object) -> list[object]:
    with closing(bench.session()) as session:
        return list(careful.up(session, str(bench.folder), bench.options(), **named))  # type: ignore[arg-type]


# -- up -------------------------------------------------------------------------------------------------


def test_up_tells_each_file_and_where_it_ends(bench: Bench) -> None:
    tables(bench, 1, 2, 3)
    first = events(bench, to=2)
    assert [event.migration.version for event in first if isinstance(event, Ran)] == [1, 2]
    assert first[-1] == Reached(2)
    assert isinstance(events(bench, one=True)[0], Ran)
    assert events(bench) == [Nothing(3)]


def test_up_to_below_the_oldest_file(bench: Bench) -> None:
    tables(bench, 5)
    with pytest.raises(NoFilesError, match="no migration files found") as caught:
        events(bench, to=4)
    assert "00005_t.sql" in str(caught.value.hint)


def test_a_failure_keeps_the_files_before_it(bench: Bench) -> None:
    tables(bench, 1)
    bench.write("00002_bad.sql", "CREATE TABLE t2 (n int);\nSELECT 1/0;")
    with pytest.raises(ApplyError, match="division") as caught:
        bench.up()
    assert [ran.migration.version for ran in caught.value.applied] == [1]
    assert bench.versions() == [1]
    assert not bench.is_there("t2")


def test_a_later_file_that_cannot_be_read_keeps_nothing_back(bench: Bench) -> None:
    tables(bench, 1)
    bench.put("00002_bad.sql", b"-- +goose Up\nSELECT 1\n")
    with pytest.raises(Exception, match="unfinished SQL query"):
        bench.up()
    assert bench.versions() == [1]


def test_go_files_are_named(bench: Bench) -> None:
    bench.put("00001_a.go", b"package migrations\n")
    with pytest.raises(GoMigrationError):
        bench.up()


def test_constraints_left_unchecked_are_named_after_a_run(bench: Bench) -> None:
    bench.write(
        "00001_a.sql", "CREATE TABLE a (n int);\nALTER TABLE a ADD CONSTRAINT c CHECK (n > 0) NOT VALID;"
    )
    bench.up()
    (text,) = bench.notices("unchecked")
    assert "1 constraint is NOT VALID" in text
    assert "ALTER TABLE a VALIDATE CONSTRAINT c" in text
    bench.told.clear()
    bench.up()
    assert bench.told == []


def test_it_needs_manners(bench: Bench) -> None:
    with closing(bench.session()) as session, pytest.raises(WorkspaceError, match="manners"):
        careful._Run(session, bench.custody(), str(bench.folder), RunOptions())


# -- edited, deleted, ahead, adopted --------------------------------------------------------------------


def test_layout_may_change(bench: Bench) -> None:
    tables(bench, 1)
    bench.up()
    bench.edit("00001_t.sql", "CREATE TABLE t1 (n int)", "-- the first\ncreate  table T1\n\t( n int )")
    tables(bench, 2)
    assert bench.up() == [2]
    assert bench.told == []


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("(n int)", "(n bigint)", "+ CREATE TABLE t1 (n bigint);"),
        ("DROP TABLE", "DROP TABLE IF EXISTS", "+ DROP TABLE"),
    ],
)
def test_a_changed_statement_stops_the_run_with_the_difference(
    bench: Bench, old: str, new: str, line: str
) -> None:
    tables(bench, 1)
    bench.up()
    bench.edit("00001_t.sql", old, new)
    tables(bench, 2)
    with pytest.raises(EditedError, match=r"00001_t\.sql was edited since it was applied") as caught:
        bench.up()
    assert line.replace("+ ", "+") in caught.value.differences.replace("+ ", "+")
    assert "greylag resolve 1 --mark-applied" in str(caught.value.hint)
    assert not bench.is_there("t2")
    assert bench.back() == [1]


def test_a_file_deleted_from_the_middle_stops_the_run(bench: Bench) -> None:
    tables(bench, 1, 2, 3)
    bench.up()
    bench.remove("00002_t.sql")
    with pytest.raises(EditedError, match=r"00002_t\.sql was deleted although it is applied") as caught:
        bench.up()
    assert "greylag resolve 2 --mark-applied" in str(caught.value.hint)
    assert "greylag history --text 2" in str(caught.value.hint)


def test_the_newest_gone_is_an_older_checkout(bench: Bench) -> None:
    tables(bench, 1, 2, 3)
    bench.up()
    bench.remove("00002_t.sql", "00003_t.sql")
    assert bench.up() == []
    assert bench.notices("ahead") == ["the database is ahead of this checkout by 2: 00002_t.sql, 00003_t.sql"]


def test_first_contact_notes_the_files_and_goes_on(bench: Bench) -> None:
    tables(bench, 1, 2)
    bench.goose()
    tables(bench, 3)
    assert bench.up() == [3]
    assert bench.journal("version, state") == [(1, "adopted"), (2, "adopted"), (3, "done")]
    (text,) = bench.notices("adopted")
    assert text.startswith("2 applied files are new to the journal")
    bench.edit("00002_t.sql", "(n int)", "(n bigint)")
    with pytest.raises(EditedError):
        bench.up()


def test_first_contact_may_be_a_down(bench: Bench) -> None:
    tables(bench, 1, 2)
    bench.goose()
    assert bench.back() == [2]
    assert bench.journal("version, direction, state") == [
        (1, "up", "adopted"), (2, "up", "adopted"), (2, "down", "done"),
    ]  # fmt: skip


def test_a_file_that_goose_applied_again_meanwhile_is_new_not_edited(bench: Bench) -> None:
    tables(bench, 1)
    bench.up()
    bench.ask("DELETE FROM goose_db_version WHERE version_id = 1; DROP TABLE t1")
    bench.edit("00001_t.sql", "(n int)", "(n bigint)")
    bench.goose()
    assert bench.up() == []
    assert bench.notices("adopted") != []
    assert bench.journal("version, state") == [(1, "done"), (1, "adopted")]


def test_a_large_file_counts_by_its_bytes_and_has_no_text(bench: Bench) -> None:
    filler = b"-- " + b"x" * 97 + b"\n"
    content = (
        b"-- +goose Up\nCREATE TABLE t1 (n int);\n" + filler * 90_000 + b"-- +goose Down\nDROP TABLE t1;\n"
    )
    bench.put("00001_t.sql", content)
    assert bench.up() == [1]
    assert bench.up() == []
    assert bench.journal("content") == [(None,)]
    bench.put("00001_t.sql", content + filler)
    with pytest.raises(EditedError) as caught:
        bench.up()
    assert caught.value.differences == "its old text is not kept"
    bench.remove("00001_t.sql")
    with pytest.raises(plan.FileGoneError):
        bench.back()


# -- out of order ---------------------------------------------------------------------------------------


def test_files_below_the_newest_are_listed_and_refused(bench: Bench) -> None:
    tables(bench, 3)
    bench.up()
    tables(bench, 1, 2, 4)
    with pytest.raises(OutOfOrderError) as caught:
        bench.up()
    assert "2 files are older than version 3" in caught.value.message
    assert "\n  00001_t.sql\n  00002_t.sql" in caught.value.message
    assert "--allow-missing" in str(caught.value.hint)
    assert (caught.value.newest, len(caught.value.missing)) == (3, 2)
    assert bench.versions() == [3]
    with closing(bench.session()) as session:
        found = careful.up(session, str(bench.folder), bench.options(allow_missing=True))
        assert [event.migration.version for event in found if isinstance(event, Ran)] == [1, 2, 4]


def test_one_file_below_the_newest(bench: Bench) -> None:
    tables(bench, 3)
    bench.up()
    tables(bench, 1)
    with pytest.raises(OutOfOrderError, match="a file is older than version 3"):
        bench.up()


# -- back -----------------------------------------------------------------------------------------------


def test_back_by_every_verb(bench: Bench) -> None:
    tables(bench, 1, 2, 3, 4)
    bench.up()
    assert bench.back("down") == [4]
    assert bench.back("redo") == [3, 3]
    assert bench.back("down-to", 1) == [3, 2]
    assert bench.back("reset") == [1]
    assert bench.versions() == []


@pytest.mark.parametrize(("verb", "versions"), [("down", [3]), ("down-to", [3, 2, 1]), ("reset", [3, 2, 1])])
def test_back_without_the_files(bench: Bench, verb: str, versions: list[int]) -> None:
    tables(bench, 1, 2)
    tables(bench, 3, outside=True)
    bench.up()
    bench.remove("00001_t.sql", "00002_t.sql", "00003_t.sql")
    assert bench.back(verb) == versions
    assert (
        bench.notices("from-journal")[0] == "00003_t.sql is not in this folder: it is taken from the journal"
    )
    assert [bench.is_there(f"t{version}") for version in versions] == [False] * len(versions)
    assert bench.ask("SELECT count(*) FROM goose_db_version WHERE version_id > 0") == [(3 - len(versions),)]


def test_again_without_the_file(bench: Bench) -> None:
    tables(bench, 1)
    bench.up()
    bench.remove("00001_t.sql")
    bench.ask("INSERT INTO t1 VALUES (1)")
    assert bench.back("redo") == [1, 1]
    assert bench.ask("SELECT * FROM t1") == []
    assert sorted(bench.known()) == [1]


def test_a_file_that_neither_folder_nor_journal_holds(bench: Bench) -> None:
    tables(bench, 1, 2)
    bench.goose()
    bench.remove("00002_t.sql")
    with pytest.raises(plan.FileGoneError):
        bench.back()
    assert bench.is_there("t2")


def test_a_password_that_the_journal_blanked_is_not_set(bench: Bench) -> None:
    bench.ask("DROP ROLE IF EXISTS bench_blank; CREATE ROLE bench_blank")
    try:
        bench.write(
            "00001_a.sql",
            "CREATE TABLE t1 (n int);",
            "ALTER ROLE bench_blank PASSWORD 'old';\nDROP TABLE t1;",
        )
        bench.up()
        bench.remove("00001_a.sql")
        with pytest.raises(RefusedError, match="the journal blanked a password"):
            bench.back()
        assert bench.is_there("t1")
        assert bench.ask("SELECT rolpassword FROM pg_authid WHERE rolname = 'bench_blank'") == [(None,)]
    finally:
        bench.ask("DROP ROLE bench_blank")


# -- on after a break -----------------------------------------------------------------------------------


@pytest.fixture
def broken(bench: Bench) -> Bench:
    """A file outside transactions that failed at its third statement."""
    bench.write(
        "00001_a.sql",
        "CREATE TABLE t1 (n int);\nINSERT INTO t1 VALUES (1);\nSELECT 1/0;\nINSERT INTO t1 VALUES (2);",
        "DROP TABLE t1;",
        outside=True,
    )
    with pytest.raises(ApplyError, match="division"):
        bench.up()
    return bench


def test_it_goes_on_where_it_stopped(broken: Bench) -> None:
    broken.edit("00001_a.sql", "1/0", "1")
    assert broken.up() == [1]
    assert broken.ask("SELECT n FROM t1") == [(1,), (2,)]


def test_not_where_what_ran_was_edited(broken: Bench) -> None:
    broken.edit("00001_a.sql", "VALUES (1)", "VALUES (7)")
    with pytest.raises(UnfinishedError, match="edited in statement 2, which had taken effect"):
        broken.up()
    assert broken.ask("SELECT n FROM t1") == [(1,)]


def test_not_in_the_other_direction(broken: Bench) -> None:
    with pytest.raises(
        UnfinishedError, match=r"its up was broken off at statement 3 .* so down does nothing"
    ):
        broken.back()
    assert broken.is_there("t1")


def test_not_without_its_file(broken: Bench) -> None:
    tables(broken, 2)
    broken.remove("00001_a.sql")
    with pytest.raises(UnfinishedError, match="a folder without that file"):
        broken.up()
    assert not broken.is_there("t2")


def test_it_is_over_when_goose_finished_it(broken: Bench) -> None:
    broken.edit("00001_a.sql", "1/0", "1")
    broken.ask("DROP TABLE t1")
    broken.goose()
    assert broken.up() == []
    assert broken.back() == [1]


def test_a_down_that_was_broken_off_keeps_up_away(bench: Bench) -> None:
    bench.write(
        "00001_a.sql", "CREATE TABLE t1 (n int);", "SELECT 1;\nSELECT 1/0;\nDROP TABLE t1;", outside=True
    )
    bench.up()
    with pytest.raises(ApplyError, match="division"):
        bench.back()
    with pytest.raises(UnfinishedError, match="its down was broken off at statement 2"):
        bench.up()
    bench.edit("00001_a.sql", "1/0", "1")
    assert bench.back() == [1]
    assert not bench.is_there("t1")


def test_the_lock_is_given_back_whatever_happens(broken: Bench) -> None:
    with broken.opened(), pytest.raises(LockedError):
        broken.up(lock_wait_seconds=0.0)
    broken.edit("00001_a.sql", "1/0", "1")
    assert broken.up(lock_wait_seconds=0.0) == [1]


# -- an engine without care -----------------------------------------------------------------------------


def test_sqlite_takes_the_plain_road(lite: Ground) -> None:
    lite.write(1, 2)
    told: list[object] = []
    options = RunOptions(care=Care(manners(), told.append))
    found = list(careful.up(lite.session, lite.folder, options))
    assert [event.migration.version for event in found if isinstance(event, Ran)] == [1, 2]
    assert lite.tables() == ["t1", "t2"]
    list(careful.back(lite.session, lite.folder, options, verb="redo"))
    list(careful.back(lite.session, lite.folder, options, verb="down"))
    assert lite.versions() == [0, 1]
    lite.write(3)
    list(careful.up(lite.session, lite.folder, options, one=True))
    list(careful.back(lite.session, lite.folder, options, verb="down-to", version=1))
    list(careful.back(lite.session, lite.folder, options, verb="reset"))
    assert lite.versions() == [0]
    assert told == []


def test_all_or_nothing_is_refused_where_files_stand_alone(lite: Ground) -> None:
    lite.write(1, 2)
    options = RunOptions(care=Care(manners(atomic=True), lambda _: None))
    with pytest.raises(RefusedError, match="--atomic is there for PostgreSQL alone"):
        list(careful.up(lite.session, lite.folder, options))
    assert lite.tables() == []


def test_without_care_postgresql_does_too(bench: Bench) -> None:
    tables(bench, 1)
    with closing(bench.session()) as session:
        list(careful.up(session, str(bench.folder), RunOptions()))
    assert bench.versions() == [1]
    assert not bench.is_there("greylag.journal")
