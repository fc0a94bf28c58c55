from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import greylag
from greylag.databases.postgres.careful.refusing import pooler_error
from greylag.errors import UsageError
from greylag.operations.troubles.pages import INDEX, folder, names, page

if TYPE_CHECKING:
    from pathlib import Path


def test_a_page_is_found_in_any_case() -> None:
    assert "42P10" in names() and INDEX not in names()
    assert page("42p10") == page("42P10")
    assert page("42P10").startswith("# 42P10: ")
    assert "42P10" in page(INDEX)


def test_a_page_that_is_not_there() -> None:
    with pytest.raises(UsageError) as caught:
        page("42P11")
    assert "did you mean '42P10'?" in str(caught.value.hint)


def test_an_installed_package_has_them_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = tmp_path / "greylag" / "docs" / "troubles"
    inside.mkdir(parents=True)
    monkeypatch.setattr(greylag, "__file__", str(tmp_path / "greylag" / "__init__.py"))
    assert folder() == str(inside)


def test_the_page_on_poolers_says_what_the_error_says() -> None:
    told = " ".join(page("G034").split())
    error = pooler_error()
    assert error.message in told and str(error.hint) in told, "also where no pooler plays its transcript"
