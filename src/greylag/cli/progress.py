"""Telling what a run does while it does it: a line rewritten on a terminal, plain lines or JSON elsewhere."""

from __future__ import annotations

import os
import sys
from abc import ABC, abstractmethod
from time import monotonic
from typing import TYPE_CHECKING

from greylag.cli.colour import tint
from greylag.cli.columns import cut
from greylag.cli.render import clear_before_lines, out_json
from greylag.model.event import Notice
from greylag.model.go_duration import show_duration
from greylag.model.masking import masked

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Self, TextIO

    from greylag.model.event import Progress

_SILENCE_SECONDS = 30.0
"""A log that shows nothing for longer looks like one of a run that hangs."""
_JSON_SECONDS = 1.0
_COLUMNS = 80
"""The width of a terminal that does not tell its own."""


def teller(target: str, *, as_json: bool = False, stream: TextIO | None = None) -> Teller:
    """Whom a run on ``target`` tells its notices and progress; ``stream`` is stderr when not given.

    To be entered for as long as the run goes on: while it is, no line of progress mixes with other lines.
    """
    if as_json:
        return JsonTeller(target)
    stream = stream or sys.stderr
    steers = stream.isatty() and os.environ.get("TERM") != "dumb"
    return LineTeller(stream) if steers else LogTeller(stream)


class Teller(ABC):
    """Told while a run goes on; see greylag.model.care.Tell."""

    def __call__(self, event: Notice | Progress) -> None:
        """Show a notice, or how far a file is."""
        if isinstance(event, Notice):
            self.notice(event)
        else:
            self.progress(event)

    @abstractmethod
    def notice(self, notice: Notice) -> None:
        """Show a notice at once."""

    @abstractmethod
    def progress(self, progress: Progress) -> None:
        """Show how far a file is, or leave it out."""

    @abstractmethod
    def make_room(self) -> None:
        """Another line is about to be printed."""

    def __enter__(self) -> Self:
        clear_before_lines(self.make_room)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.make_room()
        clear_before_lines(None)


class LogTeller(Teller):
    """For a log: notices, and progress only when nothing else was printed for half a minute."""

    def __init__(self, stream: TextIO, clock: Callable[[], float] = monotonic) -> None:
        self._stream = stream
        self._clock = clock
        self._last = clock()

    def notice(self, notice: Notice) -> None:
        """One or more lines."""
        self._write(note_lines(notice, self._stream))

    def progress(self, progress: Progress) -> None:
        """A line, if the last one is long ago."""
        if self._clock() - self._last >= _SILENCE_SECONDS:
            self._write(f"  {progress_line(progress)}")

    def make_room(self) -> None:
        """A line breaks the silence, whoever prints it."""
        self._last = self._clock()

    def _write(self, text: str) -> None:
        self.make_room()
        self._stream.write(f"{text}\n")
        self._stream.flush()


class LineTeller(Teller):
    """For a terminal: one line that is rewritten, and gone before any other is printed."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._shown = False

    def notice(self, notice: Notice) -> None:
        """One or more lines that stay."""
        self.make_room()
        self._write(f"{note_lines(notice, self._stream)}\n")

    def progress(self, progress: Progress) -> None:
        """Rewrite the line; the last column stays free, because terminals differ in what comes after it."""
        text = cut(f"  {progress_line(progress)}", self._columns() - 1)
        self._write(f"\r{text}\033[K")
        self._shown = True

    def make_room(self) -> None:
        """Take the line away."""
        if self._shown:
            self._write("\r\033[K")
            self._shown = False

    def _columns(self) -> int:
        # shutil.get_terminal_size asks about stdout, which may lead elsewhere
        try:
            return os.get_terminal_size(self._stream.fileno()).columns or _COLUMNS
        except OSError:
            return _COLUMNS

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


class JsonTeller(Teller):
    """For programs: an object per line on stdout, progress at most once a second."""

    def __init__(self, target: str, clock: Callable[[], float] = monotonic) -> None:
        self._target = target
        self._clock = clock
        self._next = clock()

    def make_room(self) -> None:
        """Nothing is in the way: every event is a line of its own."""

    def notice(self, notice: Notice) -> None:
        """Print it as docs/reference/json.md says."""
        out_json(notice_facts(notice, self._target))

    def progress(self, progress: Progress) -> None:
        """Print it, unless the last one is less than a second old."""
        now = self._clock()
        if now >= self._next:
            self._next = now + _JSON_SECONDS
            out_json(progress_facts(progress, self._target))


def note_lines(notice: Notice, stream: TextIO) -> str:
    """A notice for people; what follows its first line is set under it."""
    first, *more = masked(notice.text).splitlines() or [""]
    lines = [f"  note: {first}", *(f"        {line}" for line in more)]
    return "\n".join(tint(line, "warn", stream=stream) for line in lines)


def progress_line(progress: Progress) -> str:
    """File, statement, time, and the server's phase where it tells one."""
    back = "" if progress.direction == "up" else " back"
    took = show_duration(int(progress.elapsed_seconds) * 1_000_000_000)
    name = "".join(char if char.isprintable() else "?" for char in progress.migration.name)
    parts = [f"{name}{back}", f"statement {progress.number} of {progress.count}", took]
    if progress.phase:
        parts.append(_phase(progress))
    return ", ".join(parts)


def _phase(progress: Progress) -> str:
    """``building index: scanning table`` at 43 of 100 is ``building index: 43 % (scanning table)``."""
    phase, done, total = progress.phase, progress.done, progress.total
    if total <= 0:
        return phase
    if phase.startswith("waiting"):
        return f"{phase}: {done} of {total} ended"
    work, _, step = phase.partition(": ")
    share = f"{work}: {min(100, done * 100 // total)} %"
    return f"{share} ({step})" if step else share


def notice_facts(notice: Notice, target: str) -> dict[str, object]:
    """A notice as JSON: ``event`` is its kind; its facts cannot take the place of these three."""
    named = {"event": notice.kind, "target": target, "text": masked(notice.text)}
    return {**named, **notice.facts, **named}


def progress_facts(progress: Progress, target: str) -> dict[str, object]:
    """Progress as JSON; ``phase``, ``done`` and ``total`` are null where the server tells none."""
    return {
        "event": "progress",
        "target": target,
        "version": progress.migration.version,
        "file": progress.migration.path,
        "direction": progress.direction,
        "statement": progress.number,
        "statements": progress.count,
        "elapsed_seconds": round(progress.elapsed_seconds, 1),
        "phase": progress.phase or None,
        "done": progress.done if progress.total else None,
        "total": progress.total or None,
    }
