"""The process of an engine: its folder, its start, its end with its parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from greylag.databases.clickhouse.dsn import read_dsn
from greylag.databases.clickhouse.embedded import framing
from greylag.databases.clickhouse.embedded.child import LOG, Child, missing
from greylag.databases.clickhouse.wire import Patience
from greylag.errors import ConnectError
from tests.plugins.clickhouse import MISSING, is_there
from tests.plugins.embedded import alive, wait_until

if TYPE_CHECKING:
    from pathlib import Path

PARENT = """
import sys
from greylag.databases.clickhouse.dsn import read_dsn
from greylag.databases.clickhouse.embedded.child import Child
from greylag.databases.clickhouse.wire import Patience
child = Child(read_dsn("chdb://" + sys.argv[1]), Patience(None, None))
child.receive(seconds=60)
child.send(b"Q", b"SELECT sleepEachRow(3) FROM numbers(1000) SETTINGS max_block_size = 1")
print(child._process.pid, flush=True)
sys.stdin.read()
"""


def child_of(folder: Path) -> Child:
    return Child(read_dsn(f"chdb://{folder}"), Patience(None, None))


def test_start_and_end(tmp_path: Path) -> None:
    if not is_there():
        pytest.skip(MISSING)
    child = child_of(tmp_path / "a" / "b")
    kind, version = child.receive(seconds=60)
    assert (kind, version[:1].isdigit()) == (framing.READY, True)
    assert (tmp_path / "a" / "b").stat().st_mode & 0o777 == 0o700
    pid = child._process.pid
    assert alive(pid)
    child.close()
    assert not alive(pid)
    with pytest.raises(OSError):
        child.send(framing.RUN, b"SELECT 1")


def test_the_death_of_the_parent_ends_the_engine_in_the_middle_of_a_statement(tmp_path: Path) -> None:
    if not is_there():
        pytest.skip(MISSING)
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path / "db")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert parent.stdin is not None
    assert parent.stdout is not None
    with parent.stdin, parent.stdout:
        engine = int(parent.stdout.readline())
        assert alive(engine)
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()
        wait_until(lambda: not alive(engine))
    again = child_of(tmp_path / "db")
    assert again.receive(seconds=60)[0] == framing.READY
    again.close()


def test_folders_that_hold_something_else(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("x")
    with pytest.raises(ConnectError, match="holds something else"):
        child_of(tmp_path)
    with pytest.raises(ConnectError, match="cannot be used: not a directory"):
        child_of(tmp_path / "notes.txt" / "x")
    with pytest.raises(ConnectError, match="no question mark"):
        child_of(tmp_path / "what%3F")
    assert sorted(os.listdir(tmp_path)) == ["notes.txt", "what?"]


def test_last_words(tmp_path: Path) -> None:
    child = Child.__new__(Child)
    child.folder = str(tmp_path)
    assert child.last_words() == ""
    (tmp_path / LOG).write_text("first\nlast\n")
    assert child.last_words() == "last"
    assert "pip install" in str(missing("why").hint)
