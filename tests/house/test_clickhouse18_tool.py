"""``tools/clickhouse18`` where it cannot have the packages: a reason, and no error."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

TOOL = Path(__file__).parents[2] / "tools" / "clickhouse18"


def run(tmp_path: Path, programs: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a copy in a checkout of its own, with these shell scripts on PATH beside the plain programs."""
    (tmp_path / "tools").mkdir()
    (tmp_path / "bin").mkdir()
    copy = shutil.copy(TOOL, tmp_path / "tools")
    shell = shutil.which("sh") or "/bin/sh"
    for program in ("dirname", "mktemp", "mkdir", "rm", "tail", "timeout"):
        if found := shutil.which(program):
            os.symlink(found, tmp_path / "bin" / program)
    for program, text in programs.items():
        (tmp_path / "bin" / program).write_text(f"#!{shell}\n{text}\n")
        (tmp_path / "bin" / program).chmod(0o755)
    answer = subprocess.run(
        [shell, copy], capture_output=True, text=True, env={"PATH": str(tmp_path / "bin")}, timeout=60
    )
    assert (answer.returncode, answer.stderr) == (0, "")
    assert not (tmp_path / ".peers").exists()
    return answer


def test_no_debian(tmp_path: Path) -> None:
    assert run(tmp_path, {}).stdout == "clickhouse18: no Debian packages to take it from\n"


def test_another_debian(tmp_path: Path) -> None:
    said = run(tmp_path, {"apt-get": "exit 0", "dpkg-deb": "exit 0", "grep": "exit 1"}).stdout
    assert said == "clickhouse18: it takes Debian 12's packages, and this is another system\n"


def test_no_network(tmp_path: Path) -> None:
    refused = "echo E: Unable to connect; exit 100"
    said = run(tmp_path, {"apt-get": refused, "dpkg-deb": "exit 0", "grep": "exit 0"}).stdout
    assert said == "clickhouse18: Debian 12's packages are not to be had: E: Unable to connect\n"
