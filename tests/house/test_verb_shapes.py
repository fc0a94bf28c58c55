"""What status, plan, history and resolve print is what the golden files and docs/reference/json.md promise."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.golden import verb_cases

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "json.md").read_text("utf-8")


@pytest.mark.parametrize("name", verb_cases.CASES)
def test_golden(name: str) -> None:
    assert (verb_cases.FOLDER / name).read_text("utf-8") == verb_cases.CASES[name]()


def test_every_golden_file_has_its_case() -> None:
    assert {path.name for path in verb_cases.FOLDER.iterdir()} == set(verb_cases.CASES)


def fields(value: Any) -> set[str]:
    """The names of all fields, those of objects inside included."""
    if isinstance(value, dict):
        return set(value).union(*map(fields, value.values()))
    return set().union(*map(fields, value)) if isinstance(value, list) else set()


@pytest.mark.parametrize("name", [name for name in verb_cases.CASES if name.endswith(".json")])
def test_the_page_names_every_field(name: str) -> None:
    found = fields(json.loads(verb_cases.CASES[name]()))
    assert len(found) > 5 and sorted(found - set(re.findall(r"`(\w+)`", PAGE))) == []
