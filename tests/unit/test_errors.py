"""Errors carry facts; their codes and exit codes are promises."""

from __future__ import annotations

import pytest

from greylag import errors
from greylag.model.location import Location
from greylag.model.migration import Migration

KINDS = [
    kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.GreylagError)
]


def test_no_two_kinds_share_a_code() -> None:
    assert len(KINDS) > 10
    assert len({kind.code for kind in KINDS}) == len(KINDS)


def test_exit_codes_are_those_that_are_promised() -> None:
    assert {kind.exit_code for kind in KINDS} == {1, 2, 130}
    misuse = {kind.__name__ for kind in KINDS if kind.exit_code == 2}
    assert misuse == {"UsageError", "WorkspaceError", "TargetError", "SecretError", "EnvFileError"}


def test_every_kind_says_in_one_sentence_what_it_means() -> None:
    assert [
        kind.__name__ for kind in KINDS if not (kind.__doc__ or "").partition("\n")[0].endswith(".")
    ] == []


def test_message_place_and_hint_stay_apart() -> None:
    error = errors.FilesError("no folder", where=Location("m"), hint="make it")
    assert (str(error), error.message, error.where, error.hint) == (
        "no folder",
        "no folder",
        Location("m"),
        "make it",
    )


def test_two_files_of_one_version() -> None:
    error = errors.DuplicateVersionError(3, "m/3_b.sql", "m/3_a.sql")
    assert error.message == "version 3 is carried by two files: m/3_a.sql and m/3_b.sql"
    assert (error.version, error.later, error.earlier) == (3, "m/3_b.sql", "m/3_a.sql")


def test_a_go_migration_is_named() -> None:
    error = errors.GoMigrationError(Migration(4, "m/4_x.go"))
    assert error.message.startswith("m/4_x.go is a Go migration")
    assert error.hint is not None


def test_a_failed_file_tells_the_databases_words() -> None:
    cause = errors.DatabaseError("no such table", driver_text="ERROR: no such table", position=4)
    error = errors.ApplyError(
        stage="statement", migration=Migration(1, "1_a.sql"), direction="up", cause=cause
    )
    assert (error.message, error.cause.position, error.applied) == ("no such table", 4, [])


@pytest.mark.parametrize(("signal", "exit_code"), [(2, 130), (15, 143)])
def test_an_interruption_exits_as_shells_expect(signal: int, exit_code: int) -> None:
    assert errors.InterruptedRunError(signal).exit_code == exit_code
