"""``greylag up`` behind a lock: what a terminal, a log and a program are told, and that it goes on after."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import closing
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from tests.golden import event_cases
from tests.plugins.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

FILE = "-- +goose Up\nALTER TABLE users ADD email text;\n-- +goose Down\nALTER TABLE users DROP email;\n"
SECONDS = 60


class Holder:
    """A session that has read ``users`` and left its transaction open."""

    def __init__(self, url: str) -> None:
        self.url = url
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE TABLE users (id int)")
        self.connection: psycopg.Connection[Any] = psycopg.connect(url, application_name="backend api")
        self.connection.execute("SELECT count(*) FROM users")
        self.pid = self.connection.info.backend_pid

    def note(self) -> list[str]:
        """What greylag's two lines about it begin with."""
        return [
            "  note: 00001_email.sql, statement 1 waits ",
            f"        to end what holds it: SELECT pg_terminate_backend({self.pid});",
        ]


@pytest.fixture
def holder(database: str) -> Iterator[Holder]:
    made = Holder(database)
    with closing(made.connection):
        yield made


@pytest.fixture
def start(
    tmp_path: Path, holder: Holder, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts ``greylag up``."""
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "00001_email.sql").write_text(FILE)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    started: list[subprocess.Popen[str]] = []

    def run(*words: str, **streams: Any) -> subprocess.Popen[str]:
        program = [sys.executable, "-m", "greylag", "up", "--dir", "m", "--dsn", holder.url, *words]
        started.append(subprocess.Popen(program, cwd=tmp_path, text=True, env=os.environ, **streams))
        return started[0]

    yield run
    for process in started:
        process.kill()
        process.communicate()


def rest(run: subprocess.Popen[str]) -> tuple[str, str]:
    """What it prints until its end; unlike communicate() with what Python has read ahead."""
    assert run.stdout is not None and run.stderr is not None
    out, err = run.stdout.read(), run.stderr.read()
    assert run.wait(SECONDS) == 0, err
    return out, err


def test_a_terminal(start: Callable[..., subprocess.Popen[str]], holder: Holder) -> None:
    terminal = Terminal(250)
    with closing(terminal):
        run = start(stdin=terminal.stream, stdout=terminal.stream, stderr=terminal.stream)
        end = time.monotonic() + SECONDS
        while not any(line.startswith("  00001_email.sql, statement 1 of 1, ") for line in terminal.screen()):
            assert time.monotonic() < end and run.poll() is None, terminal.screen()
            time.sleep(0.05)
        holder.connection.rollback()
        assert run.wait(SECONDS) == 0
        head, *notes, ran, reached, last = terminal.screen()
    assert head.startswith("m: PostgreSQL ")
    first, second = holder.note()
    assert notes[0].startswith(first) and f" behind pid {holder.pid} (" in notes[0] and notes[1] == second
    assert all(line.startswith("  note: ") for line in notes[2:]), notes
    assert ran.startswith("  OK    00001_email.sql (") and (reached, last) == ("  now at version 1", "")


def test_a_log(start: Callable[..., subprocess.Popen[str]], holder: Holder) -> None:
    run = start(stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert run.stderr is not None
    line = run.stderr.readline()
    holder.connection.rollback()
    out, err = rest(run)
    first, second = holder.note()
    assert line.startswith(first) and err.startswith(second) and "\r" not in err + out
    assert out.endswith("  now at version 1\n")


def test_a_program(start: Callable[..., subprocess.Popen[str]], holder: Holder) -> None:
    run = start("--json", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert run.stdout is not None
    lines = [json.loads(run.stdout.readline()) for _ in range(3)]
    holder.connection.rollback()
    out, err = rest(run)
    assert [line["event"] for line in lines] == ["connected", "blocked", "progress"]
    _, blocked, progress = lines
    golden = json.loads(event_cases.text("blocked"))
    assert list(blocked) == list(golden)
    assert [list(each) for each in blocked["blockers"]] == [list(golden["blockers"][0])]
    assert (blocked["blockers"][0]["pid"], blocked["on"]) == (holder.pid, "users")
    assert list(progress) == list(json.loads(event_cases.text("progress")))
    assert err == "" and [json.loads(line)["event"] for line in out.splitlines()][-2:] == ["ran", "reached"]
