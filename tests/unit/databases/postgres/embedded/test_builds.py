"""Builds are kept whole or not at all."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from greylag.databases.postgres.embedded import homes
from greylag.databases.postgres.embedded.accounts import Account, caller
from greylag.databases.postgres.embedded.builds import copy_build, keep_build, kept_builds
from greylag.errors import EmbeddedError

ME = caller()


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder builds are kept in."""
    monkeypatch.setattr(homes, "homes", lambda account: [tmp_path / "home"])
    monkeypatch.setattr(homes, "_SHARED", tmp_path / "shared")
    return tmp_path / "home" / "builds"


def filler(text: str):
    def fill(folder: Path) -> None:
        (folder / "bin").mkdir(mode=0o700)
        (folder / "bin" / "postgres").write_text(text)
        (folder / "bin" / "postgres").chmod(0o700)
        (folder / "notes").write_text(text)
        (folder / "notes").chmod(0o600)
        (folder / "link").symlink_to("nowhere")

    return fill


def test_a_build_is_kept_open_to_all_and_replaced_by_the_next(kept: Path) -> None:
    before = os.umask(0o077)
    try:
        build = keep_build("full", filler("one"), ME)
    finally:
        os.umask(before)
    assert build == kept / "full" and (build / "bin" / "postgres").read_text() == "one"
    modes = [
        path.stat().st_mode & 0o777
        for path in (build, build / "bin", build / "bin" / "postgres", build / "notes")
    ]
    assert modes == [0o755, 0o755, 0o755, 0o644]
    keep_build("full", filler("two"), ME)
    assert (build / "bin" / "postgres").read_text() == "two"
    assert sorted(path.name for path in kept.iterdir()) == [".lock", "full"]


def test_what_fails_leaves_the_build_of_before(kept: Path) -> None:
    keep_build("full", filler("good"), ME)

    def fail(folder: Path) -> None:
        (folder / "half").write_text("")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        keep_build("full", fail, ME)

    def refuse(folder: Path) -> None:
        assert (folder / "bin" / "postgres").read_text() == "bad"
        raise ValueError

    with pytest.raises(ValueError):
        keep_build("full", filler("bad"), ME, prove=refuse)
    assert (kept / "full" / "bin" / "postgres").read_text() == "good"
    assert sorted(path.name for path in kept.iterdir()) == [".lock", "full"]


def test_what_a_killed_process_left_is_cleared_away(kept: Path) -> None:
    (kept / ".unpack-dead" / "new").mkdir(parents=True)
    keep_build("full", filler("one"), ME)
    assert sorted(path.name for path in kept.iterdir()) == [".lock", "full"]


def test_two_at_once_do_not_meet(kept: Path) -> None:
    inside, met = [], []

    def fill(folder: Path) -> None:
        inside.append(folder)
        met.append(len(inside))
        filler("x")(folder)
        inside.pop()

    threads = [threading.Thread(target=keep_build, args=("full", fill, ME)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert met == [1, 1, 1, 1]


def test_kept_builds_are_listed_with_those_of_root(kept: Path, tmp_path: Path) -> None:
    assert list(kept_builds("full")) == []
    (tmp_path / "shared" / "builds" / "full").mkdir(parents=True)
    assert list(kept_builds("full")) == [tmp_path / "shared" / "builds" / "full"]
    keep_build("full", filler("mine"), ME)
    assert list(kept_builds("full")) == [kept / "full", tmp_path / "shared" / "builds" / "full"]
    assert list(kept_builds("other")) == []


def test_a_copy_is_made_once_and_of_the_parts_there_are(kept: Path, tmp_path: Path) -> None:
    origin = tmp_path / "origin"
    for name in ("bin", "share", "private"):
        (origin / name).mkdir(parents=True)
    (origin / "bin" / "postgres").write_text("one")
    parts = ("bin", "lib", "share")
    assert copy_build("wheel-16.14", origin, parts, "bin", ME) == kept / "wheel-16.14" / "bin"
    assert sorted(path.name for path in (kept / "wheel-16.14").iterdir()) == ["bin", "share"]
    (origin / "bin" / "postgres").write_text("two")
    copy_build("wheel-16.14", origin, parts, "bin", ME)
    assert (kept / "wheel-16.14" / "bin" / "postgres").read_text() == "one"


@pytest.mark.parametrize("origin", ["/", "/usr", "/usr/local", "/nowhere"])
def test_a_part_of_the_system_is_not_copied(kept: Path, origin: str) -> None:
    assert copy_build("system-16.1", Path(origin), ("bin", "lib", "share"), "bin", ME) is None
    assert not kept.exists()


def test_builds_are_kept_where_the_servers_user_comes(kept: Path) -> None:
    other = Account("other", 54321, 54321, switched=True)
    with pytest.raises(EmbeddedError, match="no folder to keep a server build in"):
        keep_build("full", filler("x"), other)
