"""Whatever the database is called: Prisma takes what a pull writes, and a second pull changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given

from greylag.schema.prisma.mended.pull import Tended, tend
from greylag.schema.prisma.parser import parse
from tests.plugins.pictures import HEAD
from tests.plugins.tending import VIEWS
from tests.properties.bench import examples
from tests.properties.schemas import schemas

if TYPE_CHECKING:
    from greylag.model.catalog.catalog import Catalog
    from tests.properties.bench import Bench
    from tests.properties.schemas import Schema

modes = pytest.mark.parametrize("by_convention", [False, True], ids=["plain", "camel"])


def pull(catalog: Catalog, before: str, *, by_convention: bool) -> Tended:
    """One pull, after which another changes nothing, also one that does not ask for the convention."""
    found = tend(catalog, parse(before), ["public"], by_convention=by_convention)
    assert found.problems == (), found.text
    for again in (by_convention, False):
        assert tend(catalog, parse(found.text), ["public"], by_convention=again).text == found.text
    return found


def remarked(text: str) -> tuple[str, set[str]]:
    """The text with a comment above every line, and the comments."""
    lines = text.splitlines()
    comments = [f"// remark {number}" for number in range(len(lines) + 1)]
    pairs = zip(comments, [*lines, ""], strict=True)
    return "".join(f"{comment}\n{line}\n" for comment, line in pairs), set(comments)


@modes
def test_it_is_valid_and_stays(bench: Bench, by_convention: bool) -> None:
    @examples(40)
    @given(schemas)
    def holds(schema: Schema) -> None:
        catalog = bench.make(schema.text)
        pull(catalog, HEAD, by_convention=by_convention)
        pull(catalog, VIEWS, by_convention=by_convention)

    holds()


@modes
def test_so_it_is_onto_the_file_of_another_schema_and_no_comment_is_lost(
    bench: Bench, by_convention: bool
) -> None:
    @examples(20)
    @given(schemas, schemas)
    def holds(one: Schema, other: Schema) -> None:
        first = tend(bench.make(one.text), parse(HEAD), ["public"], by_convention=by_convention).text
        before, comments = remarked(first)
        found = pull(bench.make(other.text), before, by_convention=by_convention)
        assert comments <= {line.strip() for line in found.text.splitlines()}

    holds()
