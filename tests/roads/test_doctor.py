"""``greylag doctor`` on real databases in every bad state it knows: what it says, and what its repairs do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from tests.plugins.embedded import SECONDS

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = [sys.executable, "-c", "from greylag.cli.main import main; main()"]
TABLE = "-- +goose Up\nCREATE TABLE {0} (id int);\n-- +goose Down\nDROP TABLE {0};\n"


class Patient:
    """A database with three migrations applied, and a folder that holds them."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url
        self.name = url.rpartition("/")[2].partition("?")[0]
        (folder / "migrations").mkdir()
        for version, name in enumerate(("users", "devices", "sessions"), 1):
            (folder / "migrations" / f"0000{version}_{name}.sql").write_text(TABLE.format(name))

    def run(self, *words: str, url: str = "", code: int | None = 0, **environ: str) -> tuple[str, str]:
        done = subprocess.run(
            [*PROGRAM, *words, "--dir", "migrations", "--dsn", url or self.url],
            capture_output=True, text=True, cwd=self.folder, timeout=SECONDS, stdin=subprocess.DEVNULL,
            env={**os.environ, **environ},
        )  # fmt: skip
        assert code is None or done.returncode == code, done.stdout + done.stderr
        return done.stdout, done.stderr

    def doctor(self, *words: str, code: int = 0, **named: str) -> dict[str, list[Any]]:
        """The findings that are not ok, by check."""
        out, err = self.run("doctor", "--json", *words, code=code, **named)
        assert err == ""
        (report,) = json.loads(out)
        assert report["bad"] is (code == 1)
        found: dict[str, list[Any]] = {}
        for finding in report["checks"]:
            if finding["level"] != "ok":
                found.setdefault(finding["check"], []).append(finding)
        return found

    def only(self, check: str, *words: str, **named: Any) -> Any:
        (finding,) = self.doctor(*words, **named)[check]
        return finding

    def sql(self, *statements: str) -> list[Any]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            for statement in statements:
                cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []


@pytest.fixture
def patient(tmp_path: Path, database: str) -> Patient:
    made = Patient(tmp_path, database)
    made.run("up")
    return made


def test_a_sound_database(patient: Patient) -> None:
    assert set(patient.doctor()) <= {"programs", "goose"}
    out, err = patient.run("doctor")
    assert err == ""
    assert "  nothing is wrong\n" in out
    assert "ok    connection      127.0.0.1:" in out
