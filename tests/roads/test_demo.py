"""``greylag demo`` twice: everything up to date at the end, and nothing left to clean away by hand."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.plugins.clickhouse import MISSING, is_there
from tests.plugins.embedded import SECONDS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.plugins.embedded import Ground

ON_POSTGRES = ("girok_auth", "girok_personal", "legal", "identity", "auth")
DATABASES = (*ON_POSTGRES, "audit_db", "analytics_db")
START = "from greylag.cli.main import main; main()"
WITHOUT_CLICKHOUSE = f"import sys; sys.modules['chdb'] = None; {START}"

needs_clickhouse = pytest.mark.skipif(not is_there(), reason=MISSING)

MIGRATIONS = "services/auth-service/migrations"
INDEXED = "20260302000000_index_devices.sql"
WIDENED = "20260303000000_add_device_platform.sql"
COUNTED = "20260304000000_add_hourly_errors.sql"


def greylag(
    folder: Path, *words: str, code: int = 0, program: str = START
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-c", program, *words],
        capture_output=True, text=True, cwd=folder, timeout=2 * SECONDS, env=os.environ,
    )  # fmt: skip
    assert done.returncode == code, done.stdout + done.stderr
    return done


def demo(folder: Path) -> subprocess.CompletedProcess[str]:
    return greylag(folder, "demo")


def rows_of_the_last_matrix(output: str, command: str, databases: tuple[str, ...]) -> None:
    *_, matrix = output.split(f"$ {command}\n")
    head, *rows = matrix.partition("\n\n")[0].splitlines()
    assert head.split()[2] == "engine" and head.split()[-1] == "state"
    assert [row.split()[1] for row in rows] == list(databases)
    assert all(row.endswith("up to date") for row in rows), matrix


@needs_clickhouse
def test_the_demo_and_the_demo_again(ground: Ground) -> None:
    folder = ground.folder("play")
    for opening in ("copied to greylag-demo.", "The copy in greylag-demo is used again."):
        done = demo(folder)
        assert opening in done.stdout
        rows_of_the_last_matrix(done.stdout, "greylag status", DATABASES)
        assert done.stdout.count("$ greylag down auth-service@local") >= 1
        assert "nothing of it remains" in done.stderr and "SQLSTATE: 42804" in done.stderr
        assert "--> services/auth-service/migrations/20260301000000_link_devices.sql:4" in done.stderr
        assert "    6 |     user_id TEXT NOT NULL REFERENCES users(id) ON DELETE CASCADE,\n" in done.stderr
        assert done.stderr.count("error: ") == 3
        see_a_file_go_on(done)
        see_a_lock(done)
        see_clickhouse_go_on(done)
        assert "Try next:" in done.stdout


def see_a_file_go_on(done: subprocess.CompletedProcess[str]) -> None:
    assert f"error: {INDEXED} failed: " in done.stderr
    assert f"note: {INDEXED}: goes on with statement 2 of 3, line 6" in done.stderr
    rows = [line.split() for line in done.stdout.splitlines() if " 20260302000000 " in line]
    shown = [" ".join(row[3:-3]) for row in rows if row[-1] != "exist"]
    assert any(text.startswith("statement 3 up done") for text in shown), shown
    assert len([text for text in shown if text.startswith("statement 1 up")]) == 1, shown


def see_a_lock(done: subprocess.CompletedProcess[str]) -> None:
    assert f"note: {WIDENED}, statement 1 waits " in done.stderr
    assert '"weekly report", idle in transaction' in done.stderr
    assert f"note: {WIDENED}: given up after a lock timeout" in done.stderr
    assert f"OK    {WIDENED}" in done.stdout
    assert "s for locks, " in done.stdout


def see_clickhouse_go_on(done: subprocess.CompletedProcess[str]) -> None:
    assert f"error: {COUNTED} failed: " in done.stderr and "Maybe you meant: ['occurred_at']" in done.stderr
    assert f"--> services/analytics-service/migrations/{COUNTED}:22:25\n   22 | AS SELECT" in done.stderr
    assert f"note: {COUNTED}: goes on with statement 2 of 2" in done.stderr
    assert "note: the embedded ClickHouse is one node: " in done.stderr


def test_without_clickhouse_its_part_is_left_out_and_a_line_says_how_to_get_it(ground: Ground) -> None:
    folder = ground.folder("play")
    done = greylag(folder, "demo", program=WITHOUT_CLICKHOUSE)
    assert [line for line in done.stdout.splitlines() if "pip install" in line] == [
        "# The two of them on ClickHouse are left out. To see them too: pip install 'greylag[clickhouse]'"
    ]
    words = " ".join(f"{name}-service@local" for name in ("auth", "personal", "legal", "identity"))
    rows_of_the_last_matrix(done.stdout, f"greylag status {words}", ON_POSTGRES)
    see_a_file_go_on(done)
    see_a_lock(done)
    assert done.stderr.count("error: ") == 2 and "ClickHouse" not in done.stderr
    assert not (folder / "greylag-demo" / ".greylag" / "clickhouse").exists()


@needs_clickhouse
def test_the_demo_names_its_targets_where_ci_is_set(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    assert "$ greylag up '*@local'" in demo(ground.folder("play")).stdout


@needs_clickhouse
def test_a_demo_that_was_broken_off_is_finished_by_the_next(ground: Ground) -> None:
    folder = ground.folder("play")
    demo(folder)
    copy = folder / "greylag-demo"
    greylag(copy, "down-to", "20260301000000", "auth-service@local")
    for name in (INDEXED, WIDENED):
        (copy / MIGRATIONS / name).unlink()
    broken = copy / "broken" / INDEXED
    (copy / MIGRATIONS / INDEXED).write_bytes(broken.read_bytes())
    greylag(copy, "up", "auth-service@local", code=1)
    counted = f"services/analytics-service/migrations/{COUNTED}"
    greylag(copy, "down", "analytics-service@local")
    (copy / counted).write_bytes((copy / "broken" / COUNTED).read_bytes())
    greylag(copy, "up", "analytics-service@local", code=1)
    done = demo(folder)
    for service in ("auth-service", "analytics-service"):
        assert f"what the last demo left in {service} is finished and taken back" in done.stdout
    assert done.stderr.count(f"note: {COUNTED}: goes on with statement 2 of 2") == 2
    assert done.stderr.count(f"note: {INDEXED}: goes on with statement 2 of 3") == 2
