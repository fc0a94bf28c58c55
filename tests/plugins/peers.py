"""The real programs greylag stands in for, where this machine has them."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

GOOSE_VERSION = "v3.27.3"
REPOSITORY = Path(__file__).resolve().parents[2]


def _answers(program: Path) -> bool:
    """Whether this is the real goose: greylag's own script answers ``-version`` in the same words."""
    if not program.is_file() or program.read_bytes()[:2] == b"#!":
        return False
    answer = subprocess.run([str(program), "-version"], capture_output=True, text=True, timeout=30)
    return answer.stdout.strip() == f"goose version: {GOOSE_VERSION}"


@pytest.fixture(scope="session")
def goose_binary() -> Path:
    """The real goose: $GREYLAG_GOOSE, then .peers/bin, then PATH; the test is skipped where it is missing."""
    named, on_path = os.environ.get("GREYLAG_GOOSE"), shutil.which("goose")
    for place in (named, REPOSITORY / ".peers" / "bin" / "goose", on_path):
        if place and _answers(Path(place)):
            return Path(place)
    pytest.skip(f"no goose {GOOSE_VERSION} on this machine: make peers")
