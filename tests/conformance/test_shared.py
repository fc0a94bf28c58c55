"""The scenarios kept beside this checkout, run by their own runner."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.plugins.postgres import PostgresServer

RUNNER = Path(__file__).parents[3] / "shared" / "conformance" / "goose" / "run.py"


def test_every_shared_scenario_but_those_of_clickhouse(postgres: PostgresServer, tmp_path: Path) -> None:
    if not RUNNER.exists():
        pytest.skip("no ../shared/conformance/goose beside this checkout")
    candidate = shlex.join([sys.executable, "-m", "greylag.cli.goose"])
    results = tmp_path / "results.json"
    done = subprocess.run(
        [
            sys.executable,
            str(RUNNER),
            "--candidate",
            candidate,
            "--dsn",
            postgres.url(),
            "--json",
            str(results),
        ],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    reports = {name: report for name, report in json.loads(results.read_text()).items() if name[:3] != "ch_"}
    assert [name for name, report in reports.items() if report] == [], done.stdout
    assert len(reports) > 50
