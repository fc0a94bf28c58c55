"""The example's schema.prisma files follow its databases, and ``schema pull --check`` says so, or what differs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.plugins.embedded import REPOSITORY, SECONDS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.plugins.embedded import Ground

EXAMPLE = REPOSITORY / "examples" / "my-girok"
SERVICES = ("auth-service", "personal-service", "legal-service", "identity-service")
FILES = [
    "services/auth-service/prisma/schema.prisma",
    "services/personal-service/prisma/schema.prisma",
    "services/legal-service/prisma/schema.prisma",
    "services/identity-service/prisma/identity/schema.prisma",
    "services/identity-service/prisma/auth/schema.prisma",
]
MIGRATION = """\
-- +goose Up
ALTER TABLE users ADD COLUMN last_seen_at TIMESTAMPTZ(6);
COMMENT ON COLUMN users.last_seen_at IS 'NULL until the first sign-in';
-- +goose Down
ALTER TABLE users DROP COLUMN last_seen_at;
"""
ADDED = """\
--- a/services/auth-service/prisma/schema.prisma
+++ b/services/auth-service/prisma/schema.prisma
"""


@pytest.fixture
def example(ground: Ground) -> Path:
    """A copy of the example with its PostgreSQL databases up to date."""
    folder = ground.folder("example")
    shutil.copytree(EXAMPLE, folder, dirs_exist_ok=True)
    greylag(folder, "up", *SERVICES)
    return folder


def greylag(folder: Path, *words: str, code: int = 0) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "greylag", *words],
        capture_output=True, text=True, cwd=folder, timeout=2 * SECONDS, stdin=subprocess.DEVNULL,
        env={**os.environ, "NO_COLOR": "1"},
    )  # fmt: skip
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


def test_the_files_follow_the_databases_and_a_migration_is_seen(example: Path) -> None:
    assert greylag(example, "schema", "pull", "--check", "*@local") == f"{', '.join(FILES)} are up to date\n"
    (example / "services/auth-service/migrations/20260401000000_add_last_seen.sql").write_text(MIGRATION)
    greylag(example, "up", "auth-service")
    said = greylag(example, "schema", "pull", "--check", "*@local", code=1)
    assert said.startswith(ADDED)
    assert [line for line in said.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")] == [
        "+  /// NULL until the first sign-in",
        '+  lastSeenAt      DateTime?       @map("last_seen_at") @db.Timestamptz(6)',
    ]
    assert (example / FILES[0]).read_bytes() == (EXAMPLE / FILES[0]).read_bytes()
    assert greylag(example, "schema", "pull", "auth-service").splitlines() == [
        f"wrote {FILES[0]}",
        f"next: greylag prisma generate --schema {FILES[0]}",
    ]
    assert greylag(example, "schema", "pull", "--check", "auth-service") == f"{FILES[0]} is up to date\n"


def test_every_service_on_postgresql_has_its_file() -> None:
    found = {path.relative_to(EXAMPLE).as_posix() for path in EXAMPLE.rglob("schema.prisma")}
    assert found == set(FILES)
