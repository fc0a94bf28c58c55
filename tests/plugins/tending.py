"""Pulls of the better kind in few words, for tests: what is written, and that it stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from greylag.schema.prisma.mended.pull import tend
from greylag.schema.prisma.parser import parse
from tests.plugins.pictures import HEAD, catalog

if TYPE_CHECKING:
    from greylag.model.catalog.tables import Table

VIEWS = HEAD.replace(
    'provider = "prisma-client-js"', 'provider        = "prisma-client-js"\n  previewFeatures = ["views"]'
)
"""The settings with the preview of views."""


def tended(*tables: Table, before: str = "", camel: bool = False, head: str = HEAD, **facts: Any) -> str:
    """What a pull writes below the settings. Prisma takes it, and a second pull leaves it as it is."""
    made = catalog(*tables, **facts)
    found = tend(made, parse(head + before), ["public"], by_convention=camel)
    assert found.problems == (), found.text
    for again in (camel, False):
        assert tend(made, parse(found.text), ["public"], by_convention=again).text == found.text
    assert found.text.startswith(head)
    return found.text.removeprefix(head).lstrip("\n")


def names_in(text: str) -> list[str]:
    """The first words of a text's lines: blocks with their kind, fields, values, attributes."""
    words = [line.split("(")[0].split() for line in text.splitlines() if line.strip() and "//" not in line]
    return [
        " ".join(each[:2]) if each[0] in ("model", "view", "enum") else each[0]
        for each in words
        if each != ["}"]
    ]
