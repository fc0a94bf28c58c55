"""What is judged of leftovers; tests/roads/test_doctor.py leaves real ones behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from greylag.model.care import Attempt, Unfinished
from greylag.operations.doctoring import leftovers

if TYPE_CHECKING:
    from tests.unit.operations.doctoring.conftest import Patient

PROCESS = {"pid": 7, "role": "app", "application": "greylag up", "client": "10.0.0.9", "seconds": 600}
INDEX = {
    "name": "i", "table": "t", "valid": False, "partitioned": False, "constraint": None,
    "leftover": False, "building": False,
}  # fmt: skip


def test_nothing_left(patient: Patient) -> None:
    patient.more = {"unfinished": ()}
    for check in (
        leftovers.lock, leftovers.processes, leftovers.indexes, leftovers.constraints, leftovers.prepared,
        leftovers.unfinished,
    ):  # fmt: skip
        assert [found.level for found in check(patient.subject)] == ["ok"]


@pytest.mark.parametrize(
    ("state", "seconds", "level"),
    [
        ("idle in transaction", 59, "note"),
        ("idle in transaction", 60, "bad"),
        ("idle in transaction (aborted)", 600, "bad"),
        ("active", 9000, "note"),
        ("idle", 5, "note"),
        ("idle", 600, "warn"),
        (None, 600, "note"),
    ],
)
def test_processes(patient: Patient, state: str | None, seconds: int, level: str) -> None:
    patient.facts["processes"] = [{**PROCESS, "state": state, "seconds": seconds}]
    (found,) = leftovers.processes(patient.subject)
    assert found.level == level
    assert found.text.startswith("process 7 of app from 10.0.0.9 (greylag up) ")
    assert "pg_terminate_backend(7)" in found.next[0]


def test_a_role_that_sees_no_others_processes(patient: Patient) -> None:
    patient.facts["login"]["sees_all"] = False
    ok, found = leftovers.processes(patient.subject)
    assert (ok.level, found.level, found.next) == ("ok", "note", ("GRANT pg_read_all_stats TO app;",))


@pytest.mark.parametrize(("idle", "level"), [(2, "note"), (600, "warn")])
def test_the_lock(patient: Patient, idle: int, level: str) -> None:
    patient.facts["lock"] = [{**PROCESS, "state": "idle", "idle_seconds": idle}]
    (found,) = leftovers.lock(patient.subject)
    assert (found.level, "held" in found.text, "holds it" in found.text) == (level, False, True)


def test_a_holder_that_cannot_be_seen(patient: Patient) -> None:
    hidden = dict.fromkeys(("role", "application", "state", "client", "seconds", "idle_seconds"))
    patient.facts["lock"] = [{**hidden, "pid": 8}]
    (found,) = leftovers.lock(patient.subject)
    assert found.text.startswith("process 8 of a role that cannot be seen holds it")


@pytest.mark.parametrize(
    ("changes", "level", "step"),
    [
        ({}, "bad", "DROP INDEX CONCURRENTLY i;"),
        ({"constraint": "c"}, "bad", "REINDEX INDEX CONCURRENTLY i;"),
        ({"partitioned": True}, "warn", "build it on every partition"),
        ({"leftover": True}, "warn", "DROP INDEX CONCURRENTLY i;"),
        ({"leftover": True, "valid": True}, "warn", "DROP INDEX CONCURRENTLY i;"),
        ({"building": True}, "ok", ""),
    ],
)
def test_indexes(patient: Patient, changes: dict[str, Any], level: str, step: str) -> None:
    patient.facts["indexes"] = [{**INDEX, **changes}]
    (found,) = leftovers.indexes(patient.subject)
    assert found.level == level and "".join(found.next).startswith(step)


def test_prepared_transactions_are_quoted(patient: Patient) -> None:
    patient.facts["prepared"] = [{"gid": "it's", "owner": "app", "seconds": 7300}]
    (found,) = leftovers.prepared(patient.subject)
    assert found.next[0] == "ROLLBACK PREPARED 'it''s';" and "for 2 h" in found.text


def test_files_that_were_broken_off(patient: Patient) -> None:
    attempts = (Attempt(1, b"", "done", False), Attempt(2, b"", "begun", True))
    one = Unfinished(9, "up", "9_x.sql", None, "ann", "desk", 7, "", attempts)
    patient.more = {"unfinished": (one,)}
    (found,) = leftovers.unfinished(patient.subject)
    assert found.level == "bad" and "after 1 of its statements, run by ann on desk" in found.text
    patient.more = {"unread": "permission denied"}
    (found,) = leftovers.unfinished(patient.subject)
    assert (found.level, found.text) == ("warn", "the journal cannot be read: permission denied")
    patient.more = {}
    assert list(leftovers.unfinished(patient.subject)) == [], "an engine without a journal"
