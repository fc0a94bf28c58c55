"""A workspace's ClickHouse database on the embedded engine: made, migrated for a cluster, looked at, taken back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.plugins.clickhouse import MISSING, is_there

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = '[services.audit.databases.audit_db]\nengine = "clickhouse"\n'
EVENTS = """\
-- +goose Up
CREATE TABLE events ON CLUSTER '{cluster}' (id UUID DEFAULT generateUUIDv7(), at DateTime64(3, 'UTC'))
ENGINE = ReplicatedMergeTree('/tables/{shard}/events', '{replica}') ORDER BY at;
-- +goose Down
DROP TABLE events ON CLUSTER '{cluster}';
"""
KIND = """\
-- +goose Up
ALTER TABLE audit_db.events ON CLUSTER '{cluster}' ADD COLUMN kind LowCardinality(String);
INSERT INTO events (at, kind) VALUES (now64(3), 'login');
-- +goose Down
ALTER TABLE audit_db.events ON CLUSTER '{cluster}' DROP COLUMN kind;
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    if not is_there():
        pytest.skip(MISSING)
    folder = tmp_path / "services" / "audit" / "migrations"
    folder.mkdir(parents=True)
    (tmp_path / "greylag.toml").write_text(CONFIG)
    (folder / "00001_events.sql").write_text(EVENTS)
    (folder / "00002_kind.sql").write_text(KIND)
    return tmp_path


def greylag(workspace: Path, *words: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "greylag", *words], capture_output=True, text=True, cwd=workspace, timeout=120,
        stdin=subprocess.DEVNULL, env={**os.environ, "NO_COLOR": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done


def states(workspace: Path) -> list[str]:
    found = json.loads(greylag(workspace, "status", "audit", "--json").stdout)
    (target,) = found
    return [migration["state"] for migration in target["migrations"]]


def test_there_and_back(workspace: Path) -> None:
    assert states(workspace) == ["pending", "pending"]
    up = greylag(workspace, "up", "audit")
    assert "00002_kind.sql" in up.stdout + up.stderr
    assert (up.stdout + up.stderr).count("ON CLUSTER and Replicated engines run as local ones") == 1
    assert states(workspace) == ["applied", "applied"]
    assert (workspace / ".greylag" / "clickhouse" / "audit_db" / "store").is_dir()
    greylag(workspace, "down", "audit", "--yes")
    assert states(workspace) == ["applied", "pending"]
    doctor = greylag(workspace, "doctor", "audit")
    assert "every applied version has its file" in doctor.stdout
    assert "ClickHouse 2" in doctor.stdout + doctor.stderr
