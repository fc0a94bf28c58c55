from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.cli.explain import explain
from greylag.errors import (
    ApplyError,
    ConnectError,
    DatabaseError,
    FilesError,
    GreylagError,
    InterruptedRunError,
    LostError,
    WorkspaceError,
)
from greylag.model.location import Location
from greylag.model.migration import Migration, Statement

if TYPE_CHECKING:
    from pathlib import Path


def test_what_where_and_what_next(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_text("one\ntwo\n")
    error = FilesError("is wrong", where=Location(str(file), 2, 3), hint="right it")
    assert explain(error).splitlines() == [
        "error: is wrong",
        f"  --> {file}:2:3",
        "   2 | two",
        "     |   ^",
        "  next: right it",
    ]
    assert explain(GreylagError("error: said already")) == "error: said already"
    assert explain(GreylagError("one\ntwo")) == "error: one\ntwo"


def test_the_target_is_named_once() -> None:
    assert explain(GreylagError("is gone"), subject="a@dev") == "error: a@dev: is gone"
    assert explain(GreylagError("nothing for a@dev"), subject="a@dev") == "error: nothing for a@dev"


def test_every_mistake_of_the_config_has_its_place() -> None:
    error = WorkspaceError("first", where=Location("g.toml", 1, 1), hint="h1")
    error.others = (
        WorkspaceError("second", where=Location("g.toml", 4, 2), hint="did you mean 'x'?"),
        WorkspaceError("third"),
    )
    assert explain(error).splitlines() == [
        "error: first",
        "  --> g.toml:1:1",
        "  next: h1",
        "  also: g.toml:4:2 second (did you mean 'x'?)",
        "  also: third",
    ]


def test_the_servers_words_stand_apart() -> None:
    error = DatabaseError(
        "no", driver_text="", sqlstate="42P01", detail="d1\nd2", server_hint="h", context="c", hint="n"
    )
    assert explain(error).splitlines() == [
        "error: no",
        "  detail: d1",
        "          d2",
        "  server's hint: h",
        "  context: c",
        "  SQLSTATE: 42P01",
        "  next: n",
    ]


def test_a_password_in_a_message_is_masked() -> None:
    error = ConnectError("no way to postgres://ann:s3cret@h/d", driver_text="", hint="host=h password=s3cret")
    assert "s3cret" not in explain(error) and "postgres://ann:" in explain(error)


def failed(
    path: Path, *, position: int = 0, transactional: bool = True, stage: str = "statement"
) -> ApplyError:
    path.write_text("-- +goose Up\nSELECT 1;\nSELECT\n  nope;\n")
    cause = DatabaseError('column "nope" does not exist', driver_text="", sqlstate="42703", position=position)
    statement = Statement("SELECT\n  nope;", 3) if stage == "statement" else None
    return ApplyError(
        stage=stage,  # type: ignore[arg-type]
        migration=Migration(1, str(path)),
        direction="up",
        cause=cause,
        statement=statement,
        transactional=transactional,
    )


def test_a_failed_file_is_pointed_into(tmp_path: Path) -> None:
    path = tmp_path / "1_a.sql"
    assert explain(failed(path, position=10)).splitlines() == [
        'error: 1_a.sql failed: column "nope" does not exist',
        f"  --> {path}:4:3",
        "   4 |   nope;",
        "     |   ^",
        "  SQLSTATE: 42703",
        "  now: nothing of 1_a.sql remains: it ran in one transaction, which was rolled back",
        "  next: mend the file, then run the same command again",
        "  see: greylag explain 42703",
    ]
    without = explain(failed(path))
    assert f"  --> {path}:3\n   3 | SELECT\n  SQLSTATE" in without, "no position, no caret"


def test_what_stands_outside_a_transaction(tmp_path: Path) -> None:
    told = explain(failed(tmp_path / "1_a.sql", transactional=False))
    assert "its statements before line 3 took effect and stay, its version is not recorded" in told
    assert "next: undo by hand what took effect" in told
    known = failed(tmp_path / "1_a.sql")
    known.stands, known.hint = "all is well", "go home"
    assert "  now: all is well\n  next: go home" in explain(known)


def test_a_lost_connection_leaves_nothing_to_mend(tmp_path: Path) -> None:
    error = failed(tmp_path / "1_a.sql")
    error.cause = LostError("gone", driver_text="", hint="1_a.sql was not committed")
    error.stands = "1_a.sql was not committed"
    told = explain(error)
    assert told.count("was not committed") == 1
    assert "\n  next: run the same command again when the server answers" in told
    error.transactional, error.journaled, error.cause.hint = False, True, None
    assert "it looks whether that statement took effect, and goes on" in explain(error)


@pytest.mark.parametrize("stage", ["begin", "insert", "delete", "commit"])
def test_a_stage_that_is_no_statement_is_named(stage: str, tmp_path: Path) -> None:
    told = explain(failed(tmp_path / "1_a.sql", stage=stage))
    assert told.startswith('error: column "nope" does not exist\n') and "\n  stage: " in told


def test_an_interruption_says_what_stands() -> None:
    migration = Migration(1, "m/1_a.sql")
    assert (
        explain(InterruptedRunError(2)) == "error: interrupted\n  next: run the same command again to go on"
    )
    assert "1_a.sql was stopped and rolled back" in explain(InterruptedRunError(2, migration))
    outside = explain(InterruptedRunError(2, migration, transactional=False))
    assert "rolled back" not in outside
    assert "those before it took effect and stay, its version is not recorded" in outside
