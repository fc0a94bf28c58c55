"""The engine's process from inside: what it makes of frames. It is started for real in test_link and test_child."""

from __future__ import annotations

import fcntl
import os
import socket
import threading
from typing import TYPE_CHECKING

import pytest

from greylag.databases.clickhouse.embedded import engine, framing

if TYPE_CHECKING:
    from pathlib import Path


class Session:
    """Answers as chdb does, without an engine."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.refusal = ""

    def query(self, text: str, shape: str = "") -> Session | None:
        self.asked.append(text)
        if self.refusal and "formatQuerySingleLine" in text:
            raise RuntimeError(self.refusal)
        return None if text == "nothing" else self

    def bytes(self) -> bytes:
        return b"26.9\n"


def test_opening_makes_the_database_and_sets() -> None:
    session = Session()
    assert engine._open(session, {"database": "a`b\\", "x": "it's"}) == b"26.9"
    assert session.asked == [
        "CREATE DATABASE IF NOT EXISTS `a\\`b\\\\`",
        "USE `a\\`b\\\\`",
        "SET `x` = 'it\\'s'",
        "SELECT version()",
    ]


def test_only_text_with_a_semicolon_inside_is_looked_at() -> None:
    session = Session()
    assert engine._run(session, "SELECT 1;\n") == b"26.9\n"
    assert engine._run(session, "nothing") == b""
    assert session.asked == ["SELECT 1;\n", "nothing"]
    session.refusal = (
        "Code: 62. DB::Exception: x (Multi-statements are not allowed): In scope SELECT y. (SYNTAX_ERROR)"
    )
    with pytest.raises(RuntimeError) as caught:
        engine._run(session, "SELECT 1; SELECT 2")
    assert (
        str(caught.value) == "Code: 62. DB::Exception: x (Multi-statements are not allowed). (SYNTAX_ERROR)"
    )
    session.refusal = "Code: 62. another syntax error"
    assert engine._run(session, "INSERT INTO t FORMAT CSV a;b") == b"26.9\n"


def test_the_lock_says_who_has_it_and_waits(tmp_path: Path) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, (tmp_path / engine.LOCK).open("wb+") as holder:
        holder.write(b"process 42")
        holder.flush()
        fcntl.flock(holder, fcntl.LOCK_EX)
        waiter = threading.Thread(target=engine._lock, args=(theirs, str(tmp_path)))
        waiter.start()
        assert framing.unpack(lambda: ours.recv(100), bytearray()) == (framing.WAITING, b"process 42")
        fcntl.flock(holder, fcntl.LOCK_UN)
        waiter.join(60)
    assert (tmp_path / engine.LOCK).read_text() == f"process {os.getppid()}"


def test_what_was_said_as_bytes() -> None:
    assert engine._encoded(RuntimeError("é")) == "é".encode()
    with pytest.raises(UnicodeDecodeError) as caught:
        b"\xff".decode()
    assert b"UTF-8" in engine._encoded(caught.value)
