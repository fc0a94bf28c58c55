"""The crash scenarios kept beside this checkout, played against greylag by their own runner."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

RUNNER = Path(__file__).parents[3] / "shared" / "conformance" / "rehearse" / "resume_run.py"


def test_every_shared_crash_but_those_of_clickhouse() -> None:
    if not RUNNER.exists():
        pytest.skip("no ../shared/conformance/rehearse beside this checkout")
    candidate = f"{shlex.quote(sys.executable)} -m greylag {{verb}} --dsn {{dsn}} --dir {{dir}} --yes"
    done = subprocess.run(
        [sys.executable, str(RUNNER), "--candidate", candidate, "--no-clickhouse"],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    last = done.stdout.splitlines()[-1] if done.stdout else done.stderr
    counts = re.fullmatch(r"(\d+) passed, (\d+) failed", last)
    assert counts is not None, done.stderr
    assert int(counts[2]) == 0, done.stdout
    assert int(counts[1]) >= 10
