from __future__ import annotations

import pytest

from greylag.cli.goose.wording import cleaned, sentence
from greylag.errors import ApplyError, ConnectError, DatabaseError, FilesError, GoMigrationError, ParseError
from greylag.model.migration import Migration, Statement

MIGRATION = Migration(1, "m/00001_a.sql")
CAUSE = DatabaseError("no", driver_text="ERROR: no (SQLSTATE 42P01)")


@pytest.mark.parametrize(
    ("stage", "text"),
    [
        ("begin", "failed to begin transaction"),
        ("insert", "failed to insert new goose version"),
        ("delete", "failed to delete goose version"),
        ("commit", "failed to commit transaction"),
    ],
)
def test_stages(stage: str, text: str) -> None:
    error = ApplyError(stage=stage, migration=MIGRATION, direction="up", cause=CAUSE)  # type: ignore[arg-type]
    head = "ERROR 00001_a.sql: failed to run SQL migration: "
    assert sentence(error) == f"{head}{text}: ERROR: no (SQLSTATE 42P01)"


def test_a_statement_is_cleaned_and_quoted() -> None:
    statement = Statement('SELECT "é"\n-- gone\n\n  -- stays\n\tFROM x;\udcff')
    error = ApplyError(
        stage="statement", migration=MIGRATION, direction="up", cause=CAUSE, statement=statement
    )
    assert sentence(error) == (
        "ERROR 00001_a.sql: failed to run SQL migration: failed to execute SQL query "
        r'"SELECT \"é\"\n  -- stays\n\tFROM x;\xff": ERROR: no (SQLSTATE 42P01)'
    )


def test_other_errors() -> None:
    assert sentence(ParseError("bad", migration=MIGRATION)) == (
        "ERROR 00001_a.sql: failed to parse SQL migration file: bad"
    )
    assert sentence(ParseError("open x: no", migration=MIGRATION, opened=False)) == (
        "ERROR 00001_a.sql: failed to open SQL migration file: open x: no"
    )
    assert sentence(GoMigrationError(Migration(2, "m/2_b.go"))).startswith(
        "ERROR m/2_b.go: failed to run Go migration: Go functions must be registered"
    )
    assert sentence(ConnectError("x", driver_text="failed to connect")) == "failed to connect"
    assert sentence(FilesError("no migration files found")) == "no migration files found"


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        ("a\n\nb", "a\nb"),
        ("-- x\n\n\na", "a"),
        ("a -- x\nb", "a -- x\nb"),
        ("--x", ""),
        ("a\n--x\r\n\r\nb\n", "a\nb\n"),
        ("a\n \nb", "a\n \nb"),
        ("", ""),
    ],
)
def test_what_goes_from_a_statement(statement: str, text: str) -> None:
    assert cleaned(statement) == text
