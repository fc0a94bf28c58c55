"""New files never collide: two in one second, two on two branches, two in two worktrees."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from greylag.errors import FilesError, UsageError
from greylag.migrations.parser import parse
from greylag.model.migration import Migration
from greylag.operations.new import new, write_series

NOON = 1767268800.0
"""2026-01-01 12:00:00 UTC."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "repo" / "migrations"
    made.mkdir(parents=True)
    return made


def git(folder: Path, *words: str) -> None:
    who = ("-c", "user.name=Ann", "-c", "user.email=ann@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(
        ["git", "-C", str(folder), *who, *words], check=True, capture_output=True,
        env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"},
    )  # fmt: skip


def named(path: str) -> str:
    return Path(path).name


def test_the_version_is_the_time_and_the_file_can_be_parsed(folder: Path) -> None:
    path = new(str(folder), "Add birds!", now=NOON)
    assert named(path) == "20260101120000_add_birds.sql"
    assert parse(Migration(1, path), "up").count == 0


def test_two_in_one_second(folder: Path) -> None:
    names = [named(new(str(folder), "x", now=NOON)) for _ in range(3)]
    assert names == [f"2026010112000{second}_x.sql" for second in range(3)]


def test_a_numbered_folder_goes_on(folder: Path) -> None:
    (folder / "00009_a.sql").write_text("")
    assert [named(new(str(folder), "x")) for _ in range(2)] == ["00010_x.sql", "00011_x.sql"]


def test_two_branches(folder: Path) -> None:
    git(folder, "init", "-q", "-b", "main")
    git(folder, "commit", "-q", "--allow-empty", "-m", "start")
    git(folder, "switch", "-q", "-c", "one")
    new(str(folder), "one", now=NOON)
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "one")
    git(folder, "switch", "-q", "main")
    folder.mkdir(exist_ok=True)
    assert named(new(str(folder), "two", now=NOON)) == "20260101120001_two.sql"


def test_two_worktrees(folder: Path) -> None:
    git(folder, "init", "-q", "-b", "main")
    (folder / "00001_a.sql").write_text("")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "start")
    git(folder, "worktree", "add", "-q", str(folder.parent.parent / "other"))
    other = folder.parent.parent / "other"
    assert named(new(str(other), "there")) == "00002_there.sql"
    assert named(new(str(folder), "here")) == "00003_here.sql"


def test_a_folder_is_made_one_deep(tmp_path: Path) -> None:
    assert named(new(str(tmp_path / "migrations"), "x", now=NOON)) == "20260101120000_x.sql"
    with pytest.raises(FilesError):
        new(str(tmp_path / "no" / "where"), "x")


def test_a_name_needs_something_to_read(folder: Path) -> None:
    with pytest.raises(UsageError, match="needs a name"):
        new(str(folder), "!!")
    assert list(folder.iterdir()) == []


def test_a_series_has_consecutive_versions_and_keeps_bytes(folder: Path) -> None:
    (folder / "20260101120001_there.sql").write_text("")
    drafts = [("a", "-- one\r\n"), ("b", "-- \udce9\n")]
    paths = write_series(str(folder), drafts, now=NOON)
    assert [named(path) for path in paths] == ["20260101120002_a.sql", "20260101120003_b.sql"]
    assert [Path(path).read_bytes() for path in paths] == [b"-- one\r\n", b"-- \xe9\n"]


def test_a_numbered_series(folder: Path) -> None:
    (folder / "00009_a.sql").write_text("")
    paths = write_series(str(folder), [("a", ""), ("b", "")])
    assert [named(path) for path in paths] == ["00010_a.sql", "00011_b.sql"]


def test_a_series_is_written_whole_or_not_at_all(folder: Path) -> None:
    with pytest.raises(FilesError, match="cannot write"):
        write_series(str(folder), [("fine", ""), ("x" * 300, "")])
    assert list(folder.iterdir()) == []
