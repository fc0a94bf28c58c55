"""The pages people read: links lead somewhere, and migrations shown on them keep the parser's rules."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from greylag.migrations.parser import parse
from greylag.model.migration import Migration

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/my-girok/**/*.md")])
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")
BLOCK = re.compile(r"^```sql\n(-- \+goose .*?)^```", re.MULTILINE | re.DOTALL)


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def test_there_are_links_and_blocks_to_look_at() -> None:
    texts = [page.read_text("utf-8") for page in PAGES]
    assert sum(len(LINK.findall(text)) for text in texts) > 30
    assert sum(len(BLOCK.findall(text)) for text in texts) > 5


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page: Path) -> None:
    links = LINK.findall(page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_migrations_on_a_page_parse_in_both_directions(page: Path, tmp_path: Path) -> None:
    for number, text in enumerate(BLOCK.findall(page.read_text("utf-8")), 1):
        path = tmp_path / f"{number}_shown.sql"
        path.write_text(text, "utf-8")
        migration = Migration(number, str(path))
        assert parse(migration, "up").count > 0, text
        assert (parse(migration, "down").count > 0) == ("+goose Down" in text), text
