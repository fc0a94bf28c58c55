"""``greylag prisma validate`` and its like, by the real Prisma in the place where a project has it."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.peer

SCHEMA = 'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\nmodel A {\n  id Int @id\n%s}\n'


@pytest.fixture
def project(prisma_folder: Path, tmp_path: Path) -> Path:
    """A package with Prisma in it, two folders above its schema."""
    (tmp_path / "node_modules").symlink_to(prisma_folder / "node_modules")
    (tmp_path / "package.json").write_text('{"devDependencies": {"prisma": "6.19.3"}}')
    (tmp_path / "services" / "auth").mkdir(parents=True)
    return tmp_path


def prisma(project: Path, schema: str, *words: str) -> tuple[int, str]:
    file = project / "services" / "auth" / "schema.prisma"
    file.write_text(schema)
    answer = subprocess.run(
        [sys.executable, "-m", "greylag", "prisma", *words, f"--schema={file}"],
        cwd=project / "services",
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(project),
            "DATABASE_URL": "postgresql://user@127.0.0.1:1/db",
            "NO_COLOR": "1",
            "CHECKPOINT_DISABLE": "1",
            "PRISMA_HIDE_UPDATE_MESSAGE": "1",
            # the native engines stay where they are: nothing is fetched
            "PRISMA_QUERY_ENGINE_LIBRARY": "/dev/null",
            "PRISMA_SCHEMA_ENGINE_BINARY": "/dev/null",
        },
        capture_output=True,
        text=True,
        timeout=120,
    )
    return answer.returncode, answer.stdout + answer.stderr


def test_validate_says_what_prisma_says_and_ends_as_it_ends(project: Path) -> None:
    code, said = prisma(project, SCHEMA % "", "validate")
    assert code == 0 and "is valid" in said
    code, said = prisma(project, SCHEMA % "  b Foo\n", "validate")
    assert code == 1 and 'Type "Foo" is neither a built-in type' in said


def test_format_writes_the_file(project: Path) -> None:
    code, said = prisma(project, SCHEMA % "  longer   Int\n", "format")
    assert code == 0, said
    assert "  id     Int @id\n  longer Int\n" in (project / "services" / "auth" / "schema.prisma").read_text()
