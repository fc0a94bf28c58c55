"""The table of checks: names, order, and what becomes of one that cannot see."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from greylag.operations.doctoring.checks import CHECKS, judge

if TYPE_CHECKING:
    from tests.unit.operations.doctoring.conftest import Patient

PAGE = Path(__file__).parents[4] / "docs" / "how-to" / "check-a-database.md"


def test_every_slug_is_there_once_and_on_the_page() -> None:
    slugs = [check.slug for check in CHECKS]
    assert len(set(slugs)) == len(slugs) > 20
    named = re.findall(
        r"^\| `([a-z-]+)` \|", PAGE.read_text("utf-8").partition("## The checks")[2], re.MULTILINE
    )
    assert sorted(named) == sorted([*slugs, "programs", "prisma", "files", "embedded"])


def test_a_sound_target_has_a_line_of_every_check_that_is_never_silent(patient: Patient) -> None:
    found = list(judge(patient.subject))
    assert {each.level for each in found} == {"ok", "note"}
    assert [each.check for each in found if each.level == "note"] == ["goose"]
    silent = {"file", "times", "false-rows", "duplicates", "first-row", "unfinished", "hosts", "retention"}
    assert {each.check for each in found} == {check.slug for check in CHECKS} - silent


def test_what_cannot_be_seen_is_told_once_per_reason(patient: Patient) -> None:
    for section in ("rows", "sequence"):
        del patient.facts[section]
        patient.unseen[section] = "permission denied for table goose_db_version"
    del patient.facts["prepared"]
    patient.unseen["prepared"] = "permission denied for view pg_prepared_xacts"
    hidden = [each for each in judge(patient.subject) if each.level == "warn"]
    assert [(each.check, each.text) for each in hidden] == [
        ("version-table", "cannot be seen as app: permission denied for table goose_db_version"),
        ("prepared", "cannot be seen as app: permission denied for view pg_prepared_xacts"),
    ]


def test_a_section_an_engine_has_not_is_no_check(patient: Patient) -> None:
    patient.facts = {"rows": None}
    assert [each.check for each in judge(patient.subject)] == ["version-table"]
