"""What is judged of the version table's rows; tests/roads/test_doctor.py runs the repairs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.operations.doctoring import history

if TYPE_CHECKING:
    from tests.unit.operations.doctoring.conftest import Patient

ALL = (
    history.table, history.columns, history.stamps, history.false_rows, history.duplicates, history.first_row,
    history.orphans, history.sequence,
)  # fmt: skip


def rows(*versions: int) -> list[list[object]]:
    """Rows in order of their ids; a negative version is one taken back, 99 stands for a false row of 0."""
    return [[number, abs(each) % 99, 0 <= each < 99, False] for number, each in enumerate(versions, 1)]


def levels(patient: Patient) -> dict[str, str]:
    found = {check.__name__: list(check(patient.subject)) for check in ALL}
    return {name: each[0].level for name, each in found.items() if each and each[0].level != "ok"}


@pytest.mark.parametrize(
    ("versions", "expected"),
    [
        ((0, 1, 2), {}),
        ((0, 2, 1), {}),
        ((1, 2), {"first_row": "warn"}),
        ((0, 99, 1), {"false_rows": "bad", "first_row": "warn"}),
        ((0, 1, 1, 2), {"duplicates": "warn"}),
        ((0, 1, -1), {"false_rows": "bad"}),
        ((0, 1, -1, 1), {"false_rows": "warn"}),
        ((0, 1, -1, 1, 1), {"false_rows": "warn", "duplicates": "warn"}),
        ((0, 1, 1, -1), {"false_rows": "bad"}),
        ((0, 1, 2, 3), {"orphans": "warn"}),
        ((0, 1, 2, 3, -3), {"false_rows": "bad"}),
    ],
)
def test_rows(patient: Patient, versions: tuple[int, ...], expected: dict[str, str]) -> None:
    patient.facts["rows"] = rows(*versions)
    patient.facts["sequence"] = [len(versions), True]
    assert levels(patient) == expected


def test_no_table_and_no_rows(patient: Patient) -> None:
    patient.facts |= {"rows": []}
    assert levels(patient) == {"table": "bad"}
    patient.facts |= {"rows": None}
    patient.facts["table"] |= {"columns": None, "sequence": None}
    assert levels(patient) == {"table": "note"}


@pytest.mark.parametrize(("last", "called", "sound"), [(3, True, True), (3, False, False), (4, False, True)])
def test_the_next_id(patient: Patient, last: int, called: bool, sound: bool) -> None:
    patient.facts["sequence"] = [last, called]
    assert ("sequence" in levels(patient)) is not sound


def test_columns_of_other_types(patient: Patient) -> None:
    patient.facts["table"]["columns"]["tstamp"]["type"] = "timestamp with time zone"
    assert levels(patient) == {}, "old releases made it so"
    patient.facts["table"]["columns"]["version_id"]["type"] = "text"
    del patient.facts["table"]["columns"]["is_applied"]
    assert [found.level for found in history.columns(patient.subject)] == ["warn", "bad"]


def test_orphans_of_both_kinds(patient: Patient) -> None:
    patient.facts["rows"] = rows(0, 1, 3, *range(5, 15))
    subject = patient.subject._replace(files=(1, 4))
    ahead, deleted = history.orphans(subject)
    assert "versions 5, 6, 7, 8, 9, 10 and 4 more are applied" in ahead.text
    assert deleted.text.startswith("version 3 is applied") and "version_id IN (3)" in deleted.next[-1]
    assert ahead.repair == deleted.repair == ()


def test_a_name_of_a_sequence_may_hold_quotes(patient: Patient) -> None:
    patient.facts["table"]["sequence"] = '"it\'s"'
    patient.facts["sequence"] = [1, True]
    (found,) = history.sequence(patient.subject)
    assert "setval('\"it''s\"', highest)" in found.repair[0] and 'ids, "it\'s" AS counter' in found.repair[0]
