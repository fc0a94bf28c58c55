from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
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


def test_plan_of_a_file_that_was_broken_off(there: Here) -> None:
    text = "CREATE TABLE t1 (id int);\nALTER TABLE t1 ADD COLUMN a nothing;\nCREATE INDEX CONCURRENTLY i ON t1 (id);"
    there.write(1, text, head="-- +goose NO TRANSACTION\n")
    there.write(2, "ALTER TABLE t1 ADD COLUMN b int;")
    there.greylag("up")
    assert there.greylag("plan").lines[1:] == [
        "  1. up migrations/00001_t.sql (3 statements, outside a transaction)",
        "       it was broken off, and goes on at statement 2 of 3; statement 1 is done",
        "  2. up migrations/00002_t.sql (1 statement)",
    ]
    assert there.greylag("plan", "--sql").lines[3:] == [
        "       -- done before",
        "       CREATE TABLE t1 (id int);",
        "       -- ACCESS EXCLUSIVE on t1",
        "       ALTER TABLE t1 ADD COLUMN a nothing;",
        "       -- SHARE UPDATE EXCLUSIVE on t1",
        "       CREATE INDEX CONCURRENTLY i ON t1 (id);",
        "  2. up migrations/00002_t.sql (1 statement)",
        "       -- ACCESS EXCLUSIVE on t1",
        "       ALTER TABLE t1 ADD COLUMN b int;",
    ]
    (facts,) = there.greylag("plan", "--json").json()
    first, second = facts["steps"]
    assert (first["resume"], second["resume"]) == ({"statement": 2, "in_doubt": False}, None)
    assert second["locks"] == [{"lock": "ACCESS EXCLUSIVE", "relations": ["t1"], "waits": "short"}]


def test_plan_of_what_is_in_doubt_and_of_what_is_all_done(there: Here, database: str) -> None:
    there.write(1, "CREATE TABLE t1 (id int);\nSELECT nothing;", head="-- +goose NO TRANSACTION\n")
    there.greylag("up")
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("UPDATE greylag.journal SET state = 'begun', apart = true WHERE statement = 2")
    assert there.greylag("plan").lines[2] == (
        "       it was broken off, and goes on at statement 2 of 2, once the catalog was asked whether it took "
        "effect; statement 1 is done"
    )
    there.greylag("resolve", "1", "--resume")
    assert there.greylag("plan").lines[2] == (
        "       it was broken off and all of it took effect: only its version is recorded"
    )


def test_plan_says_what_would_be_refused_and_what_comes_from_the_journal(there: Here) -> None:
    there.write(1)
    there.greylag("up")
    (there.base / "migrations/00001_t.sql").unlink()
    assert there.greylag("plan", "--for", "down").lines[1:] == [
        "  1. down migrations/00001_t.sql (1 statement, from the journal: its file is not here)"
    ]
    there.write(1)
    there.write(2, "BEGIN;\nSELECT 1;")
    there.write(3, "COPY t1 FROM stdin;")
    lines = there.greylag("plan", "--sql").lines
    assert "       -- refused by greylag: BEGIN would end the transaction of the file" in lines
    assert "       -- refused by greylag: COPY FROM STDIN has no data to read" in lines
