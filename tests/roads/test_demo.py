"""``greylag demo`` twice: everything up to date at the end, and nothing left to clean away by hand."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.plugins.embedded import SECONDS

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.plugins.embedded import Ground

DATABASES = ("girok_auth", "girok_personal", "legal", "identity", "auth")


def demo(folder: Path) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-c", "from greylag.cli.main import main; main()", "demo"],
        capture_output=True, text=True, cwd=folder, timeout=2 * SECONDS, env=os.environ,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def test_the_demo_and_the_demo_again(ground: Ground) -> None:
    folder = ground.folder("play")
    for opening in ("copied to greylag-demo.", "The copy in greylag-demo is used again."):
        done = demo(folder)
        assert opening in done.stdout
        *_, matrix = done.stdout.split("$ greylag status\n")
        head, *rows = matrix.partition("\n\n")[0].splitlines()
        assert head.split()[-1] == "state" and len(rows) == len(DATABASES)
        assert [row.split()[1] for row in rows] == list(DATABASES)
        assert all(row.endswith("up to date") for row in rows), matrix
        assert done.stdout.count("$ greylag down auth-service@local") >= 1
        assert "nothing of it remains" in done.stderr and "SQLSTATE: 42804" in done.stderr
        assert "--> services/auth-service/migrations/20260301000000_link_devices.sql:4" in done.stderr
        assert "    6 |     user_id TEXT NOT NULL REFERENCES users(id) ON DELETE CASCADE,\n" in done.stderr
        assert done.stderr.count("error: ") == 1
        assert "Try next:" in done.stdout


def test_the_demo_names_its_targets_where_ci_is_set(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    assert "$ greylag up '*@local'" in demo(ground.folder("play")).stdout
