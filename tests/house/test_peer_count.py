"""The line about peer tests at the end of .ci/run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROGRAM = Path(__file__).parents[2] / "tools" / "peer_count.py"


def count(tmp_path: Path, report: str) -> subprocess.CompletedProcess[str]:
    file = tmp_path / "report.xml"
    file.write_text(report)
    return subprocess.run([sys.executable, str(PROGRAM), str(file)], capture_output=True, text=True)


def test_it_counts_peer_tests_alone(tmp_path: Path) -> None:
    report = (
        '<testsuites><testsuite><testcase classname="tests.peers.test_a"/>'
        '<testcase classname="tests.peers.test_a"/><testcase classname="tests.unit.test_b"><skipped message="x"/>'
        '</testcase><testcase classname="tests.peers.test_a"><skipped message="no goose"/></testcase></testsuite></testsuites>'
    )
    assert count(tmp_path, report).stdout == "peer tests: 2 ran, 1 skipped (no goose)\n"


def test_none_is_said_too(tmp_path: Path) -> None:
    assert count(tmp_path, "<testsuites/>").stdout == "peer tests: 0 ran, 0 skipped\n"


def test_a_report_cut_short_fails(tmp_path: Path) -> None:
    answer = count(tmp_path, "<testsuites>")
    assert answer.returncode == 1
    assert answer.stderr.startswith("peer tests: pytest left no whole report")
