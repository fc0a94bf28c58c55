"""Looking at a target and mending it, on SQLite; tests/roads/test_doctor.py does it on PostgreSQL."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from greylag.environments.resolution import Request, Resolution, resolve
from greylag.errors import DatabaseError
from greylag.operations.doctor import Report, examine, repair
from greylag.operations.options import RunOptions
from greylag.operations.up import up

if TYPE_CHECKING:
    from tests.unit.operations.conftest import Ground


def resolution(lite: Ground, dsn: str = "") -> Resolution:
    where = dsn or str(lite.base / "x.db")
    return resolve(Request(str(lite.base), os.environ, dsn=where, folder="migrations"))


def look(lite: Ground, dsn: str = "", folder: str = "") -> Report:
    found = resolution(lite, dsn)
    return examine(found.targets[0], found, {"PATH": ""}, shown_folder=folder or lite.folder)


def worst(report: Report) -> dict[str, str]:
    return {each.check: each.level for each in report.findings if each.level in ("warn", "bad")}


def test_a_sound_target(lite: Ground) -> None:
    lite.write(1, 2)
    list(up(lite.session, lite.folder, RunOptions()))
    report = look(lite)
    assert worst(report) == {} and not report.is_bad and report.repairs == []
    assert report.server is not None and report.server.engine == "sqlite"
    assert [each.check for each in report.findings][:3] == ["programs", "programs", "files"]


def test_a_repair_looks_for_its_fault_again(lite: Ground) -> None:
    lite.write(1)
    list(up(lite.session, lite.folder, RunOptions()))
    lite.ask("INSERT INTO goose_db_version (version_id, is_applied) VALUES (1, 1), (1, 1)")
    lite.ask("DELETE FROM goose_db_version WHERE version_id = 0")
    report = look(lite)
    assert worst(report) == {"duplicates": "warn", "first-row": "warn"} and len(report.repairs) == 2
    for _ in range(2):  # the second time nothing is wrong any more
        repair(report, resolution(lite), {})
        assert lite.versions() == [0, 1]
    assert worst(look(lite)) == {}


def test_a_repair_that_fails_leaves_all_as_it_was(lite: Ground) -> None:
    lite.session.create_history()
    lite.ask("INSERT INTO goose_db_version (version_id, is_applied) VALUES (1, 1), (1, 1)")
    lite.write(1)
    report = look(lite)
    (duplicates,) = [each for each in report.findings if each.repair]
    broken = report._replace(findings=[duplicates, duplicates._replace(repair=("DELETE FROM nowhere",))])
    with pytest.raises(DatabaseError, match="nowhere"):
        repair(broken, resolution(lite), {})
    assert lite.versions() == [0, 1, 1]


def test_no_connection_is_a_finding(lite: Ground) -> None:
    lite.write(1)
    report = look(lite, "postgres://x@127.0.0.1:1/x?sslmode=disable")
    assert report.server is None and report.is_bad
    assert report.findings[-1].check == "connection"
    assert report.findings[-1].next[-1] == "greylag explain G021"


def test_the_folder_is_judged_with_and_without_a_database(lite: Ground) -> None:
    lite.session.create_history()
    assert worst(look(lite)) == {"files": "warn"}
    assert worst(look(lite, folder=str(lite.base / "gone"))) == {"files": "bad"}
