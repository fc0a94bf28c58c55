"""The example's ClickHouse services keep rows as long as the workspace says, and are what their files make."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.plugins.clickhouse import MISSING, is_there

EXAMPLE = Path(__file__).parents[2] / "examples" / "my-girok"
FOLDER = "services/audit-service/migrations"
TARGETS = ("audit-service@local", "analytics-service@local")


class Workspace:
    """A copy of the example, and greylag run in it."""

    def __init__(self, base: Path) -> None:
        self.base = base / "my-girok"
        shutil.copytree(EXAMPLE, self.base, ignore=shutil.ignore_patterns(".greylag"))

    def greylag(self, *words: str, code: int = 0) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "greylag", *words],
            cwd=self.base, capture_output=True, text=True, env={**os.environ, "TZ": "UTC"},
        )  # fmt: skip
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout

    def retention(self, *words: str, code: int = 0) -> dict[str, Any]:
        (found,) = json.loads(self.greylag("retention", *words, "--json", code=code))
        assert isinstance(found, dict)
        return found


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    if not is_there():
        pytest.skip(MISSING)
    return Workspace(tmp_path)


def test_the_example(workspace: Workspace) -> None:
    workspace.greylag("up", *TARGETS)
    audit, analytics = (workspace.retention(target) for target in TARGETS)
    assert (audit["min"], audit["max"], audit["bad"]) == ("5 years", "5 years", False)
    assert {each["table"]: each["keeps"] for each in audit["tables"]} == {
        "audit_events": "5 years by toDateTime(occurred_at)"
    }
    assert (analytics["min"], analytics["max"], analytics["bad"]) == ("90 days", "1 year", False)
    assert {each["table"] for each in analytics["tables"]} == {"events", "sessions", "daily_activity"}
    assert workspace.greylag("drift", *TARGETS).count("as its migrations make it") == 2


def test_another_agreement(workspace: Workspace) -> None:
    """What is proposed goes into a migration, and then nothing is wrong."""
    config = workspace.base / "greylag.toml"
    config.write_text(config.read_text().replace('retention = "5 years"', 'retention = "7 years"'))
    workspace.greylag("up", TARGETS[0])
    found = workspace.retention(TARGETS[0], code=1)
    (table,) = found["tables"]
    assert [each["kind"] for each in table["problems"]] == ["too-short"] and table["fix_deletes"] is None
    new = json.loads(workspace.greylag("new", "keep_longer", "--dir", FOLDER, "--json"))["file"]
    text = f"-- +goose Up\n{table['fix']};\n-- +goose Down\nSELECT 1;\n"
    (workspace.base / new).write_text(text)
    workspace.greylag("up", TARGETS[0])
    assert workspace.retention(TARGETS[0])["tables"][0]["keeps"] == "7 years by toDateTime(occurred_at)"
