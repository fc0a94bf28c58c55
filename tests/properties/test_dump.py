"""A script of a schema makes the schema again, and a schema is no other than itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given

from greylag.schema.comparison.comparison import compare
from greylag.schema.ddl.script import script
from tests.properties.bench import examples
from tests.properties.schemas import schemas

if TYPE_CHECKING:
    from tests.properties.bench import Bench
    from tests.properties.schemas import Schema


def test_it_makes_the_same_schema_again(bench: Bench, other_bench: Bench) -> None:
    @examples(30)
    @given(schemas)
    def holds(schema: Schema) -> None:
        catalog = bench.make(schema.text)
        assert compare(catalog, bench.change("")) == []
        text = script(catalog)
        again = other_bench.make(text)
        assert compare(catalog, again) == []
        assert script(again) == text

    holds()
