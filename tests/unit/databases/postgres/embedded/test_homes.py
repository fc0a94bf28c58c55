"""Folders outside any workspace."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from greylag.databases.postgres.embedded.accounts import Account, caller
from greylag.databases.postgres.embedded.homes import build_homes, data_home, homes, open_folder, open_home
from greylag.errors import EmbeddedError

ME = Account("me", os.geteuid(), os.getegid())
OTHER = Account("other", 54321, 54321, switched=True)


def test_an_ordinary_users_homes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/anser")
    monkeypatch.setenv("XDG_DATA_HOME", "/xdg")
    last = Path(f"/tmp/greylag-data-{os.geteuid()}")
    assert homes(ME) == [Path("/xdg/greylag"), last]
    monkeypatch.setenv("XDG_DATA_HOME", "not/absolute")
    assert homes(ME) == [Path("/home/anser/.local/share/greylag"), last]


def test_roots_homes_are_those_the_servers_user_reaches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert Path("/var/lib/greylag") in homes(OTHER)
    assert tmp_path / "greylag" not in homes(OTHER)
    monkeypatch.setenv("XDG_DATA_HOME", "/usr/share")
    assert homes(OTHER)[0] == Path("/usr/share/greylag")


def test_the_first_home_that_can_be_made_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "a" / "b"))
    assert data_home(caller()) == tmp_path / "a" / "b" / "greylag"
    assert (tmp_path / "a" / "b" / "greylag").is_dir()
    monkeypatch.setattr("greylag.databases.postgres.embedded.homes.server_account", caller)
    assert build_homes()[0] == tmp_path / "a" / "b" / "greylag"


def test_without_any_home_the_error_lists_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(
        "greylag.databases.postgres.embedded.homes.homes", lambda _: [tmp_path / "file" / "home"]
    )
    with pytest.raises(EmbeddedError, match=f"{tmp_path}/file/home cannot be written") as refusal:
        data_home(caller())
    assert refusal.value.hint == "set XDG_DATA_HOME to a folder that can"


def test_a_home_somebody_else_made_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: tmp_path.stat().st_uid + 1)
    with pytest.raises(PermissionError, match="belongs to somebody else"):
        open_home(tmp_path, ME)


def test_a_home_the_servers_user_cannot_reach_is_not_used(tmp_path: Path) -> None:
    with pytest.raises(PermissionError, match="other cannot reach it"):
        open_home(tmp_path / "home", OTHER)


def test_folders_are_open_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        open_folder(tmp_path / "a" / "b", OTHER)
        open_folder(tmp_path / "c" / "d", ME)
    finally:
        os.umask(before)
    modes = [(tmp_path / name).stat().st_mode & 0o777 for name in ("a", "a/b", "c", "c/d")]
    assert modes == [0o755, 0o755, 0o700, 0o700]
