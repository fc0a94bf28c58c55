"""The rehearsal cases of ClickHouse kept beside this checkout: what their Down does not restore is seen."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from greylag.databases.clickhouse.session import ClickhouseSession
from greylag.errors import DatabaseError
from greylag.migrations.parser import parse
from greylag.model.migration import Migration
from greylag.schema.comparison.comparison import compare

if TYPE_CHECKING:
    from greylag.model.catalog.catalog import Catalog
    from greylag.model.migration import Direction
    from tests.plugins.clickhouse import ClickhouseServer

CASES = Path(__file__).parents[3] / "shared" / "conformance" / "rehearse" / "cases"


class Rehearsal:
    """Up, Down and Up again of the last file of a case; the catalog before and after each."""

    def __init__(self, case: Path, session: ClickhouseSession) -> None:
        self.session = session
        self.catalogs: list[Catalog] = []
        *before, last = sorted((case / "migrations").glob("*.sql"))
        for path in before:
            self.run(path, "up")
        if (case / "data.sql").exists():
            for text in (case / "data.sql").read_text().split(";\n"):
                if text.strip():
                    session.link().execute(text)
        self.catalogs.append(session.catalog())
        try:
            for direction in ("up", "down", "up"):
                self.run(last, direction)
                self.catalogs.append(session.catalog())
        except DatabaseError:
            pass  # what fails is the case's to say

    def run(self, path: Path, direction: Direction) -> None:
        for statement in parse(Migration(1, str(path)), direction).statements:
            self.session.link().execute(statement.text)

    def seen(self, stage: str) -> set[tuple[str, str, str]]:
        first, second = (1, 3) if stage == "up-again" else (0, 2)
        if len(self.catalogs) <= second:
            return set()
        changes = compare(self.catalogs[first], self.catalogs[second])
        return {(change.kind, change.name.rpartition(".")[2], change.what) for change in changes}


def wanted(case: dict[str, Any], stage: str) -> set[tuple[str, str, str]]:
    return {
        (each["kind"], each["name"].rpartition(".")[2], each["what"])
        for each in case.get("difference", ())
        if each.get("stage", "down") == stage
    }


@pytest.mark.parametrize("name", sorted(path.name for path in CASES.glob("ch_*")) or ["none"])
def test_what_down_leaves(name: str, clickhouse: ClickhouseServer, clickhouse_database: str) -> None:
    if name == "none":
        pytest.skip("no ../shared/conformance/rehearse beside this checkout")
    case = tomllib.loads((CASES / name / "case.toml").read_text())
    session = ClickhouseSession(clickhouse.url(clickhouse_database), "goose_db_version")
    rehearsal = Rehearsal(CASES / name, session)
    session.close()
    assert len(rehearsal.catalogs) >= 2
    if case["down"] == "irreversible":
        return
    for stage in ("down", "up-again"):
        assert rehearsal.seen(stage) == wanted(case, stage), stage
