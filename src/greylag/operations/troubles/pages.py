"""The pages of the manual on troubles: Markdown files, shipped inside the package."""

from __future__ import annotations

import os

import greylag
from greylag.environments.nearest import did_you_mean
from greylag.errors import UsageError

INDEX = "README"


def folder() -> str:
    """Where the pages lie: inside an installed package, beside the sources in a checkout."""
    package = os.path.dirname(os.path.abspath(greylag.__file__))
    inside = os.path.join(package, "docs", "troubles")
    if os.path.isdir(inside):
        return inside
    return os.path.join(os.path.dirname(os.path.dirname(package)), "docs", "troubles")


def names() -> list[str]:
    """The names of all pages but the index: a SQLSTATE, a code of greylag's, or a word."""
    return sorted(name.removesuffix(".md") for name in os.listdir(folder()) if name != f"{INDEX}.md")


def page(name: str) -> str:
    """The text of a page; its name in any case. Raises UsageError when there is none of that name."""
    known = {each.lower(): each for each in [*names(), INDEX]}
    found = known.get(name.lower())
    if found is None:
        raise UsageError(
            f"there is no page about {name!r}",
            hint=f"{did_you_mean(name, names())}\ngreylag explain lists all of them",
        )
    with open(os.path.join(folder(), f"{found}.md"), encoding="utf-8") as file:
        return file.read()
