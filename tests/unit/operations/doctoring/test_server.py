"""What is judged of the server; tests/roads/test_doctor.py brings real ones into these states."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.operations.doctoring import server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from greylag.operations.doctoring.finding import Finding, Subject
    from tests.unit.operations.doctoring.conftest import Patient

CHECKS = (
    server.connection, server.version, server.time_zone, server.clock, server.pooler, server.standby,
    server.timeouts, server.headroom, server.replication,
)  # fmt: skip


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_a_sound_server(patient: Patient, check: Callable[[Subject], Iterator[Finding]]) -> None:
    (found,) = check(patient.subject)
    assert (found.level, found.next, found.repair) == ("ok", (), ())


def test_what_a_connection_is_told_as(patient: Patient) -> None:
    (found,) = server.connection(patient.subject)
    assert found.text == "127.0.0.1:5432, database shop, as app, no TLS, 1.2 ms a round trip"
    patient.server = patient.server._replace(host="db.example", port=5433)
    (found,) = server.connection(patient.subject)
    assert found.level == "note" and "sslmode=require" in found.next[0]
    patient.facts["login"]["tls"] = "TLSv1.3"
    (found,) = server.connection(patient.subject)
    assert found.level == "ok" and found.text.startswith("db.example:5433, database shop, as app, TLSv1.3, ")


@pytest.mark.parametrize(
    ("number", "level"),
    [(130012, "bad"), (140000, "note"), (160009, "ok"), (180001, "note"), (190000, "warn")],
)
def test_versions(patient: Patient, number: int, level: str) -> None:
    patient.facts["login"]["number"] = number
    (found,) = server.version(patient.subject)
    assert found.level == level


@pytest.mark.parametrize("name", ["UTC", "Etc/UTC", "utc", "GMT", "Zulu"])
def test_names_of_utc(patient: Patient, name: str) -> None:
    patient.set("TimeZone", name)
    assert [found.level for found in server.time_zone(patient.subject)] == ["ok"]


@pytest.mark.parametrize(
    ("source", "cure"),
    [
        ("database", "ALTER DATABASE shop SET timezone TO 'UTC';"),
        ("configuration file", "ALTER DATABASE shop SET timezone TO 'UTC';"),
        ("user", "ALTER ROLE app SET timezone TO 'UTC';"),
        ("database user", "ALTER ROLE app IN DATABASE shop SET timezone TO 'UTC';"),
        ("global", "ALTER ROLE ALL SET timezone TO 'UTC';"),
        ("client", "take timezone out of the connection string and the environment"),
    ],
)
def test_a_time_zone_is_mended_where_it_comes_from(patient: Patient, source: str, cure: str) -> None:
    patient.set("TimeZone", "Europe/London", source)  # no offset in winter, and not UTC all the same
    (found,) = server.time_zone(patient.subject)
    assert (found.level, found.next) == ("warn", (cure,))


def test_other_roles_time_zones(patient: Patient) -> None:
    given = {"role": "Web", "database": None, "mine": False, "name": "TimeZone", "value": "Asia/Seoul"}
    patient.facts["given"] = [
        given,
        {**given, "mine": True},
        {**given, "value": "UTC"},
        {**given, "name": "work_mem", "value": "1GB"},
    ]
    ok, found = server.time_zone(patient.subject)
    assert ok.level == "ok" and found.next == ("ALTER ROLE \"Web\" SET timezone TO 'UTC';",)


@pytest.mark.parametrize(("ahead", "text"), [(7.0, "7 s ahead of"), (-4000.0, "67 min behind")])
def test_a_clock_that_is_off(patient: Patient, ahead: float, text: str) -> None:
    patient.facts["trip"]["ahead_seconds"] = ahead
    (found,) = server.clock(patient.subject)
    assert found.level == "warn" and f"the server's clock is {text} this machine's" == found.text


def test_a_setting_the_server_does_not_know_is_no_limit(patient: Patient) -> None:
    patient.set("transaction_timeout", "2", unit="min")
    (found,) = server.timeouts(patient.subject)
    assert found.text.startswith("transaction_timeout is 120 s, set by the database shop: ")


def test_headroom(patient: Patient) -> None:
    patient.facts["connections"]["clients"] = 95
    (found,) = server.headroom(patient.subject)
    assert found.text == "95 of 100 connections are taken: a run may find none"
    patient.facts["connections"] |= {"clients": 5, "database_limit": 5}
    (found,) = server.headroom(patient.subject)
    assert found.text == "3 of the 5 connections of this database are taken: a run may find none"
    patient.facts["login"]["superuser"] = True
    (found,) = server.headroom(patient.subject)
    assert found.level == "ok"


def test_standbys(patient: Patient) -> None:
    patient.set("synchronous_standby_names", "far")
    assert [found.level for found in server.replication(patient.subject)] == ["bad"]
    patient.facts["login"]["sees_all"] = False  # then none is seen, though one may be there
    assert [found.level for found in server.replication(patient.subject)] == ["note"]
    patient.facts["standbys"]["waiting"] = 2
    (found,) = server.replication(patient.subject)
    assert (found.level, found.text) == ("bad", "2 commits wait for a synchronous standby")
    patient.facts["standbys"]["waiting"] = 0
    patient.set("synchronous_commit", "local")
    assert [found.level for found in server.replication(patient.subject)] == ["ok"]
