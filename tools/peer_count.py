"""How many tests against real peers ran and how many were skipped, from pytest's JUnit report."""

from __future__ import annotations

import sys
from pathlib import Path
from xml.etree import ElementTree


def peer_line(report: str) -> str:
    """One line with both counts and the reasons of the skipped. Raises ParseError for a report cut short."""
    cases = [
        case
        for case in ElementTree.fromstring(report).iter("testcase")  # noqa: S314  # pytest wrote it just now
        if case.get("classname", "").startswith("tests.peers.")
    ]
    skips = [skip for case in cases for skip in case.findall("skipped")]
    reasons = sorted({skip.get("message", "no reason given") for skip in skips})
    line = f"peer tests: {len(cases) - len(skips)} ran, {len(skips)} skipped"
    return f"{line} ({'; '.join(reasons)})" if reasons else line


if __name__ == "__main__":
    try:
        print(peer_line(Path(sys.argv[1]).read_text("utf-8")))
    except ElementTree.ParseError as error:
        sys.exit(f"peer tests: pytest left no whole report ({error})")
