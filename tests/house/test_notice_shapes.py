"""What careful runs tell programs is what the golden files and docs/reference/json.md promise."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.golden import notice_cases

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "json.md").read_text("utf-8")
TABLE = PAGE.partition("\n### Notices\n")[2].partition("\n### ")[0]
COMMON = {"event", "target", "text"}


@pytest.mark.parametrize("name", notice_cases.CASES)
def test_golden(name: str, database: str, tmp_path: Path) -> None:
    golden = (notice_cases.FOLDER / f"{name}.json").read_text("utf-8")
    assert notice_cases.text(name, database, tmp_path) == golden


def test_every_golden_file_has_its_case() -> None:
    assert {path.stem for path in notice_cases.FOLDER.iterdir()} == set(notice_cases.CASES)


@pytest.mark.parametrize("name", notice_cases.CASES)
def test_the_page_names_every_field(name: str) -> None:
    (row,) = re.findall(rf"^\| `{name}` \|(.+)$", TABLE, re.MULTILINE)
    found = set(json.loads((notice_cases.FOLDER / f"{name}.json").read_text("utf-8")))
    assert found > COMMON and sorted(found - COMMON - set(re.findall(r"`(\w+)`", row))) == []
