"""What is judged of a role's rights; tests/roads/test_doctor.py takes them from real ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from greylag.operations.doctoring import rights

if TYPE_CHECKING:
    from tests.unit.operations.doctoring.conftest import Patient


def test_a_role_with_all_it_needs(patient: Patient) -> None:
    for check in (rights.role, rights.create, rights.history_rights, rights.owners):
        assert [found.level for found in check(patient.subject)] == ["ok"]


def test_a_superuser_is_fine_on_ones_own_machine_only(patient: Patient) -> None:
    patient.facts["login"]["superuser"] = True
    assert [found.level for found in rights.role(patient.subject)] == ["ok"]
    patient.server = patient.server._replace(host="db.example")
    assert [found.level for found in rights.role(patient.subject)] == ["warn"]
    patient.target = patient.target._replace(environment="local")
    assert [found.level for found in rights.role(patient.subject)] == ["ok"]


def test_names_are_quoted_where_they_have_to_be(patient: Patient) -> None:
    patient.facts["table"]["schema"] = "Odd one"
    patient.facts["rights"]["schemas"] = {"Odd one": False}
    patient.facts["login"]["role"] = "my-app"
    (found,) = rights.create(patient.subject)
    assert found.next == ('GRANT CREATE ON SCHEMA "Odd one" TO "my-app";',)


def test_without_a_table_there_are_no_rights_on_it(patient: Patient) -> None:
    patient.facts["table"]["there"] = False
    assert list(rights.history_rights(patient.subject)) == []


def test_many_tables_of_others_are_not_all_listed(patient: Patient) -> None:
    stranger = {"schema": "public", "owner": "old"}
    patient.facts["strangers"] = [{**stranger, "name": f"t{number}"} for number in range(7)]
    patient.facts["strangers"].append({"schema": "elsewhere", "name": "x", "owner": "other"})
    (found,) = rights.owners(patient.subject)
    assert found.text.endswith(": t0, t1, t2, t3, t4 and 2 more")
    assert found.next == ("GRANT old TO app;",)
