"""resolve as it is typed and as it answers, on a real PostgreSQL with a run that broke off."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import psycopg
import pytest

if TYPE_CHECKING:
    from tests.unit.cli.conftest import Here

APART = "-- +goose NO TRANSACTION\n"


@pytest.fixture
def broken(there: Here, database: str) -> Here:
    """Version 1 is applied, 2 stopped at its second statement of three."""
    there.write(1)
    there.write(2, "CREATE TABLE t2 (id int);\nSELECT nothing;\nSELECT 3;", head=APART)
    assert there.greylag("up").code == 1
    return there


def in_doubt(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(
            "UPDATE greylag.journal SET state = 'begun', apart = true WHERE statement = 2 AND state = 'failed'"
        )


def test_without_an_option_it_shows_the_situation_and_the_ways_on(broken: Here) -> None:
    answer = broken.greylag("resolve", "2")
    assert answer.code == 0
    first, *lines = answer.lines[1:]
    assert re.fullmatch(
        r"  00002_t\.sql: up began [-\d]+ [:\d]+ UTC by ana@\S+, stopped at statement 2 of 3 \(42703 column "
        r'"nothing" does not exist\): greylag up goes on; greylag resolve 2 tells more',
        first,
    )
    assert lines == [
        "      1. done      CREATE TABLE t2 (id int);",
        "      2. failed    SELECT nothing;",
        "      3. not run   SELECT 3;",
        "  look at the database, then say what is true:",
        "    greylag resolve 2 --resume        what ran is as good as the file: go on at statement 2",
        "    greylag resolve 2 --from-start    begin again with statement 1",
        "    greylag resolve 2 --mark-applied  all of it is done: record the version",
    ]


def test_a_file_half_taken_back_may_count_as_taken_back(there: Here) -> None:
    there.write(1, down="DROP TABLE t1;\nSELECT nothing;", head=APART)
    assert there.greylag("up").code == 0
    assert "are noted in the journal, its version is still recorded" in there.greylag("down").err
    assert there.greylag("resolve", "1").lines[-1] == (
        "    greylag resolve 1 --mark-pending  all of it is taken back: forget the version"
    )
    assert "--from-start, --mark-pending)" in there.greylag("up").err
    assert there.greylag("resolve", "1", "--mark-pending").code == 0
    assert there.greylag("up").code == 0, "nothing of it is there"


def test_a_statement_in_doubt_and_an_edited_one(broken: Here, database: str) -> None:
    in_doubt(database)
    broken.write(2, "CREATE TABLE t2 (id bigint);\nSELECT nothing;\nSELECT 3;", head=APART)
    lines = broken.greylag("resolve", "2").lines[2:]
    assert lines[:2] == [
        "      1. done      CREATE TABLE t2 (id bigint);  edited since",
        "      2. in doubt  SELECT nothing;",
    ]
    assert "    greylag resolve 2 --resume        statement 2 took effect: go on at statement 3" in lines


def test_what_is_not_unfinished_is_said_with_what_it_is(broken: Here) -> None:
    answer = broken.greylag("resolve", "1")
    assert (answer.code, answer.lines[1:]) == (
        1,
        [
            "  version 1 is not unfinished: it is applied (00001_t.sql)",
            "  next: greylag history --version 1 tells when and by whom",
        ],
    )
    answer = broken.greylag("resolve", "1", "--resume")
    assert answer.code == 1 and "version 1 is not unfinished: it is applied" in answer.err
    assert broken.greylag("resolve", "9").code == 1


def test_resume_and_up(broken: Here, database: str) -> None:
    in_doubt(database)
    answer = broken.greylag("resolve", "2", "--resume", "--yes")
    assert (answer.code, answer.lines[1:]) == (
        0,
        ["  00002_t.sql goes on at statement 3: greylag up does it"],
    )
    assert broken.greylag("up").code == 0
    assert broken.greylag("version").lines[1:] == ["  version 2"]


def test_marks(broken: Here) -> None:
    lines = broken.greylag("resolve", "2", "1", "--mark-applied").lines[1:]
    assert lines == [
        "  00002_t.sql is recorded as applied; nothing was run",
        "  00001_t.sql: nothing to do, it is recorded as applied already",
    ]
    assert broken.greylag("resolve", "2", "--mark-pending").lines[1:] == [
        "  00002_t.sql is recorded as pending; nothing was run"
    ]
    assert broken.greylag("version").lines[1:] == ["  version 1"]


def test_for_programs(broken: Here) -> None:
    facts = broken.greylag("resolve", "2", "1", "--json").json()
    two, one = facts["versions"]
    assert (two["state"], two["in_doubt"], two["unfinished"]["statement"]) == ("unfinished", False, 2)
    assert (one["state"], one["unfinished"]) == ("applied", None)
    facts = broken.greylag("resolve", "2", "--from-start", "--json").json()
    assert facts["choice"] == "from-start"
    assert facts["versions"] == [{"version": 2, "file": "00002_t.sql", "statement": 1, "changed": True}]


def test_words_of_digits_are_versions_and_others_targets(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    here.workspace()
    monkeypatch.setenv("ONE_DEV_URL", f"sqlite:{here.base}/one.db")
    answer = here.greylag("resolve", "1", "one@dev", "--mark-applied")
    assert answer.code == 0 and answer.lines[0].startswith("one@dev: ")
    assert here.greylag("resolve", "1", "*@dev", "--mark-applied").code == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--resume"], "resolve needs a version"),
        (["1", "2", "--resume"], "--resume is about one version, and 2 are given"),
        (["1", "2", "--from-start"], "--from-start is about one version"),
        (["1", "--at", "2"], "--resume is not given"),
    ],
)
def test_what_cannot_be_meant(here: Here, words: list[str], said: str) -> None:
    answer = here.greylag("resolve", *words)
    assert answer.code == 2 and said in answer.err


def test_a_protected_target_wants_to_be_meant(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    here.workspace()
    monkeypatch.setenv("ONE_PROD_URL", f"sqlite:{here.base}/one.db")
    answer = here.greylag("resolve", "1", "one@prod", "--mark-applied")
    assert answer.code == 2 and "add --yes" in answer.err
    assert here.greylag("resolve", "1", "one@prod").code == 1, "looking asks nobody"
    assert here.greylag("resolve", "1", "one@prod", "--mark-applied", "--yes").code == 0
