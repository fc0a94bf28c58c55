"""``up`` on the local database with ``schema.sync``: migrations and schema.prisma in one command."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.plugins.embedded import Ground

CONFIG = """\
[schema]
sync = true
[services.one.databases.one]
[services.two.databases.two]
"""
USERS = "CREATE TABLE users (id int PRIMARY KEY)"


@pytest.fixture
def workspace(ground: Ground) -> Path:
    root = ground.workspace
    (root / "greylag.toml").write_text(CONFIG)
    for service in ("one", "two"):
        (root / "services" / service / "migrations").mkdir(parents=True)
        write(root, service, 1, USERS, "DROP TABLE users")
    return root


def write(root: Path, service: str, version: int, up: str, down: str) -> None:
    file = root / "services" / service / "migrations" / f"{version:05d}_step.sql"
    file.write_text(f"-- +goose Up\n{up};\n-- +goose Down\n{down};\n")


def greylag(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "CI"}
    return subprocess.run(
        [sys.executable, "-m", "greylag", *words], capture_output=True, text=True, cwd=root, timeout=120,
        stdin=subprocess.DEVNULL, env={**environment, "NO_COLOR": "1"},
    )  # fmt: skip


def test_migrate_and_pull_in_one_command(workspace: Path) -> None:
    first = greylag(workspace, "up")
    assert first.returncode == 0, first.stderr
    files = {name: workspace / "services" / name / "prisma" / "schema.prisma" for name in ("one", "two")}
    assert [line.strip() for line in first.stdout.splitlines() if "prisma" in line] == [
        "wrote services/one/prisma/schema.prisma",
        "wrote services/two/prisma/schema.prisma",
    ]
    assert greylag(workspace, "schema", "pull", "--check").returncode == 0

    # a file that cannot be pulled onto stops no other database, and is no success
    files["one"].write_text("model users {\n")
    for service in files:
        write(
            workspace, service, 2, "ALTER TABLE users ADD COLUMN email text", "ALTER TABLE users DROP email"
        )
    second = greylag(workspace, "up")
    assert second.returncode == 1
    assert second.stdout.count("OK    00002_step.sql") == 2
    assert "one@local: the run is done, but schema.prisma does not follow" in second.stderr
    assert files["one"].read_text() == "model users {\n"
    assert "email String?" in files["two"].read_text()
