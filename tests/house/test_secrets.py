"""A password in a connection string appears in no output, but where the whole string is asked for."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.plugins.embedded import SECONDS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.plugins.postgres import PostgresServer

SECRET = "Tr0ub4dor%263"
PLAIN = "Tr0ub4dor&3"
FACES = {"greylag": "greylag.cli.main", "goose": "greylag.cli.goose.main"}
TABLE = "-- +goose Up\nCREATE TABLE {0} (id int);\n-- +goose Down\nDROP TABLE {0};\n"
FAILING = "-- +goose Up\nSELECT nope;\n-- +goose Down\nSELECT 1;\n"

VERBS = (
    "up --dry-run", "plan --sql", "status", "status --json", "version", "up", "up --json", "up-by-one", "down --json",
    "redo", "down-to 0", "up-to 2 --json", "reset", "validate", "validate --json", "server status", "init --check",
    "doctor", "doctor --json", "fix --dry-run", "new x --json", "up --nope", "statsu",
)  # fmt: skip
GOOSE = (
    "up", "status", "version", "up-by-one", "down", "redo", "up-to 2", "reset", "down-to 0", "-v up", "-v validate",
    "create x sql", "fix", "nope", "-nope",
)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations/1_a.sql").write_text(TABLE.format("a"))
    (tmp_path / "migrations/2_b.sql").write_text(FAILING)
    return tmp_path


def output(face: str, words: list[str], folder: Path, **variables: str) -> str:
    """All that a command prints, and the report of a crash would be named in it."""
    done = subprocess.run(
        [sys.executable, "-c", f"from {FACES[face]} import main; main()", *words],
        capture_output=True, text=True, cwd=folder, timeout=SECONDS, stdin=subprocess.DEVNULL,
        env={**os.environ, "XDG_DATA_HOME": str(folder / "xdg"), **variables},
    )  # fmt: skip
    assert done.returncode in (0, 1, 2), done.stderr
    return done.stdout + done.stderr


def addresses(postgres: PostgresServer, database: str) -> dict[str, str]:
    """One that works and several that fail, each in its own way."""
    good = database.replace("postgres@", f"postgres:{SECRET}@")
    return {
        "good": good,
        "no server": f"postgres://ann:{SECRET}@127.0.0.1:1/x?sslmode=disable",
        "no database": good.replace("/test_", "/gone_"),
        "no role": database.replace("postgres@", f"nobody:{SECRET}@"),
        "keywords": f"host=127.0.0.1 port={postgres.port} user=nobody password={PLAIN} dbname=x sslmode=disable",
        "bad parameter": f"{good}&sslmode=nonsense",
        "no scheme": f"ann:{SECRET}@h/x",
        "another engine": f"mysql://ann:{SECRET}@h/x",
        "torn": f"postgres://ann:{SECRET}@[h/x",
    }


def check(text: str, what: object) -> None:
    assert text, what
    assert SECRET not in text and PLAIN not in text, (what, text)


def test_the_verbs(folder: Path, postgres: PostgresServer, database: str) -> None:
    url = addresses(postgres, database)["good"]
    for words in VERBS:
        check(output("greylag", words.split(), folder, DATABASE_URL=url), words)


def test_the_goose_face(folder: Path, postgres: PostgresServer, database: str) -> None:
    url = addresses(postgres, database)["good"]
    for words in GOOSE:
        text = output(
            "goose",
            ["-dir", "migrations", *words.split()],
            folder,
            GOOSE_DRIVER="postgres",
            GOOSE_DBSTRING=url,
        )
        check(text, words)


def test_addresses_that_fail(folder: Path, postgres: PostgresServer, database: str) -> None:
    for kind, url in addresses(postgres, database).items():
        check(output("greylag", ["status", "--dsn", url], folder), ("greylag", kind))
        check(output("goose", ["-dir", "migrations", "postgres", url, "status"], folder), ("goose", kind))


def test_asked_for_it_is_shown(folder: Path, postgres: PostgresServer, database: str) -> None:
    url = addresses(postgres, database)["good"]
    assert output("greylag", ["dsn"], folder, DATABASE_URL=url) == f"{url}\n"
    assert SECRET in output("goose", ["env"], folder, GOOSE_DRIVER="postgres", GOOSE_DBSTRING=url)
