"""``tools/prisma`` where it cannot have the packages: a reason, and no error."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from tests.plugins import prisma

TOOL = Path(__file__).parents[2] / "tools" / "prisma"


def run(tmp_path: Path, programs: dict[str, str]) -> str:
    """What a copy says in a checkout of its own, with these shell scripts on PATH beside the plain programs."""
    (tmp_path / "tools").mkdir()
    (tmp_path / "bin").mkdir()
    copy = shutil.copy(TOOL, tmp_path / "tools")
    shell = shutil.which("sh") or "/bin/sh"
    for program in ("dirname", "cat", "mkdir", "tail"):
        os.symlink(shutil.which(program) or program, tmp_path / "bin" / program)
    for program, text in programs.items():
        (tmp_path / "bin" / program).write_text(f"#!{shell}\n{text}\n")
        (tmp_path / "bin" / program).chmod(0o755)
    path = {"PATH": str(tmp_path / "bin")}
    answer = subprocess.run([shell, copy], capture_output=True, text=True, env=path, timeout=60)
    assert (answer.returncode, answer.stderr) == (0, "")
    return answer.stdout


def test_no_node(tmp_path: Path) -> None:
    assert run(tmp_path, {}) == "prisma 6.19.3: not installed, there is no Node to run it\n"
    assert not (tmp_path / ".peers").exists()


def test_no_network(tmp_path: Path) -> None:
    said = run(tmp_path, {"node": "exit 0", "npm": "echo npm error network unreachable; exit 1"})
    assert said == "prisma 6.19.3: not to be had: npm error network unreachable\n"
    assert not (tmp_path / ".peers" / "prisma" / "version").exists()


def test_the_tests_speak_of_the_version_that_is_brought() -> None:
    found = re.search(r"^version=(.+)$", TOOL.read_text("utf-8"), re.MULTILINE)
    assert found and found[1] in prisma.NONE
