"""What the pages for newcomers show is what happens: their console blocks are typed and the answers compared."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.plugins.clickhouse import MISSING, is_there

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.plugins.embedded import Ground

ROOT = Path(__file__).parents[2]
PAGES = ["README.md", "docs/start/first-migration.md", "docs/how-to/when-a-run-fails.md"]
STEP = re.compile(
    r"^```(?P<kind>console|sql)\n(?P<text>.*?)^```|^<!-- the reader: (?P<reader>.+?) -->",
    re.MULTILINE | re.DOTALL,
)
ELISION = "…"


def _row_of_history(line: re.Match[str]) -> str:
    """A row of ``greylag history`` without widths, moment, duration and person."""
    cells = re.split(r" {2,}", line[0].strip())
    return " | ".join(
        "…" if re.match(r"20\d\d-|[\d.]+(µs|ms|s|m\d+s)$|\S+@", cell) else cell for cell in cells
    )


VARYING = (
    (re.compile(r"^  (when \(UTC\)|20\d\d-\d\d-\d\d ).*$", re.MULTILINE), _row_of_history),
    (re.compile(r"^bash: line \d+: +\d+ (Killed).*$", re.MULTILINE), r"\1"),
    (re.compile(r"\b20\d\d-\d\d-\d\d \d\d:\d\d:\d\d UTC"), "MOMENT"),
    (re.compile(r"by [\w.-]+@[\w.-]+,"), "by SOMEBODY,"),
    (re.compile(r"(\bpid |pg_terminate_backend\()\d+"), r"\1PID"),
    (re.compile(r"(waits|open for|again in) \d+(\.\d)? s\b"), r"\1 SECONDS"),
    (re.compile(r"\(\d+(\.\d+)?(ms|s|µs)\)"), "(DURATION)"),
    (re.compile(r"(127\.0\.0\.1:|localhost:)\d+"), r"\1PORT"),
    (re.compile(r"\d{4}/\d\d/\d\d \d\d:\d\d:\d\d"), "LOG TIME"),
    (re.compile(r"[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}"), "TIME"),
    (re.compile(r"\b20\d{12}(?=\b|_)"), "VERSION"),
    (re.compile(r"PostgreSQL 16\.\d+"), "PostgreSQL 16.N"),
    (re.compile(r"[ \t]+$", re.MULTILINE), ""),
)


class Command(NamedTuple):
    """A command as a page shows it, and the output under it."""

    text: str
    shown: str


def commands(block: str) -> Iterator[Command]:
    """``$ `` begins a command, ``> `` goes on with it, all else is its output."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        lines = part.splitlines()
        more = [line[2:] for line in lines[1:] if re.match(r"> |>$", line)]
        yield Command("\n".join([lines[0], *more]), "\n".join(lines[1 + len(more) :]))


def normalised(text: str) -> str:
    for pattern, word in VARYING:
        text = pattern.sub(word, text)
    return text.strip("\n")


def matches(shown: str, seen: str) -> bool:
    """Whether they are the same; a line of ``…`` in what is shown stands for any lines, or none."""
    lines = normalised(shown).split("\n")
    pattern = "".join("(?:.*\n)*" if line == ELISION else re.escape(f"{line}\n") for line in lines)
    return re.fullmatch(pattern, f"{normalised(seen)}\n") is not None


class Terminal:
    """A shell that keeps its working folder, with greylag and goose on PATH."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made = ""
        self.environ = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "TZ": "UTC",
            "PAGER": "cat",
            "LC_ALL": "C.UTF-8",
        }

    def type(self, text: str) -> str:
        """Both streams of a command, as a terminal shows them."""
        note = self.folder.parent / "folder-of-the-shell"
        answer = subprocess.run(
            ["bash", "-c", f'{text}\npwd > "$1"', "bash", str(note)],
            cwd=self.folder,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=60,
        )
        self.folder = Path(note.read_text().strip())
        if text.startswith("greylag new "):
            self.made = answer.stdout.strip()
        return answer.stdout

    def write(self, migration: str) -> None:
        """Do what a page asks for when it shows a migration: write it into the file that new has made."""
        (self.folder / self.made).write_text(migration, "utf-8")


def play(page: str, terminal: Terminal) -> Iterator[tuple[Command, str]]:
    """Go through a page as its reader does; every command with what it printed."""
    for step in STEP.finditer(page):
        if step["reader"]:
            terminal.type(step["reader"])
        elif step["kind"] == "sql":
            terminal.write(step["text"])
        else:
            for command in commands(step["text"]):
                yield command, terminal.type(command.text)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_shows_what_happens(name: str, ground: Ground) -> None:
    page = (ROOT / name).read_text("utf-8")
    if "ClickHouse  local" in page and not is_there():
        pytest.skip(MISSING)
    typed = 0
    for command, seen in play(page, Terminal(ground.folder("home"))):
        assert matches(command.shown, seen), f"$ {command.text}\nshown:\n{command.shown}\nseen:\n{seen}"
        typed += 1
    assert typed > 8


@pytest.mark.parametrize(
    ("shown", "seen", "same"),
    [
        ("OK 1 (2.5ms)", "OK 1 (17.03ms)\n", True),
        ("at 127.0.0.1:5000", "at 127.0.0.1:6000", True),
        ("a\n…\nd", "a\nb\nc\nd", True),
        ("a\n…\nd", "a\nd", True),
        ("a\n…\nd", "a\nb\nc", False),
        ("applied", "pending", False),
        ("", "an answer", False),
    ],
)
def test_what_counts_as_the_same(shown: str, seen: str, same: bool) -> None:
    assert matches(shown, seen) == same
