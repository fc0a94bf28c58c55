"""The server's log file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.databases.postgres.embedded import log as module
from greylag.databases.postgres.embedded.log import last_lines, open_log, read_from

if TYPE_CHECKING:
    from pathlib import Path


def test_a_log_is_continued_and_private(tmp_path: Path) -> None:
    log = tmp_path / "server.log"
    with open_log(log) as file:
        file.write(b"one\n")
    with open_log(log) as file:
        assert file.tell() == 4
        file.write(b"two\n")
    assert read_from(log, 4) == "two\n"
    assert log.read_text() == "one\ntwo\n"
    assert log.stat().st_mode & 0o777 == 0o600


def test_a_log_that_has_grown_is_turned_over_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEEP_BYTES", 3)
    log = tmp_path / "server.log"
    for text in (b"long first\n", b"long second\n", b"x\n"):
        with open_log(log) as file:
            file.write(text)
    with open_log(log) as file:
        file.write(b"y")
    assert log.read_text() == "x\ny"
    assert (tmp_path / "server.log.1").read_text() == "long second\n"
    assert len(list(tmp_path.iterdir())) == 2


def test_a_link_in_the_place_of_the_log_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "server.log").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic link"):
        open_log(tmp_path / "server.log")


@pytest.mark.parametrize("block", [1, 7, 65536])
@pytest.mark.parametrize("count", [0, 1, 2, 3, 50])
def test_the_last_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int, count: int) -> None:
    monkeypatch.setattr(module, "_BLOCK", block)
    log = tmp_path / "log"
    lines = ["first", "sécond", "", "last"]
    for end in ("\n", ""):
        log.write_text("\n".join(lines) + end)
        assert last_lines(log, count) == (lines[-count:] if count else [])


def test_no_log_and_an_odd_one(tmp_path: Path) -> None:
    assert last_lines(tmp_path / "none", 5) == []
    (tmp_path / "log").write_bytes(b"caf\xe9\n")
    assert last_lines(tmp_path / "log", 5) == ["caf�"]
