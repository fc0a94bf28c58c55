from __future__ import annotations

from typing import TYPE_CHECKING

from greylag.cli.failures import report_crash

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def _crash(secret: str) -> ValueError:
    try:
        raise ValueError(f"cannot use postgres://u:{secret}@h/d\nsecond line")
    except ValueError as error:
        return error


def test_the_report_holds_what_helps_and_no_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setattr("sys.argv", ["goose", "postgres", "host=h password=s3cret", "up"])
    line = report_crash(_crash("s3cret"), "goose")
    (report,) = tmp_path.iterdir()
    text = report.read_text()
    assert line.startswith("goose: unexpected error, ")
    assert line.endswith(str(report))
    assert "\n" not in line
    assert "s3cret" not in line + text
    for part in (
        "Traceback (most recent call last)",
        "_crash",
        "program  goose",
        "python   3.",
        "password=xxxxx",
    ):
        assert part in text


def test_without_a_place_for_the_report_the_line_stands_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "absent"))
    line = report_crash(_crash("x"), "greylag")
    assert line.startswith("greylag: unexpected error")
    assert "no report could be written" in line
