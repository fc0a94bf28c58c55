"""The reference page of the config file is the one the table of keys gives."""

from __future__ import annotations

from pathlib import Path

from greylag.environments.reference import describe

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "config.md"


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == describe(), "make docs writes it anew"


def test_the_whole_file_it_points_at_is_there() -> None:
    assert "../../examples/my-girok/greylag.toml" in describe()
    assert (PAGE.parent / "../../examples/my-girok/greylag.toml").resolve().is_file()
