"""Variables of the process and of .env."""

from __future__ import annotations

from typing import TYPE_CHECKING

from greylag.environments.environ import Environ

if TYPE_CHECKING:
    from pathlib import Path


def test_the_process_wins_over_the_file_even_when_empty(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("A=file\nB=file\nC=file\n")
    environ = Environ({"A": "process", "B": ""}, str(tmp_path))
    assert [environ.get(name) for name in "ABCD"] == ["process", "", "file", ""]
    assert [environ.source(name) for name in "AC"] == ["A", "C in .env"]
    assert environ.notices() == []


def test_no_file_is_nothing_to_notice(tmp_path: Path) -> None:
    environ = Environ({}, str(tmp_path))
    assert environ.get("A") == ""
    assert environ.notices() == []


def test_a_broken_file_is_noticed_and_not_quoted(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("A=1\n!hidden\n")
    environ = Environ({}, str(tmp_path))
    assert environ.get("A") == ""
    assert environ.notices() == [".env is not a list of NAME=value: nothing of it is used"]
