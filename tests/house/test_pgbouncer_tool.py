"""``tools/pgbouncer`` where it cannot have one: a reason, and no error."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

TOOL = Path(__file__).parents[2] / "tools" / "pgbouncer"


def run(tmp_path: Path, *programs: str) -> subprocess.CompletedProcess[str]:
    """Run a copy in a checkout of its own, with these programs on PATH and no others."""
    (tmp_path / "tools").mkdir()
    (tmp_path / "bin").mkdir()
    copy = shutil.copy(TOOL, tmp_path / "tools")
    for program in ("dirname", *programs):
        if found := shutil.which(program):
            os.symlink(found, tmp_path / "bin" / program)
    shell = shutil.which("sh") or "/bin/sh"
    return subprocess.run(
        [shell, copy], capture_output=True, text=True, env={"PATH": str(tmp_path / "bin")}, timeout=60
    )


def test_no_debian(tmp_path: Path) -> None:
    answer = run(tmp_path)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout == "pgbouncer: not on PATH, and no Debian packages to take it from\n"
    assert not (tmp_path / ".peers").exists()


def test_one_that_is_installed_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "own").mkdir()
    program = tmp_path / "own" / "pgbouncer"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "own"), prepend=":")
    answer = run(tmp_path, "pgbouncer")
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.endswith("/bin/pgbouncer is there\n")
    assert not (tmp_path / ".peers").exists()
