from __future__ import annotations

import re
from typing import TYPE_CHECKING

import psycopg
import pytest

if TYPE_CHECKING:
    from tests.unit.cli.conftest import Here


def test_status_lists_one_target_as_goose_does(here: Here) -> None:
    here.write(1)
    answer = here.greylag("status")
    assert answer.code == 0 and here.tables() == []
    assert answer.lines[1:] == [
        "    Applied At                  Migration",
        "    =======================================",
        "    Pending                  -- 00001_t.sql",
        "    (no version table yet: up makes it)",
    ]
    here.write(3)
    here.greylag("up")
    here.write(2)
    (here.base / "migrations/00001_t.sql").unlink()
    lines = here.greylag("status").lines[3:]
    assert lines[0] == "    Missing                  -- 00002_t.sql"
    assert re.fullmatch(r"    \w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4} -- 00003_t\.sql", lines[1])
    assert lines[2] == "    No file here             -- 1"
    assert lines[3].startswith("    1 missing: ")


def test_status_of_an_empty_folder(here: Here) -> None:
    assert "    no migration files" in here.greylag("status").lines


def test_check_says_with_its_exit_code_whether_anything_waits(here: Here) -> None:
    here.write(1)
    assert here.greylag("status", "--check").code == 1
    here.greylag("up")
    assert here.greylag("status", "--check").code == 0


def test_status_for_programs(here: Here) -> None:
    here.write(1)
    here.greylag("up")
    here.write(2)
    (facts,) = here.greylag("status", "--json").json()
    assert (facts["version"], facts["tracked"], facts["pending"], facts["source"]) == (
        1,
        True,
        1,
        "DATABASE_URL",
    )
    applied, waiting = facts["migrations"]
    assert (applied["state"], waiting["state"], waiting["applied_at"]) == ("applied", "pending", None)
    assert re.match(r"\d{4}-\d\d-\d\dT", applied["applied_at"])


def test_several_targets_are_a_matrix_whatever_one_of_them_lacks(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.workspace()
    monkeypatch.setenv("ONE_DEV_URL", f"sqlite:{here.base}/one.db")
    answer = here.greylag("status", "*@dev")
    head, one, two = (re.split(r" {2,}", line) for line in answer.lines)
    assert head == ["service", "database", "engine", "environment", "version", "files", "state"]
    assert (one[0], one[2:]) == ("one", ["SQLite", "dev", "0", "0/1", "1 pending"])
    assert (two[0], two[2], two[-1]) == ("two", "SQLite", "no connection string")
    assert answer.code == 2 and "TWO_DEV_URL" in answer.err
    found, failed = here.greylag("status", "*@dev", "--json").json()
    assert found["pending"] == 1 and (failed["target"], failed["error"]["code"]) == ("two@dev", "G004")


@pytest.mark.parametrize(
    ("address", "word"), [("sqlite:/nowhere/x.db", "unreachable"), ("mysql://h/d", "refused")]
)
def test_why_a_target_has_no_state(
    address: str, word: str, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.workspace()
    monkeypatch.setenv("ONE_DEV_URL", f"sqlite:{here.base}/one.db")
    monkeypatch.setenv("TWO_DEV_URL", address)
    answer = here.greylag("status", "*@dev")
    assert answer.lines[2].endswith(word) and "error: " in answer.err and answer.code


def test_a_faulty_folder_is_no_unreachable_database(here: Here) -> None:
    here.workspace()
    (here.base / "services/two/migrations/bad.sql").write_text("")
    answer = here.greylag("status", "*@local")
    assert answer.code == 1 and answer.lines[2].endswith("files at fault")
    alone = here.greylag("status", "two@local")
    assert (alone.code, alone.out) == (1, "") and "bad.sql" in alone.err


def test_what_the_journal_knows_is_in_the_list(there: Here) -> None:
    for version in (1, 2, 9):
        there.write(version)
    there.greylag("up")
    (there.base / "migrations/00009_t.sql").unlink()
    there.write(1, "CREATE TABLE t1 (id bigint);")
    there.write(3, "SELECT 1;\nSELECT nothing;", head="-- +goose NO TRANSACTION\n")
    answer = there.greylag("up", "--allow-missing")
    assert answer.code == 1 and "edited" in answer.err
    there.greylag("resolve", "1", "--mark-applied")
    there.greylag("up", "--allow-missing")
    there.write(1, "CREATE TABLE t1 (id int);")
    lines = there.greylag("status").lines[3:]
    assert lines[0].endswith(" -- 00001_t.sql  edited since it was applied")
    assert lines[2] == "    Unfinished               -- 00003_t.sql"
    assert "stopped at statement 2 of 2 (42703 column" in lines[3]
    assert lines[4] == "    No file here             -- 00009_t.sql"
    assert "    ahead of this checkout by 1: 00009_t.sql" in lines
    assert lines[-1].endswith("greylag resolve 1 --mark-applied")
    (facts,) = there.greylag("status", "--json").json()
    assert facts["ahead"] == [{"version": 9, "file": "00009_t.sql"}]
    assert [each["version"] for each in facts["unfinished"]] == [3]
    assert [each["edited"] for each in facts["migrations"]] == [True, False, False]


def test_an_unfinished_file_that_is_not_here_is_named(there: Here) -> None:
    there.write(1, "SELECT nothing;", head="-- +goose NO TRANSACTION\n")
    there.greylag("up")
    (there.base / "migrations/00001_t.sql").unlink()
    assert any(line.startswith("    00001_t.sql: up began ") for line in there.greylag("status").lines)


def test_a_role_that_may_not_read_the_journal_sees_the_rest(
    there: Here, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    there.write(1)
    there.greylag("up")
    role = f"reader_{database.rpartition('/')[2].partition('?')[0]}"
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {role} LOGIN")
        connection.execute(f"GRANT SELECT ON goose_db_version TO {role}")
    monkeypatch.setenv("DATABASE_URL", database.replace("postgres@", f"{role}@"))
    answer = there.greylag("status")
    assert answer.code == 0 and re.search(r"\d{4} -- 00001_t\.sql", answer.out)
    assert "this role may not read greylag's journal" in answer.lines[-1]
    (facts,) = there.greylag("status", "--json").json()
    assert facts["journal_readable"] is False
    assert there.greylag("history").lines[1] == (
        "  this role may not read greylag's journal. The version table holds:"
    )
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(f"DROP OWNED BY {role}; DROP ROLE {role}")
