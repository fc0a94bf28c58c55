from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import greylag
from greylag.cli.goose import main as module
from greylag.cli.goose.main import run

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

GOOSE = (sys.executable, "-m", "greylag.cli.goose")


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_version_comes_before_everything_but_flag_errors(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["nonsense", "-version", "-h", "-env", "absent"], {}) == 0
    assert capfd.readouterr() == (f"goose version: {greylag.GOOSE_VERSION}\n", "")
    assert run(["-version", "-foo"], {}) == 2
    assert capfd.readouterr().err.startswith("flag provided but not defined: -foo\n  -allow-missing\n")


@pytest.mark.parametrize(
    ("argv", "code"),
    [([], 1), (["-h"], 0), (["-help"], 0), (["up"], 1), (["postgres", "DSN"], 1), (["-dir", "x"], 1)],
)
def test_usage(argv: Sequence[str], code: int, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(argv, {}) == code
    out, err = capfd.readouterr()
    assert out.startswith("Usage: goose DRIVER DBSTRING")
    assert err.startswith("  -allow-missing")


def test_an_env_file_asked_for_has_to_be_there_even_for_help(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["-env", "absent", "-h"], {}) == 1
    out, err = capfd.readouterr()
    assert (out, err[20:]) == ("", "failed to load env file: open absent: no such file or directory\n")


def test_a_password_in_a_broken_env_file_is_masked(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "e").write_text("A-B=1\nGOOSE_DBSTRING=postgres://u:s3cret@h/d\n")
    assert run(["-env", "e", "env"], {}) == 1
    err = capfd.readouterr().err
    assert "s3cret" not in err
    assert (
        'unexpected character "-" in variable name near "A-B=1\\nGOOSE_DBSTRING=postgres://u:xxxxx@h' in err
    )


def test_unknown_words(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["oracle", "x", "up"], {}) == 1
    assert capfd.readouterr().err[20:] == '-dbstring="x": "oracle": unknown dialect\n'
    assert run(["postgresql", "postgres://u:s3cret@h/d", "up"], {}) == 1
    assert capfd.readouterr().err[20:] == (
        '-dbstring="postgres://u:xxxxx@h/d": "postgresql": unknown dialect\n'
    )
    assert run(["sqlite3", "x.db", "UP"], {}) == 1
    assert capfd.readouterr().err[20:] == 'goose run: "UP": no such command\n'
    environ = {"GOOSE_DRIVER": "postgres"}
    assert run(["postgres", "postgres://u:s3cret@h/d", "up"], environ) == 1
    assert capfd.readouterr().err[20:] == 'goose run: "postgres://u:xxxxx@h/d": no such command\n'
    environ = {"GOOSE_DBSTRING": "x"}
    assert run(["postgres://u:s3cret@h/d", "up"], environ) == 1
    assert "s3cret" not in capfd.readouterr().err


def test_a_driver_without_an_engine(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["mysql", "x", "up"], {}) == 1
    err = capfd.readouterr().err
    assert err[20:].startswith('goose run: driver "mysql" has no engine in this build')
    assert err.count("\n") == 1


def test_duplicate_versions(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for name in ("1_a.sql", "01_b.sql"):
        (tmp_path / name).write_text("-- +goose Up\n")
    assert run(["sqlite3", "x.db", "up"], {}) == 2
    head, _, tail = capfd.readouterr().err.partition("\n\n")
    assert head.startswith("panic: goose: duplicate version 1 detected:\n\t")
    assert set(head.split("\n\t")[1:]) == {"1_a.sql", "01_b.sql"}
    assert tail.startswith("hint: ")


def test_an_unexpected_error_is_one_line_and_a_report(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    def fail(argv: Sequence[str], environ: object) -> int:
        raise ValueError("odd password=s3cret")

    monkeypatch.setattr(module, "_run", fail)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    assert run(["up"], {}) == 3
    err = capfd.readouterr().err
    assert err.count("\n") == 1
    assert "ValueError: odd password=xxxxx" in err
    (report,) = tmp_path.glob("greylag-report-*.txt")
    assert str(report) in err
    assert "s3cret" not in report.read_text()
    assert report.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("error", "code"), [(KeyboardInterrupt, 130), (BrokenPipeError, 141)])
def test_interrupted_and_unread(
    monkeypatch: pytest.MonkeyPatch, error: type[BaseException], code: int, capfd: pytest.CaptureFixture[str]
) -> None:
    def fail(argv: Sequence[str], environ: object) -> int:
        raise error

    monkeypatch.setattr(module, "_run", fail)
    assert run(["up"], {}) == code
    assert capfd.readouterr() == ("", "")


def test_the_program_ends_quietly_when_nobody_reads(tmp_path: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run([*GOOSE, "-h"], stdout=write, stderr=subprocess.PIPE, cwd=tmp_path)
    os.close(write)
    assert (done.returncode, done.stderr) == (141, b"")


def test_closed_descriptors_stay_out_of_the_way(tmp_path: Path) -> None:
    (tmp_path / "1_a.sql").write_text("-- +goose Up\nCREATE TABLE a (id int);\n")
    command = f"{' '.join(GOOSE)} sqlite3 x.db up 0<&- 1>&- 2>&-"
    done = subprocess.run(["/bin/sh", "-c", command], cwd=tmp_path)
    assert done.returncode == 0
    assert (tmp_path / "x.db").read_bytes().count(b"OK   ") == 0
    again = subprocess.run(
        [*GOOSE, "sqlite3", "x.db", "version"], cwd=tmp_path, capture_output=True, text=True
    )
    assert again.stderr[20:] == "goose: version 1\n"


HEAVY = ("typing", "re", "click", "rich", "pglast", "psycopg", "pathlib", "dataclasses", "inspect", "subprocess", "json", "tempfile")  # fmt: skip


@pytest.mark.parametrize("argv", [["-version"], ["-h"], ["create", "x", "sql"], ["env"]])
def test_what_starts_fast_imports_little(argv: list[str], tmp_path: Path) -> None:
    code = (
        "import sys; before = set(sys.modules); from greylag.cli.goose.main import run; run(sys.argv[1:]); "
        f"print([m for m in {HEAVY} if m in sys.modules and m not in before])"
    )
    done = subprocess.run([sys.executable, "-c", code, *argv], cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "[]"
