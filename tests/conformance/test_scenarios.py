"""The ``goose`` script in every recorded situation, compared with what goose itself did there."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from tests.conformance.scenario import SCENARIOS, Scenario
from tests.plugins.clickhouse import MISSING, is_there

if TYPE_CHECKING:
    from pathlib import Path

    from tests.plugins.postgres import PostgresServer

GOOSE = (sys.executable, "-m", "greylag.cli.goose")
NAMES = sorted(found.parent.name for found in SCENARIOS.glob("*/scenario.toml"))


def test_there_are_scenarios_for_every_part() -> None:
    assert len(NAMES) > 60


@pytest.mark.parametrize("name", NAMES)
def test_scenario(name: str, tmp_path: Path, postgres: PostgresServer) -> None:
    if 'engine = "clickhouse"' in (SCENARIOS / name / "scenario.toml").read_text() and not is_there():
        pytest.skip(MISSING)
    expected = json.loads((SCENARIOS / name / "expected.json").read_text())["steps"]
    steps = Scenario(SCENARIOS / name, tmp_path, postgres).play(GOOSE)
    assert len(steps) == len(expected)
    for number, (kept, recorded) in enumerate(zip(steps, expected, strict=True), 1):
        for part in ("rc", "stderr", "stdout", "versions", "query", "files", "schema"):
            assert kept.get(part) == recorded.get(part), f"step {number} {recorded['args']}: {part}"
