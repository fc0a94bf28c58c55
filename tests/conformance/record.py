"""Fill in expected.json with what a real goose does: ``python -m tests.conformance.record GOOSE [NAME …]``."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path

from tests.conformance.scenario import SCENARIOS, Scenario
from tests.plugins.postgres import new_server


def main(goose: str, names: list[str]) -> None:
    """Record the scenarios named, or all of them."""
    server = new_server()
    try:
        for name in names or sorted(found.parent.name for found in SCENARIOS.glob("*/scenario.toml")):
            with tempfile.TemporaryDirectory() as base:
                steps = Scenario(SCENARIOS / name, Path(base), server).play([goose])
            text = json.dumps({"steps": steps}, indent=1, ensure_ascii=False) + "\n"
            (SCENARIOS / name / "expected.json").write_text(text)
            sys.stdout.write(f"{name}: {len(steps)} steps\n")
    finally:
        server.stop()
        shutil.rmtree(server.base, ignore_errors=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
