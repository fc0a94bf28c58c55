"""What a terminal, a log and a program see of a run, on a real pseudo-terminal."""

from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING

import pytest

from greylag.cli.columns import columns
from greylag.cli.progress import (
    JsonTeller,
    LineTeller,
    LogTeller,
    note_lines,
    notice_facts,
    progress_facts,
    progress_line,
    teller,
)
from greylag.cli.render import out
from greylag.model.event import Notice, Progress
from greylag.model.migration import Migration
from tests.plugins.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE = Migration(2, "m/00002_b.sql")
STEP = Progress(FILE, "up", 3, 7, 12.7)
BUILD = STEP._replace(phase="building index: scanning table", done=43, total=100)
NOTE = Notice("blocked", "waits for pid 7\nto end it: x", {"blockers": [7], "target": "not this"})


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    made = Terminal(60)
    yield made
    made.close()


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_the_screen_model_itself(terminal: Terminal) -> None:
    terminal.stream.write(
        "漢字x\rab\n" + "y" * 59 + "漢" + "\rz\033[K\n\033[31mred\033[0m longer\rshort\033[K"
    )
    assert terminal.screen() == ["ab字x", "y" * 59, "z", "short"]


def test_one_line_is_rewritten_and_gone_when_others_come(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", terminal.stream)
    monkeypatch.setattr(sys, "stderr", terminal.stream)
    with teller("t") as tell:
        tell(BUILD)
        assert terminal.screen() == ["  00002_b.sql, statement 3 of 7, 12s, building index: 43 %…"]
        tell(STEP._replace(elapsed_seconds=13.0))
        assert terminal.screen() == ["  00002_b.sql, statement 3 of 7, 13s"]
        out("  OK    00002_b.sql")
        assert terminal.screen() == ["  OK    00002_b.sql", ""]
        tell(STEP)
        tell(NOTE)
        tell(STEP)
        shown = ["  OK    00002_b.sql", "  note: waits for pid 7", "        to end it: x"]
        assert terminal.screen() == [*shown, "  00002_b.sql, statement 3 of 7, 12s"]
    assert terminal.screen() == [*shown, ""]
    out("after")
    assert terminal.screen() == [*shown, "after", ""]


def test_the_line_goes_when_the_run_fails(terminal: Terminal) -> None:
    with pytest.raises(ZeroDivisionError), teller("t", stream=terminal.stream) as tell:
        tell(STEP)
        raise ZeroDivisionError
    assert terminal.screen() == [""]


def test_wide_names_do_not_wrap(terminal: Terminal) -> None:
    with teller("t", stream=terminal.stream) as tell:
        for _ in range(3):
            tell(STEP._replace(migration=Migration(2, f"m/00002_{'漢' * 40}.sql")))
        (line,) = terminal.screen()
        assert line.startswith("  00002_漢漢") and line.endswith("漢…") and 57 <= columns(line) <= 59


def test_the_width_is_that_of_the_terminal_it_writes_to(monkeypatch: pytest.MonkeyPatch) -> None:
    narrow = Terminal(20)
    monkeypatch.setenv("COLUMNS", "200")
    tell = teller("t", stream=narrow.stream)
    tell(STEP)
    assert narrow.screen() == ["  00002_b.sql, sta…"]
    narrow.close()


def test_a_terminal_that_does_not_tell_its_width(terminal: Terminal) -> None:
    terminal.resize(0)
    teller("t", stream=terminal.stream)(STEP._replace(migration=Migration(2, "x" * 90)))
    terminal.screen()
    assert terminal.raw == f"\r  {'x' * 76}…\033[K"


def test_notes_are_yellow_where_colour_is_shown(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR")
    teller("t", stream=terminal.stream)(NOTE)
    assert terminal.screen()[0] == "  note: waits for pid 7"
    assert terminal.raw.startswith("\033[33m  note: waits for pid 7\033[0m\r\n")
    assert note_lines(NOTE, io.StringIO()) == "  note: waits for pid 7\n        to end it: x"
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert note_lines(NOTE, io.StringIO()).count("\033[33m") == 2


def test_no_password_is_shown() -> None:
    note = Notice("retry", "postgres://a:s3cret@h/d")
    assert "s3cret" not in note_lines(note, io.StringIO())
    assert "s3cret" not in str(notice_facts(note, "t"))


@pytest.mark.parametrize(
    ("as_json", "term", "kind"),
    [(False, "xterm", LineTeller), (False, "dumb", LogTeller), (True, "xterm", JsonTeller)],
)
def test_who_is_told_on_a_terminal(
    as_json: bool, term: str, kind: type, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", term)
    assert type(teller("t", as_json=as_json, stream=terminal.stream)) is kind
    assert type(teller("t", stream=io.StringIO())) is LogTeller


def test_a_log_is_never_silent_for_longer_than_half_a_minute(capsys: pytest.CaptureFixture[str]) -> None:
    log, clock = io.StringIO(), Clock()
    with LogTeller(log, clock) as tell:
        for _ in range(65):
            clock.now += 1
            tell(BUILD._replace(elapsed_seconds=clock.now - 1000))
        assert log.getvalue().splitlines() == [
            "  00002_b.sql, statement 3 of 7, 30s, building index: 43 % (scanning table)",
            "  00002_b.sql, statement 3 of 7, 1m0s, building index: 43 % (scanning table)",
        ]
        clock.now += 20
        out("another line")
        clock.now += 20
        tell(STEP)
        assert len(log.getvalue().splitlines()) == 2, "the other line was 20 seconds ago"
        tell(NOTE)
        tell(NOTE)
        assert log.getvalue().count("  note: waits for pid 7\n        to end it: x\n") == 2
    assert capsys.readouterr().out == "another line\n"


def test_programs_get_a_line_per_event(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    with JsonTeller("shop@dev", clock) as tell:
        for ahead in (0.0, 0.6, 0.3, 0.2):
            clock.now += ahead
            tell(STEP._replace(elapsed_seconds=clock.now - 1000))
        tell(NOTE)
        tell(NOTE)
    printed = capsys.readouterr()
    events = [json.loads(line) for line in printed.out.splitlines()]
    assert [event["event"] for event in events] == ["progress", "progress", "blocked", "blocked"]
    assert [event["elapsed_seconds"] for event in events[:2]] == [0.0, 1.1]
    assert events[2] == {
        "event": "blocked",
        "target": "shop@dev",
        "text": "waits for pid 7\nto end it: x",
        "blockers": [7],
    }
    assert printed.err == ""


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({}, "00002_b.sql, statement 3 of 7, 12s"),
        ({"direction": "down", "elapsed_seconds": 2411.0}, "00002_b.sql back, statement 3 of 7, 40m11s"),
        ({"phase": "initializing"}, "00002_b.sql, statement 3 of 7, 12s, initializing"),
        (
            {"phase": "waiting for old snapshots", "done": 1, "total": 3},
            "00002_b.sql, statement 3 of 7, 12s, waiting for old snapshots: 1 of 3 ended",
        ),
        (
            {"phase": "seq scanning heap", "done": 11, "total": 10},
            "00002_b.sql, statement 3 of 7, 12s, seq scanning heap: 100 %",
        ),
        ({"migration": Migration(2, "m/a\n\x1b[2J.sql")}, "a??[2J.sql, statement 3 of 7, 12s"),
    ],
)
def test_progress_in_words(fields: dict[str, object], line: str) -> None:
    assert progress_line(STEP._replace(**fields)) == line  # type: ignore[arg-type]


def test_progress_for_programs() -> None:
    facts = progress_facts(BUILD, "t")
    assert (facts["phase"], facts["done"], facts["total"]) == ("building index: scanning table", 43, 100)
    assert [progress_facts(STEP, "t")[name] for name in ("phase", "done", "total")] == [None] * 3
