from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from greylag.cli.goose.database import _interruption
from greylag.cli.goose.main import run
from greylag.cli.goose.runs import Run
from greylag.errors import InterruptedRunError

if TYPE_CHECKING:
    from pathlib import Path

GREY, RESET = "\033[90m", "\033[00m"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "m").mkdir()
    return tmp_path / "m"


def lines(capfd: pytest.CaptureFixture[str]) -> list[str]:
    return [re.sub(r"^\d{4}/\S+ \S+ ", "", line) for line in capfd.readouterr().err.splitlines()]


def test_verbose_lines_in_a_transaction_end_inside_their_colour(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (folder / "1_a.sql").write_text("-- +goose Up\n-- c\nSELECT 1;\n")
    assert run(["-v", "-dir", "m", "sqlite3", "x.db", "up"], {}) == 0
    found = lines(capfd)
    assert found[:6] == [
        "-- +goose Up",
        f"{GREY}StateMachine: set 0 => 1{RESET}",
        "-- c",
        f"{GREY}StateMachine: ignore comment{RESET}",
        "SELECT 1;",
        f"{GREY}StateMachine: store simple Up query{RESET}",
    ]
    assert found[6:10] == [
        f"{GREY}Begin transaction{RESET}",
        f"{GREY}Executing statement: SELECT 1;",
        RESET,
        f"{GREY}Commit transaction{RESET}",
    ]


@pytest.mark.parametrize(("flags", "environ"), [(["-no-color"], {}), ([], {"NO_COLOR": "1"})])
def test_no_color_takes_the_colour_of_statements_alone(
    flags: list[str], environ: dict[str, str], folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (folder / "1_a.sql").write_text("-- +goose NO TRANSACTION\n-- +goose Up\nSELECT 1;\nSELECT 2;\n")
    assert run([*flags, "-v", "-dir", "m", "sqlite3", "x.db", "up"], environ) == 0
    found = lines(capfd)
    assert f"{GREY}StateMachine: set 0 => 1{RESET}" in found
    assert found[-4:-2] == ["Executing statement: SELECT 1;", "Executing statement: SELECT 2;"]


def test_no_color_in_a_transaction_has_no_extra_line(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (folder / "1_a.sql").write_text("-- +goose Up\nSELECT 1;\nSELECT x;\n")
    assert run(["-no-color", "-v", "-dir", "m", "sqlite3", "x.db", "up"], {}) == 1
    assert lines(capfd)[-5:-1] == [
        "Begin transaction",
        "Executing statement: SELECT 1;",
        "Executing statement: SELECT x;",
        "Rollback transaction",
    ]


def test_variables_come_from_the_environment_given(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (folder / "1_a.sql").write_text("-- +goose ENVSUB ON\n-- +goose Up\nCREATE TABLE $NAME (id int);\n")
    assert run(["-dir", "m", "sqlite3", "x.db", "up"], {"NAME": "named"}) == 0
    assert run(["-dir", "m", "sqlite3", "x.db", "-v", "-no-versioning", "up"], {"NAME": "other"}) == 0
    assert f"{GREY}Executing statement: CREATE TABLE other (id int);" in lines(capfd)


def test_a_timeout_in_the_past_runs_nothing(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (folder / "1_a.sql").write_text("-- +goose Up\nCREATE TABLE t (id int);\n")
    assert run(["-dir", "m", "-timeout=-1s", "sqlite3", "x.db", "up"], {}) == 1
    assert "context deadline exceeded" in lines(capfd)[-1]


def wait_for_sleep(database: str) -> None:
    """Return once a session of the database is inside pg_sleep()."""
    import psycopg

    with psycopg.connect(database, autocommit=True) as connection:
        for _ in range(600):
            asleep = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()"
            if connection.execute(asleep).fetchone() == (1,):
                return
            time.sleep(0.05)
    pytest.fail("the statement never started")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_the_run_and_tells_what_stands(
    number: signal.Signals, database: str, folder: Path
) -> None:
    (folder / "00001_a.sql").write_text("-- +goose Up\nCREATE TABLE a (id int);\n")
    (folder / "00002_b.sql").write_text("-- +goose Up\nCREATE TABLE b (id int);\nSELECT pg_sleep(60);\n")
    argv = [sys.executable, "-m", "greylag.cli.goose", "-dir", "m", "postgres", database]
    with subprocess.Popen([*argv, "up"], stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        first = process.stderr.readline()
        wait_for_sleep(database)
        os.kill(process.pid, number)
        rest = process.stderr.read()
        assert process.wait(30) == 128 + number
    assert "OK   00001_a.sql" in first
    name = signal.Signals(number).name
    assert rest[20:] == (
        f"goose run: stopped by {name} in 00002_b.sql, which is not recorded; 1 file of this run finished and stands\n"
    )
    after = subprocess.run([*argv, "version"], capture_output=True, text=True)
    assert after.stderr[20:] == "goose: version 1\n"


@pytest.mark.parametrize(
    ("finished", "said"),
    [
        (0, "no file of this run finished"),
        (1, "1 file of this run finished and stands"),
        (3, "3 files of this run finished and stand"),
    ],
)
def test_what_the_goose_face_says_of_it(finished: int, said: str) -> None:
    stopped = Run(None, ".", None, [])  # type: ignore[arg-type]
    stopped.finished = finished
    assert _interruption(InterruptedRunError(signal.SIGTERM), stopped) == f"stopped by SIGTERM; {said}"
