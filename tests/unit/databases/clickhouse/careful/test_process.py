"""Telling a process that is gone from one that cannot be seen."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from greylag.databases.clickhouse.careful import process
from greylag.databases.clickhouse.careful.process import is_gone, mark

MARK = "import sys; from greylag.databases.clickhouse.careful.process import mark; print(mark(), flush=True); sys.stdin.read()"


def test_a_process_that_ended_is_gone_and_one_that_runs_is_not() -> None:
    with subprocess.Popen([sys.executable, "-c", MARK], stdin=-1, stdout=-1, text=True) as child:
        assert child.stdout is not None
        said = child.stdout.readline().strip()
        assert said.split("/")[1] == str(child.pid)
        assert not is_gone(said)
        child.kill()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        assert is_gone(said)  # a zombie holds no lock
    assert is_gone(said)


def test_a_pid_that_was_given_anew_is_another_process() -> None:
    place, pid, started = mark().split("/")
    assert is_gone(f"{place}/{pid}/{int(started) - 1}")
    assert not is_gone(f"{place}/{pid}/{started}")


@pytest.mark.parametrize("text", ["", "elsewhere/1/2", "no mark"])
def test_of_other_machines_nothing_is_sure(text: str) -> None:
    assert not is_gone(text)


def test_where_there_is_no_proc_nothing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    here = mark()
    monkeypatch.setattr(process, "_place", lambda: "")
    assert mark() == ""
    assert not is_gone(here)
