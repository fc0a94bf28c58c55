from __future__ import annotations

import pytest

from greylag.schema.prisma.document import Argument, Array, Attribute, Call, Number, Text, Word
from greylag.schema.prisma.scanner import (
    BAD_UNICODE,
    UNKNOWN_ESCAPE,
    UnreadableError,
    attributes_end,
    meaning,
    read_attributes,
    read_block_attribute,
    read_setting,
    wrong_escapes,
)


def test_attributes_with_and_without_arguments() -> None:
    found, comment = read_attributes(" @id @ db.VarChar ( 3 ) @x() /// doc ")
    assert found == (
        Attribute("id"),
        Attribute("db.VarChar", (Argument("", Number("3")),)),
        Attribute("x", ()),
    )
    assert comment == "/// doc "


def test_arguments_nest() -> None:
    ((found,), _) = read_attributes('@a([b, c(sort: Desc)], name: "x", f: now(), e: , g.h)')
    assert found.arguments == (
        Argument("", Array((Word("b"), Call("c", (Argument("sort", Word("Desc")),))))),
        Argument("name", Text("x", '"x"')),
        Argument("f", Call("now", ())),
        Argument("e", None),
        Argument("", Word("g.h")),
    )


@pytest.mark.parametrize("tail", ["@a(1,)", "@a(,)", "@a( , )", "@a(b: f(x,))"])
def test_a_last_comma_is_an_argument_of_nothing(tail: str) -> None:
    ((attribute,), _) = read_attributes(tail)
    arguments = attribute.arguments or ()
    while isinstance(arguments[0].value, Call):
        arguments = arguments[0].value.arguments
    assert arguments[-1] == Argument("", None)


UNREADABLE = [
    "@", "@a(", "@a(1", "@a(1 2)", "@a([1,])", "@a([1 2])", "@a(1.)", "@a(-b)", "@@a", "x", '@a("x)', "@a(b: [)",
    "@a /* x */ @b", "@a(, 1)", "@a(1,,)",
]  # fmt: skip


@pytest.mark.parametrize("tail", UNREADABLE)
def test_what_cannot_be_read(tail: str) -> None:
    with pytest.raises(UnreadableError):
        read_attributes(tail)


def test_a_blocks_attribute() -> None:
    found = read_block_attribute('@map("x") // y', 7)
    assert found == Attribute("map", (Argument("", Text("x", '"x"')),), 7, "// y")
    assert read_block_attribute("@ignore", 1) == Attribute("ignore", None, 1, "")
    for tail in ("map", "@map(", "@map x"):
        with pytest.raises(UnreadableError):
            read_block_attribute(tail, 1)


def test_a_setting() -> None:
    assert read_setting(" true /* x */ ") == (Word("true"), "/* x */")
    assert read_setting("  // none") == (None, "// none")
    with pytest.raises(UnreadableError):
        read_setting(" [1, 2")


def test_where_attributes_end() -> None:
    assert [attributes_end(text, 0) for text in ("  @a(1) x", "@a  x", "  x", "@a (", "@a @b(1) ")] == [
        7,
        4,
        2,
        3,
        8,
    ]


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ('""', ""),
        ('"ü /"', "ü /"),
        (r'"\"\\\/\b\f\n\r\t"', '"\\/\b\f\n\r\t'),
        (r'"\u00e9"', "é"),
        (r'"\ud83d\ude00"', "😀"),
        (r'"\u0041\u0042"', "AB"),
        (r'"\ud83dx\q"', "x"),
        (r'"\u0041\ud83d"', "A"),
        (r'"\u12"', "12"),
    ],
)
def test_what_strings_mean(raw: str, value: str) -> None:
    assert meaning(raw) == value


def test_escapes_that_mean_nothing() -> None:
    assert wrong_escapes(r'a "\n \q" @b("\u12", "\ud83d")') == [UNKNOWN_ESCAPE, BAD_UNICODE, BAD_UNICODE]
    assert wrong_escapes(r'"\ud83d\ude00 \\q"') == []
