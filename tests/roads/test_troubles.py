"""Every page on a trouble shows what really happens: its files are run and its message compared."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from greylag import errors
from greylag.cli.guard import outcome
from greylag.cli.main import greylag_command
from greylag.operations.careful import OutOfOrderError
from greylag.operations.troubles.registry import TROUBLES
from tests.roads.trouble_pages import CONSOLE, FOLDER, Page, index, pages

if TYPE_CHECKING:
    from pathlib import Path

PAGES = pages()
SHOWING = [page for page in PAGES if CONSOLE.search(page.text)]
SECTIONS = ["What you see", "Why", "How to mend it", "How to avoid it"]


def name_of(page: Page) -> str:
    return page.name


@pytest.mark.parametrize("page", SHOWING, ids=name_of)
def test_a_page_shows_what_is_printed(page: Page, database: str, tmp_path: Path) -> None:
    seen = page.run(database, tmp_path)
    assert seen.startswith("error: ") and f"see: greylag explain {page.name}\n" in seen
    assert seen == page.shown, "python -m tests.roads.trouble_pages writes it anew"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_page_has_its_sections(page: Page) -> None:
    assert page.text.startswith(f"# {page.name}: ")
    assert re.findall(r"^## (.+)$", page.text, re.MULTILINE) == SECTIONS


def test_every_trouble_has_its_page() -> None:
    assert {trouble.shown_on for trouble in TROUBLES} - {page.name for page in PAGES} == set()


def test_every_kind_of_error_that_names_a_page_has_it() -> None:
    named = {kind.page for kind in (*vars(errors).values(), OutOfOrderError) if hasattr(kind, "page")} - {""}
    assert {"G013", "G031", "G035"} < named
    assert named - {page.name for page in PAGES} == set()


def test_the_index_lists_every_page() -> None:
    assert (FOLDER / "README.md").read_text("utf-8") == index()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_explain_prints_it(page: Page, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["explain", page.name.lower()]
    assert outcome(lambda: greylag_command.main(words, prog_name="greylag", standalone_mode=False)) == 0
    printed = capsys.readouterr().out
    assert printed.startswith(f"{page.name}: {page.title}\n")
    assert all(f"\n{section}\n" in printed for section in SECTIONS)
