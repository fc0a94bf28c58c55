"""Where the programs are that greylag is measured against, and how to get them: ``make peers``."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

GOOSE_VERSION = "v3.27.3"
GOOSE_MODULE = f"github.com/pressly/goose/v3/cmd/goose@{GOOSE_VERSION}"
BIN = Path(__file__).resolve().parent.parent / ".peers" / "bin"


def is_goose(program: Path) -> bool:
    """Whether this is the real goose of the right version (greylag's own ``goose`` is a Python script)."""
    try:
        if program.read_bytes()[:2] == b"#!":
            return False
        answer = subprocess.run([str(program), "-version"], capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.stdout.strip() == f"goose version: {GOOSE_VERSION}"


def find_goose() -> Path | None:
    """$GREYLAG_GOOSE, then .peers/bin, then PATH: the first that is the real one."""
    named = os.environ.get("GREYLAG_GOOSE")
    on_path = shutil.which("goose")
    for place in (named, BIN / "goose", on_path):
        if place and is_goose(Path(place)):
            return Path(place)
    return None


def install_goose() -> str:
    """Build goose into .peers/bin unless it is there; one line that says what was done."""
    target = BIN / "goose"
    if is_goose(target):
        return f"goose {GOOSE_VERSION}: already in {target}"
    go = shutil.which("go") or shutil.which("go", path="/usr/local/go/bin")
    if go is None:
        return f"goose {GOOSE_VERSION}: not installed, there is no Go (https://go.dev/dl); peer tests are skipped"
    BIN.mkdir(parents=True, exist_ok=True)
    built = subprocess.run(
        [go, "install", GOOSE_MODULE], env={**os.environ, "GOBIN": str(BIN), "GOFLAGS": ""}
    )
    if built.returncode or not is_goose(target):
        sys.exit(f"goose {GOOSE_VERSION}: go install {GOOSE_MODULE} failed, see above")
    return f"goose {GOOSE_VERSION}: installed in {target}"


if __name__ == "__main__":
    print(install_goose())
