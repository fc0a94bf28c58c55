"""One at a time."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from greylag.databases.postgres.embedded.lock import locked, open_lock, try_lock
from greylag.errors import EmbeddedError

if TYPE_CHECKING:
    from pathlib import Path


def test_who_holds_the_lock_keeps_others_out_and_they_are_told(tmp_path: Path) -> None:
    file = tmp_path / "lock"
    with locked(file):
        with (
            pytest.raises(EmbeddedError, match=r"another process .* for 0\.05 s") as refusal,
            locked(file, seconds=0.05),
        ):
            pytest.fail("two at once")
        assert refusal.value.hint == f"see who holds {file}: fuser {file}"
    with locked(file, seconds=0):
        pass
    assert file.stat().st_mode & 0o777 == 0o600


def test_those_who_wait_come_next(tmp_path: Path) -> None:
    file, order = tmp_path / "lock", []

    def second() -> None:
        with locked(file):
            order.append("second")

    with locked(file):
        waiting = threading.Thread(target=second)
        waiting.start()
        waiting.join(0.05)
        order.append("first")
    waiting.join()
    assert order == ["first", "second"]


def test_an_inherited_descriptor_keeps_the_lock(tmp_path: Path) -> None:
    descriptor = open_lock(tmp_path / "lock")
    assert try_lock(descriptor)
    heir = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, pass_fds=[descriptor])
    os.close(descriptor)
    other = open_lock(tmp_path / "lock")
    assert not try_lock(other)
    heir.communicate(b"\n")
    assert try_lock(other)
    os.close(other)


def test_a_lock_is_not_inherited_by_chance(tmp_path: Path) -> None:
    with locked(tmp_path / "lock"):
        stranger = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, close_fds=False)
    with locked(tmp_path / "lock", seconds=10):
        assert stranger.poll() is None
    stranger.communicate(b"\n")
