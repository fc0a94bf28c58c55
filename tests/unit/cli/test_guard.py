from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, NoReturn

import click
import pytest

from greylag.cli.guard import guarded, outcome
from greylag.errors import FilesError, InterruptedRunError, UsageError

if TYPE_CHECKING:
    from pathlib import Path


def raising(error: BaseException) -> NoReturn:
    raise error


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (FilesError("gone", hint="look"), 1, "error: gone\n  next: look\n"),
        (UsageError("what?"), 2, "error: what?\n"),
        (click.UsageError("no such option"), 2, "Error: no such option\n"),
        (InterruptedRunError(2), 130, "error: interrupted\n"),
        (InterruptedRunError(15), 143, "error: interrupted\n"),
        (KeyboardInterrupt(), 130, "interrupted\n"),
        (click.Abort(), 130, "interrupted\n"),
        (click.exceptions.Exit(4), 4, ""),
    ],
)
def test_fates(error: BaseException, code: int, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert outcome(lambda: raising(error)) == code
    stdout, stderr = capsys.readouterr()
    assert stdout == "" and stderr.startswith(told) and bool(stderr) is bool(told)


def test_a_fault_of_ours_leaves_a_report(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert outcome(lambda: raising(RuntimeError("password=s3cret"))) == 3
    stderr = capsys.readouterr().err
    assert "Traceback" not in stderr and "s3cret" not in stderr and len(stderr.splitlines()) == 1
    (report,) = tmp_path.iterdir()
    assert str(report) in stderr and "Traceback" in report.read_text() and "s3cret" not in report.read_text()


def test_a_number_is_the_exit_code() -> None:
    assert outcome(lambda: 1) == 1
    assert outcome(lambda: None) == 0
    with pytest.raises(SystemExit) as end:
        guarded(lambda: 4)
    assert end.value.code == 4


def test_a_reader_that_has_left_is_no_error() -> None:
    code = (
        "from greylag.cli.guard import guarded\nfrom greylag.cli.render import out\n"
        "guarded(lambda: [out('x' * 1000) for _ in range(100000)])"
    )
    writer = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert writer.stdout is not None and writer.stderr is not None
    assert writer.stdout.readline() == b"x" * 1000 + b"\n"
    writer.stdout.close()
    assert writer.stderr.read() == b""
    writer.stderr.close()
    assert writer.wait(60) == 141
