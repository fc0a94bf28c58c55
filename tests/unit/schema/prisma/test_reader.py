from __future__ import annotations

import re

import pytest

from greylag.schema.prisma.document import Problem
from greylag.schema.prisma.reader import Reader
from greylag.schema.prisma.scanner import BAD_UNICODE, UnreadableError, read_attributes

LINE = re.compile(r"x([^\n]*)\n")


def line_of(text: str) -> tuple[Reader, re.Match[str]]:
    match = LINE.match(text)
    assert match
    return Reader(text), match


def test_lines_are_counted_on_the_way() -> None:
    reader = Reader("a\nb\r\nc")
    reader.move(5)
    assert (reader.at, reader.line) == (5, 3)


def test_a_problem_is_with_the_lines_it_takes() -> None:
    reader = Reader("a\nb\nc")
    reader.move(2)
    reader.tell("here")
    reader.tell("both", 4)
    assert reader.problems == [Problem("here", 2, 2), Problem("both", 2, 3)]


def test_the_rest_of_a_line_is_read() -> None:
    reader, match = line_of("x @id // c\nnext")
    (attributes, comment), end = reader.tail(match, read_attributes)
    assert ([each.name for each in attributes], comment, end) == (["id"], "// c", 11)


def test_a_long_comment_may_end_on_a_later_line() -> None:
    reader, match = line_of('x @a("/*") /* b\n c */  \nnext')
    (attributes, comment), end = reader.tail(match, read_attributes)
    assert (len(attributes), comment, reader.text[end:]) == (1, "/* b\n c */", "next")


@pytest.mark.parametrize("text", ["x junk\n", "x /* a\n", "x /* a\n */ b\n", "x junk /* a\n */\n"])
def test_what_is_nothing_raises(text: str) -> None:
    reader, match = line_of(text)
    with pytest.raises(UnreadableError):
        reader.tail(match, read_attributes)


def test_escapes_are_told_with_their_line() -> None:
    reader = Reader("a\nb")
    reader.move(2)
    reader.tell_escapes(r'"\ud83d"')
    assert reader.problems == [Problem(BAD_UNICODE, 2, 2)]
