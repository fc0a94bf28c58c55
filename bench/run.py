"""Both sides in one run, side by side: ``make bench``, ``make bench CASES='latency status'``, ``--quick``.

Medians of five (more for commands of milliseconds, one run for the large files), each side on fresh databases of
one throwaway PostgreSQL with its defaults, or of one ClickHouse a case (the embedded engine behind HTTP). Exit code 1 when a case misses what is wanted or cannot run.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile

import servers
from cases import CASES, Line, run_case

import peers

WIDTHS = (52, 12, 12, 7, 10)
HEAD = ("case", "theirs", "ours", "ratio", "wanted")


def _row(cells: tuple[str, ...], verdict: str) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, WIDTHS, strict=True)) + f"  {verdict}"


def _shown(line: Line) -> str:
    ratio = "" if line.ratio is None else f"{line.ratio:.2f}"
    verdict = "ok" if line.fine else "MISSED"
    return _row((line.case, line.theirs, line.ours, ratio, line.wanted), f"{verdict}  {line.note}".rstrip())


def _compile_ours() -> None:
    """As pip does on installation: a first start that compiles is no start of everyday life."""
    subprocess.run(
        [sys.executable, "-m", "compileall", "-q", "src"],
        cwd=servers.HERE.parent,
        env={name: value for name, value in os.environ.items() if not name.startswith("PYTHON")},
        check=True,
    )


def main(words: list[str]) -> int:
    """Print one table and give back the exit code."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("cases", nargs="*", help=f"which (default all): {' '.join(CASES)}")
    parser.add_argument(
        "--quick", action="store_true", help="small inputs: to try the bench, not to quote it"
    )
    given = parser.parse_args(words)
    unknown = [name for name in given.cases if name not in CASES]
    if unknown:
        print(f"bench: no case {', '.join(unknown)}; there are {', '.join(CASES)}", file=sys.stderr)
        return 2
    peer = peers.find_goose()
    if peer is None:
        print(f"bench: error: no goose {peers.GOOSE_VERSION} to measure against: make peers", file=sys.stderr)
        return 1
    _compile_ours()
    with tempfile.TemporaryDirectory(prefix="greylag-bench-cache-") as cache, servers.postgres() as postgres:
        os.environ["XDG_CACHE_HOME"] = cache  # scratch folders have no place in the user's own
        version = postgres.run("postgres", "--version").rpartition(" ")[2]
        round_trip = servers.measured_round_trip_ms(5)
        print(
            f"goose {peers.GOOSE_VERSION}, Python {platform.python_version()}, PostgreSQL {version}, "
            f"{os.cpu_count()} CPUs; the 5 ms line measures {round_trip:.2f} ms"
        )
        if given.quick:
            print("QUICK RUN: small inputs, the figures mean nothing")
        print(_row(HEAD, "verdict"), flush=True)
        missed = 0
        for name in given.cases or CASES:
            line = run_case(name, postgres, str(peer), quick=given.quick)
            missed += not line.fine
            print(_shown(line), flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
