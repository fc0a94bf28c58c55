"""Run a program and see how long it took and how much memory it held at most."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

RUNS = 5


class Run(NamedTuple):
    """One run of one side."""

    seconds: float
    peak_mib: float


class FailedError(Exception):
    """A side did not do what it was asked."""


def environment() -> dict[str, str]:
    """This process's variables without what steers goose, libpq or Python's cache of compiled files."""
    steering = ("GOOSE_", "GREYLAG_", "PG", "PYTHON", "DATABASE_URL", "NO_COLOR")
    return {name: value for name, value in os.environ.items() if not name.startswith(steering)}


def run(
    words: list[str],
    *,
    expect: int = 0,
    more: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Run:
    """Run to the end, output thrown away unless the exit code is another than expected. Raises FailedError.

    ``more`` are further variables; ``folder`` is where it runs.
    """
    started = time.perf_counter()
    with subprocess.Popen(
        words,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**environment(), **(more or {})},
        cwd=folder,
    ) as child:
        assert child.stderr is not None
        said = child.stderr.read()
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - started
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != expect:
        last = said.decode(errors="replace").strip().splitlines()[-1:]
        raise FailedError(
            f"{os.path.basename(words[0])} ended with {child.returncode}: {' '.join(last)[:300]}"
        )
    return Run(seconds, usage.ru_maxrss / 1024)


def median(runs: list[Run]) -> Run:
    """The median of each figure."""
    return Run(statistics.median(r.seconds for r in runs), statistics.median(r.peak_mib for r in runs))


def side_by_side(left: Callable[[], Run], right: Callable[[], Run], runs: int = RUNS) -> tuple[Run, Run]:
    """Both sides in turn, each going first every other time; medians."""
    pairs = []
    for number in range(runs):
        if number % 2:
            second = right()
            pairs.append((left(), second))
        else:
            pairs.append((left(), right()))
    return median([pair[0] for pair in pairs]), median([pair[1] for pair in pairs])
