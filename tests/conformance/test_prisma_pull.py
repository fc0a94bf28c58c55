"""The same schema.prisma as Prisma's: the shared recordings, and golden cases of this project's own."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from greylag.errors import PrismaError
from greylag.operations.prisma_pull import pull
from tests.golden import pull_cases

if TYPE_CHECKING:
    from tests.plugins.postgres import PostgresServer

RUNNER = Path(__file__).parents[3] / "shared" / "conformance" / "prisma" / "run.py"
CANDIDATE = shlex.join([sys.executable, "-m", "greylag", "prisma", "db", "pull"])


def test_every_shared_recording(postgres: PostgresServer) -> None:
    if not RUNNER.exists():
        pytest.skip("no ../shared/conformance/prisma beside this checkout")
    dsn = postgres.url().partition("?")[0]
    words = [sys.executable, str(RUNNER), "--dsn", dsn, "--warnings", "--candidate", CANDIDATE]
    done = subprocess.run(words, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    passed, _, rest = done.stdout.splitlines()[-1].partition(" passed, ")
    assert rest == "0 failed", done.stdout + done.stderr
    assert int(passed) >= 69


@pytest.mark.parametrize("case", pull_cases.CASES)
def test_golden(case: str, database: str, tmp_path: Path) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(pull_cases.read(case, "schema.sql"))
    before = pull_cases.read(case, "before.prisma", pull_cases.HEAD)
    path = tmp_path / "schema.prisma"
    path.write_bytes(before.encode())
    schema = pull_cases.read(case, "schema.txt").strip()
    url = f"{database}&schema={schema}" if schema else database
    error = pull_cases.read(case, "expected.error.txt").strip()
    if error:
        with pytest.raises(PrismaError) as raised:
            pull(url, str(path), {}, lambda place: None)
        assert raised.value.prisma_code == error
        assert path.read_bytes().decode() == before
        return
    found = pull(url, str(path), {}, lambda place: None)
    assert path.read_bytes().decode() == pull_cases.read(case, "expected.prisma")
    assert found.warnings.rstrip("\n") == pull_cases.read(case, "expected.warnings.txt").rstrip("\n")
