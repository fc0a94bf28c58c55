from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

    from tests.unit.cli.conftest import Here


def names(here: Here) -> list[str]:
    return sorted(path.name for path in (here.base / "migrations").iterdir())


def test_new_prints_the_path_of_what_it_made(here: Here) -> None:
    answer = here.greylag("new", "Add Users")
    (path,) = answer.lines
    assert re.fullmatch(r"migrations/\d{14}_add_users\.sql", path) and (here.base / path).exists()
    facts = here.greylag("new", "more", "--json").json()
    assert (here.base / facts["file"]).exists() and str(facts["version"]) in facts["file"]
    assert len(names(here)) == 2
    assert here.greylag("new", "!!!").code == 2
    assert here.greylag("new", "x", "--dir", "no/where").code == 1


def test_new_for_a_target(here: Here) -> None:
    here.workspace()
    assert here.greylag("new", "x", "two").lines == ["services/two/migrations/00002_x.sql"]
    answer = here.greylag("new", "x")
    assert answer.code == 2 and "name one of one@local, two@local" in answer.err


def test_new_reverses_a_version(here: Here) -> None:
    here.write(1)
    here.write(2)
    assert here.greylag("new", "--reverse", "2").lines == ["migrations/00003_reverse_t.sql"]
    facts = here.greylag("new", "--reverse-to", "1", "--json").json()
    file = {"file": "migrations/00004_reverse_reverse_t_and_1_more.sql", "version": 4}
    assert facts == {**file, "files": [file]}
    text = (here.base / file["file"]).read_text()
    assert text.index("CREATE TABLE t2") < text.index("DROP TABLE t2")


def test_new_reverses_for_a_target(here: Here) -> None:
    here.workspace()
    made = here.greylag("new", "two@prod", "--reverse", "1").lines
    assert made == ["services/two/migrations/00002_reverse_t.sql"]


def test_new_wants_a_name_or_a_reversal_and_not_both(here: Here) -> None:
    here.write(1)
    answer = here.greylag("new")
    assert answer.code == 2 and "greylag new --reverse VERSION" in answer.err
    answer = here.greylag("new", "x", "one", "--reverse", "1")
    assert answer.code == 2 and "leave out x" in answer.err
    assert here.greylag("new", "x", "--from-journal").code == 2
    answer = here.greylag("new", "--reverse", "7")
    assert answer.code == 1 and "version 7 has no file here" in answer.err
    answer = here.greylag("new", "--reverse", "7", "--from-journal")
    assert answer.code == 1 and "no journal" in answer.err
    assert names(here) == ["00001_t.sql"]


def test_new_writes_a_form(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("new", "tags", "--template", "not-null", "--on", "birds", "--column", "tag")
    answer = here.greylag(*words)
    assert answer.code == 2 and "this target is sqlite" in answer.err and names(here) == []
    monkeypatch.delenv("DATABASE_URL")
    facts = here.greylag(*words, "--json").json()
    versions = [each["version"] for each in facts["files"]]
    assert [each["file"].rpartition("_")[2] for each in facts["files"]] == [
        "fill.sql", "check.sql", "validate.sql", "set.sql",
    ]  # fmt: skip
    assert versions == sorted(versions) and len(set(versions)) == 4
    assert (facts["file"], facts["version"]) == (facts["files"][0]["file"], versions[0])


def test_the_engine_of_a_target_is_the_workspaces(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    here.workspace()
    monkeypatch.delenv("DATABASE_URL")
    answer = here.greylag("new", "x", "one", "--template", "index")
    assert answer.code == 2 and "this target is sqlite" in answer.err and "no CONCURRENTLY" in answer.err


def test_blanks_are_for_a_template(here: Here) -> None:
    assert here.greylag("new", "x", "--on", "birds").code == 2
    answer = here.greylag("new", "--reverse", "1", "--template", "index")
    assert answer.code == 2 and "leave out --template" in answer.err
    assert names(here) == []


def test_the_templates_that_can_be_chosen_are_all(here: Here) -> None:
    from greylag.operations.template import FORMS

    answer = here.greylag("new", "x", "--template", "nothing")
    assert answer.code == 2 and all(f"'{form}'" in answer.err for form in FORMS)


def test_create_leads_to_new(here: Here) -> None:
    answer = here.greylag("create", "users", "sql")
    assert answer.code == 2 and "greylag new users" in answer.err
    assert names(here) == []


def test_validate_tells_every_fault_at_once(here: Here) -> None:
    here.write(1)
    here.write(2)
    assert here.greylag("validate").lines == [
        "file         transaction  up  down",
        "00001_t.sql  yes          1   1",
        "00002_t.sql  yes          1   1",
        "2 sound, 0 faults",
    ]
    for name, text in {
        "2_dup.sql": "-- +goose Up\nSELECT 1;",
        "3_bad.sql": "SELECT 1;",
        "noname.sql": "",
    }.items():
        (here.base / "migrations" / name).write_text(text)
    answer = here.greylag("validate")
    assert answer.code == 1 and answer.lines[-1] == "3 sound, 3 faults"
    assert answer.err.count("error: ") == 3
    assert "--> migrations/3_bad.sql:1:1" in answer.err and "noname.sql" in answer.err
    assert "version 2 is carried by two files: migrations/00002_t.sql and migrations/2_dup.sql" in answer.err
    facts = here.greylag("validate", "--json").json()
    assert (len(facts["files"]), sorted(fault["code"] for fault in facts["faults"])) == (
        3,
        ["G010", "G010", "G011"],
    )
    assert here.greylag("validate", "--dir", "nowhere").code == 1


def test_validate_tells_what_up_will_trip_over(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    here.write(1, up="VACUUM;")
    here.write(2, up="VACUUM;\nVACUUM;", head="-- +goose NO TRANSACTION\n")
    assert here.greylag("validate").lines[-1] == "2 sound, 0 faults"  # DATABASE_URL is SQLite's
    monkeypatch.delenv("DATABASE_URL")
    answer = here.greylag("validate")
    assert answer.code == 1 and answer.lines[-1] == "1 sound, 1 fault, 1 note"
    assert "error: VACUUM: PostgreSQL refuses it in a transaction (25001)" in answer.err
    assert "--> migrations/00001_t.sql:2:1" in answer.err and "note: 2 statements" in answer.err
    findings = here.greylag("validate", "--json").json()["findings"]
    assert [(each["rule"], each["file"], each["line"]) for each in findings] == [
        ("concurrently-in-transaction", "migrations/00001_t.sql", 2),
        ("no-transaction-multi", "migrations/00002_t.sql", 4),
    ]


def test_notes_alone_do_not_fail(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    here.write(2, up="VACUUM;\nVACUUM;", head="-- +goose NO TRANSACTION\n")
    monkeypatch.delenv("DATABASE_URL")
    answer = here.greylag("validate")
    assert answer.code == 0 and answer.lines[-1] == "1 sound, 0 faults, 1 note"


def test_validate_of_several_targets_says_which_file_is_whose(here: Here) -> None:
    here.workspace()
    lines = here.greylag("validate").lines
    assert [line.split()[0] for line in lines[1:3]] == [
        "services/one/migrations/00001_t.sql",
        "services/two/migrations/00001_t.sql",
    ]


def test_fix_renumbers_and_a_dry_run_does_not(here: Here) -> None:
    stamped = "20240101000000_a.sql"
    (here.base / "migrations" / stamped).write_text("-- +goose Up\n")
    expected = [f"{stamped} -> 00001_a.sql"]
    assert here.greylag("fix", "--dry-run").lines == expected and names(here) == [stamped]
    facts = here.greylag("fix", "--dry-run", "--json").json()
    assert facts == [{"from": stamped, "to": "00001_a.sql"}]
    assert here.greylag("fix").lines == expected and names(here) == ["00001_a.sql"]
    assert here.greylag("fix").lines == ["nothing to renumber"]
