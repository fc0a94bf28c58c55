"""baseline as it is typed and as it answers."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.unit.cli.conftest import Here


@pytest.fixture
def made(here: Here) -> Here:
    """Two files, and a database in which a person made the first one's table."""
    here.write(1)
    here.write(2)
    with closing(sqlite3.connect(here.base / "x.db")) as connection:
        connection.execute("CREATE TABLE t1 (id int)")
    return here


def test_it_says_what_it_recorded_and_what_comes_next(made: Here) -> None:
    answer = made.greylag("baseline", "1")
    assert (answer.code, answer.lines[1:]) == (
        0,
        [
            "  recorded 00001_t.sql",
            "  now at version 1; nothing was run. greylag up applies what comes after",
        ],
    )
    again = made.greylag("baseline", "1")
    assert (again.code, again.lines[1:]) == (
        0,
        ["  nothing to do: exactly the files up to 1 are recorded already"],
    )
    made.greylag("up")
    assert made.tables() == ["t1", "t2"]


def test_a_dry_run_lists(made: Here) -> None:
    answer = made.greylag("baseline", "2", "--dry-run", "--unchecked")
    assert answer.lines[1:] == ["  would record 00001_t.sql", "  would record 00002_t.sql"]
    assert made.greylag("version").lines[1:] == ["  version 0"]


def test_for_programs(made: Here) -> None:
    facts = made.greylag("baseline", "1", "--dry-run", "--json").json()
    assert (facts["written"], facts["version"]) == (False, 1)
    facts = made.greylag("baseline", "1", "--json").json()
    assert (facts["written"], facts["recorded"]) == (
        True,
        [{"version": 1, "file": "migrations/00001_t.sql"}],
    )
    assert made.greylag("baseline", "1", "--json").json()["written"] is False


def test_a_schema_the_files_do_not_make_is_refused(made: Here) -> None:
    for words in (("2",), ("2", "--dry-run")):
        answer = made.greylag("baseline", *words)
        assert answer.code == 1
        assert "the database is not what the files up to 2 make: it differs in 1 place" in answer.err
        assert "- table t2  (id)" in answer.err and "--unchecked" in answer.err
    assert made.greylag("version").lines[1:] == ["  version 0"]
    assert made.greylag("baseline", "2", "--unchecked").code == 0


def test_it_refuses_with_the_way_on(made: Here) -> None:
    answer = made.greylag("baseline", "3")
    assert answer.code == 1 and "the nearest: 00002_t.sql" in answer.err
    made.greylag("baseline", "1")
    answer = made.greylag("baseline", "2")
    assert answer.code == 1 and "records 1 version already" in answer.err


def test_an_empty_database_is_for_up(here: Here) -> None:
    here.write(1)
    answer = here.greylag("baseline", "1")
    assert answer.code == 1 and "nothing to adopt" in answer.err and "greylag up" in answer.err


def test_a_protected_target_wants_to_be_meant(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    here.workspace()
    monkeypatch.setenv("ONE_PROD_URL", f"sqlite:{here.base}/one.db")
    with closing(sqlite3.connect(here.base / "one.db")) as connection:
        connection.execute("CREATE TABLE t (id int)")
    answer = here.greylag("baseline", "1", "one@prod")
    assert answer.code == 2 and "add --yes" in answer.err
    assert here.greylag("baseline", "1", "one@prod", "--yes").code == 0
