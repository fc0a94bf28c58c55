"""The layout: golden cases, which the real Prisma is asked too (tests/peers), and what holds for any text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greylag.schema.prisma.document import Argument, Array, Attribute, Call, Number, Text, Word
from greylag.schema.prisma.layout import align, lay_out, write, write_attributes, write_type, write_value
from greylag.schema.prisma.parser import parse
from tests.golden import prisma_cases


@pytest.mark.parametrize("name", prisma_cases.CASES)
def test_golden(name: str) -> None:
    assert lay_out(prisma_cases.read(name)) == prisma_cases.read(name, "expected.prisma")


def test_columns_are_as_wide_as_their_widest_cell_in_bytes() -> None:
    rows = [
        (("id", "Int", "@id"), ""),
        ("left as it is"),
        (("größe", "String?"), "// trails"),
        ((), "/// doc"),
        ((), ""),
        (("x", "", "@map(1)"), ""),
    ]
    assert align(rows) == [
        "  id      Int     @id\n",
        "  left as it is\n",
        "  größe String? // trails\n",
        "  /// doc\n",
        "\n",
        "  x               @map(1)\n",
    ]
    assert align([], "") == [] and align([(("a",), "")], "") == ["a\n"]


def test_attributes_stand_in_prismas_order() -> None:
    names = ("ignore", "db.Text", "relation", "map", "updatedAt", "default", "unique", "id", "foo")
    assert write_attributes([Attribute(name) for name in names]) == (
        "@id @unique @default @updatedAt @map @relation @ignore @db.Text @foo"
    )


def test_values_are_written_as_they_were_spelled() -> None:
    arguments = (Argument("", Text("x", '"\\u0078"')), Argument("n", Number("1.0")), Argument("e", None))
    value = Array((Call("f", arguments), Word("a.b"), Array(())))
    assert write_value(value) == '[f("\\u0078", n: 1.0, e: ), a.b, []]'


def test_types_are_written_with_their_mark() -> None:
    fields = parse("model A {\n a Int\n b Int ?\n c [Int]\n d Int[]?\n}\n").blocks[0].fields
    assert [write_type(field) for field in fields] == ["Int", "Int?", "Int[]", "Int[]?"]


def test_an_empty_schema_is_an_empty_line() -> None:
    assert lay_out("") == lay_out(" \n\n") == "\n"


LINES = st.sampled_from([
    "model A {", "enum E {", "generator g {", "}", "", "", "  id   Int @id", "  name String? @map( \"x\" ) @unique", "  // plain", "/// doc",
    "  a", "  b @map(\"c\")", "@@map(\"t\")", "  @@index([a,b] , map : \"i\")", "key = [ \"v\" ] // w", "!! junk", "  größe Unsupported(\"é\")[]",
])  # fmt: skip


TEXTS = st.lists(LINES, max_size=25).map("\n".join)


@given(TEXTS.filter(lambda text: "@@" not in text))
def test_laying_out_twice_changes_nothing(text: str) -> None:
    once = lay_out(text)
    assert lay_out(once) == once and once.endswith("\n")
    assert write(parse(text)) == once


@given(TEXTS)
def test_an_attribute_that_stood_first_leaves_an_empty_line_until_the_second_time(text: str) -> None:
    twice = lay_out(lay_out(text))
    assert lay_out(twice) == twice
    assert lay_out('model A {\n  @@map("t")\n\n  a Int\n}\n').startswith("model A {\n\n  a Int\n")


@given(TEXTS)
def test_no_word_is_lost(text: str) -> None:
    words = sorted(text.replace(" ", "").replace("\n", ""))
    assert sorted(lay_out(text).replace(" ", "").replace("\n", "")) == words
