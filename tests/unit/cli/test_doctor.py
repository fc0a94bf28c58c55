"""What ``greylag doctor`` prints; tests/roads/test_doctor.py has its findings on PostgreSQL."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

    from tests.unit.cli.conftest import Here


def test_a_report_in_lines(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    here.write(1)
    here.greylag("up")
    answer = here.greylag("doctor")
    assert answer.code == 0 and answer.err == ""
    assert answer.lines[0].startswith("migrations: SQLite ") and "x.db" in answer.lines[0]
    assert answer.lines[1:] == [
        f"  note  programs        {answer.lines[1].partition('programs')[2].strip()}",
        "                        next: put the folder of its script on PATH",
        "  note  programs        no goose on PATH",
        "                        next: greylag goose is the same program",
        "  ok    files           1 migration in migrations",
        "  ok    file            x.db can be written",
        "  ok    version-table   goose_db_version has 2 rows",
        "  ok    orphans         every applied version has its file",
        "  nothing is wrong",
    ]


def test_a_fault_with_its_repair(here: Here) -> None:
    here.write(1)
    here.greylag("up")
    with closing(sqlite3.connect(here.base / "x.db")) as connection:
        connection.execute("DELETE FROM goose_db_version")
        connection.commit()
    answer = here.greylag("doctor")
    assert answer.code == 1
    said = "goose_db_version is empty: goose says 'no next version found' and does nothing"
    assert f"  bad   version-table   {said}" in answer.lines
    assert answer.lines[-1] == "  1 bad"
    shown = next(line for line in answer.lines if "--repair runs: " in line)
    mended = here.greylag("doctor", "--repair")
    assert f"  mended  {shown.partition('runs: ')[2]}" == mended.lines[1]
    assert mended.code == 0 and mended.lines[-1] == "  nothing is wrong"


def test_levels_have_their_colours(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    here.write(1)
    answer = here.greylag(
        "doctor", "--dsn", "postgres://x:secret@127.0.0.1:1/x?sslmode=disable", "--dir", "migrations"
    )
    assert "\033[1;31mbad \033[0m" in answer.out and "\033[32mok  \033[0m" in answer.out
    assert "secret" not in answer.out + answer.err


def test_flags_that_do_not_go_together(here: Here) -> None:
    assert "--run goes with --in-cluster" in here.greylag("doctor", "--run").err
    assert here.greylag("doctor", "--in-cluster", "--repair").code == 2


def test_a_report_as_json(here: Here) -> None:
    here.write(1)
    (found,) = here.greylag("doctor", "--json").json()
    assert found["bad"] is False and found["server"]["engine"] == "sqlite" and found["repaired"] == []
    assert {each["level"] for each in found["checks"]} <= {"ok", "note"}
