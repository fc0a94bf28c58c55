"""The pages of the manual on troubles: Markdown files, shipped inside the package."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import greylag
from greylag.environments.nearest import did_you_mean
from greylag.errors import GreylagError, UsageError
from greylag.operations.troubles.registry import page_of_code

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    found = known.get(page_of_code(name.upper()).lower()) or known.get(name.lower())
    if found is None and (told := _of_class(name.upper())):
        return told
    if found is None:
        raise UsageError(
            f"there is no page about {name!r}",
            hint=f"{did_you_mean(name, names())}\ngreylag explain lists all of them",
        )
    with open(os.path.join(folder(), f"{found}.md"), encoding="utf-8") as file:
        return file.read()


def _of_class(code: str) -> str | None:
    """What a code of greylag's means, from its class, where no page tells more."""
    found = next((kind for kind in _kinds(GreylagError) if kind.code == code), None)
    if found is None:
        return None
    meaning = " ".join((found.__doc__ or "").replace("``", "`").split())
    return f"# {code}: {found.__name__}\n\n{meaning}\n\nThe exit code is {found.exit_code}.\n"


def _kinds(kind: type[GreylagError]) -> Iterator[type[GreylagError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from _kinds(child)
