from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.unit.cli.conftest import Here


def test_version(here: Here) -> None:
    here.write(1)
    assert here.greylag("version").lines[1:] == ["  version 0"]
    here.greylag("up")
    assert here.greylag("version").lines[1:] == ["  version 1"]
    (facts,) = here.greylag("version", "--json").json()
    assert facts["version"] == 1


def test_plan_shows_what_would_run_and_writes_nothing(here: Here) -> None:
    here.write(1)
    here.write(2, up="SELECT 1;\nSELECT 2;", head="-- +goose NO TRANSACTION\n")
    answer = here.greylag("plan")
    assert answer.lines[1:] == [
        "  the version table would be made first",
        "  1. up migrations/00001_t.sql (1 statement)",
        "  2. up migrations/00002_t.sql (2 statements, outside a transaction)",
    ]
    assert here.tables() == []
    here.greylag("up")
    assert here.greylag("plan").lines[1:] == ["  up has nothing to run, at version 2"]
    assert here.greylag("plan", "--for", "redo").lines[1:] == [
        "  1. down migrations/00002_t.sql (1 statement, outside a transaction)",
        "  2. up migrations/00002_t.sql (2 statements, outside a transaction)",
    ]
    assert here.greylag("plan", "--for", "down", "--to", "0").lines[2] == (
        "  2. down migrations/00001_t.sql (1 statement)"
    )
    assert here.tables() == ["t1"]


def test_plan_with_its_statements(here: Here) -> None:
    here.write(1, up="CREATE TABLE t1 (\n  id int\n);")
    assert here.greylag("plan", "--sql").lines[3:] == [
        "       CREATE TABLE t1 (",
        "         id int",
        "       );",
    ]
    (facts,) = here.greylag("plan", "--json").json()
    assert facts["makes_version_table"] is True
    assert facts["steps"][0]["statements"] == ["CREATE TABLE t1 (\n  id int\n);"]


@pytest.mark.parametrize("words", [["--for", "dinner"], ["--for", "down-to"], ["--to", "x"]])
def test_what_cannot_be_planned(words: list[str], here: Here) -> None:
    assert here.greylag("plan", *words).code == 2


def test_plan_names_the_target_that_failed_where_there_are_several(tmp_path, monkeypatch, capsys):
    from greylag.cli.guard import outcome
    from greylag.cli.main import greylag_command

    (tmp_path / "greylag.toml").write_text(
        '[services.one.databases.one]\nengine = "sqlite"\n[services.two.databases.two]\nengine = "sqlite"\n'
    )
    for name, text in (("one", "-- +goose Up\nSELECT 1;\n"), ("two", "SELECT 1;\n")):
        folder = tmp_path / "services" / name / "migrations"
        folder.mkdir(parents=True)
        (folder / "00001_a.sql").write_text(text)
    monkeypatch.chdir(tmp_path)
    assert outcome(lambda: greylag_command.main(["plan"], standalone_mode=False)) == 1
    told = capsys.readouterr()
    assert "one@local: SQLite" in told.out
    assert "two@local" in told.err
    assert "services/two/migrations/00001_a.sql:1:1" in told.err
