"""The scenarios kept beside this checkout, run by their own runners."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.plugins.clickhouse import MISSING, is_there

if TYPE_CHECKING:
    from tests.plugins.postgres import PostgresServer

RUNNERS = Path(__file__).parents[3] / "shared" / "conformance"
CANDIDATE = shlex.join([sys.executable, "-m", "greylag.cli.goose"])


def run(runner: Path, *words: str) -> subprocess.CompletedProcess[str]:
    if not runner.exists():
        pytest.skip(f"no ../shared/conformance/{runner.parent.name} beside this checkout")
    command = [sys.executable, str(runner), "--candidate", CANDIDATE, *words]
    return subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)


def test_every_shared_scenario(postgres: PostgresServer, tmp_path: Path) -> None:
    results = tmp_path / "results.json"
    done = run(RUNNERS / "goose" / "run.py", "--dsn", postgres.url(), "--json", str(results))
    reports = json.loads(results.read_text())
    assert [name for name, report in reports.items() if report] == [], done.stdout
    assert len(reports) > 50
    # the runner leaves them out by itself where the engine is not installed
    assert len([name for name in reports if name.startswith("ch_")]) == (4 if is_there() else 0)


def test_every_shared_recording_of_clickhouse() -> None:
    if not is_there():
        pytest.skip(MISSING)
    done = run(RUNNERS / "goose-clickhouse" / "run.py")
    passed, _, rest = done.stdout.splitlines()[-1].partition(" passed, ")
    assert rest == "0 failed", done.stdout
    assert int(passed) >= 16
