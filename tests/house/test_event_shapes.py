"""What a run tells programs while it waits is what the golden files and docs/reference/json.md promise."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.golden import event_cases

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "json.md").read_text("utf-8")


@pytest.mark.parametrize("name", event_cases.CASES)
def test_golden(name: str) -> None:
    assert (event_cases.FOLDER / f"{name}.json").read_text("utf-8") == event_cases.text(name)


def test_every_golden_file_has_its_case() -> None:
    assert {path.stem for path in event_cases.FOLDER.iterdir()} == set(event_cases.CASES)


def fields(value: Any) -> set[str]:
    """The names of all fields, those of objects inside included."""
    if isinstance(value, dict):
        return set(value).union(*map(fields, value.values()))
    return set().union(*map(fields, value)) if isinstance(value, list) else set()


@pytest.mark.parametrize("name", event_cases.CASES)
def test_the_page_names_every_field(name: str) -> None:
    (row,) = re.findall(rf"^\| `{name}` \|(.+)$", PAGE, re.MULTILINE)
    section = re.search(r"(?s)^### A session in front\n(.+?)\n##", PAGE, re.MULTILINE)
    assert section is not None
    common = {"event", "target", "text"} if name != "progress" else {"event", "target"}
    named = set(re.findall(r"`(\w+)`", row + section.group(1) * (name == "blocked")))
    found = fields(json.loads(event_cases.text(name)))
    assert len(found) > 5 and sorted(found - named - common) == []
