"""The real Prisma 6.19.3 on the same databases: the golden cases are what it writes, and greylag with it."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import psycopg
import pytest

from greylag.operations.prisma_pull import pull
from tests.golden import pull_cases

if TYPE_CHECKING:
    from pathlib import Path

CASES = ("several-schemas", "kept-relations", "kept-enums", "views")
"""One of each kind: a pull by Prisma takes one to two seconds."""


def real_pull(folder: Path, url: str, path: Path) -> None:
    stub = str(folder / "engine-stub.so.node")  # any file there is keeps it from looking for native programs
    environ = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": url,
        "PRISMA_QUERY_ENGINE_LIBRARY": stub,
        "PRISMA_SCHEMA_ENGINE_BINARY": stub,
        "PRISMA_HIDE_UPDATE_MESSAGE": "1",
        "CHECKPOINT_DISABLE": "1",
        "NO_COLOR": "1",
    }
    words = ["node", "node_modules/prisma/build/index.js", "db", "pull", "--schema", str(path)]
    done = subprocess.run(
        words, cwd=folder, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.peer
@pytest.mark.parametrize("case", CASES)
def test_the_same_bytes_twice(prisma_folder: Path, case: str, database: str, tmp_path: Path) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(pull_cases.read(case, "schema.sql"))  # type: ignore[call-overload]
    theirs, ours = tmp_path / "theirs.prisma", tmp_path / "ours.prisma"
    for path in (theirs, ours):
        path.write_text(pull_cases.read(case, "before.prisma", pull_cases.HEAD), encoding="utf-8")
    real_pull(prisma_folder, database, theirs)
    pull(database, str(ours), {}, lambda place: None)
    assert theirs.read_text(encoding="utf-8") == ours.read_text(encoding="utf-8")
    assert ours.read_text(encoding="utf-8") == pull_cases.read(case, "expected.prisma")
