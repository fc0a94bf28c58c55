from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greylag.schema.prisma.document import Blank, Block, Broken, Comment, Problem
from greylag.schema.prisma.parser import parse


def test_an_empty_file_is_a_document() -> None:
    assert parse("") == parse("")._replace(text="") and parse("").items == () and parse(" ").items == ()


def test_what_a_file_is_made_of() -> None:
    document = parse("// a\n\nmodel A {\n}\n\ntype X = Int @id\nfoo {\n x\n}\njunk\n/* b\n */")
    kinds = [type(item) for item in document.items]
    assert kinds == [Comment, Blank, Block, Blank, Broken, Blank, Broken, Blank, Broken, Comment]
    broken = [item for item in document.items if isinstance(item, Broken)]
    assert [item.text for item in broken] == ["type X = Int @id", "foo {\n x\n}", "junk\n"]
    assert [(problem.line, problem.last) for problem in document.problems] == [(6, 6), (7, 9), (10, 11)]


def test_a_block_that_never_closes_is_lines() -> None:
    text = "model A {\n  id Int @id\n  id: Int\n"
    assert [item.text for item in parse(text).items if isinstance(item, Broken)] == [
        "model A {\n",
        "id Int @id\n",
        "id: Int\n",
    ]
    assert {problem.message for problem in parse(text).problems} == {
        "Error validating: This line is invalid. It does not start with any known Prisma schema keyword."
    }
    # A brace in what follows does not help where no line begins with it.
    assert parse(text + "x }").of("model") == ()


def test_documentation_above_settings_goes_to_the_next_block() -> None:
    text = "/// one\ngenerator g {\n}\n\nmodel A {\n}\n\n/// two\n\nmodel B {\n}\n/// three\n// four\nenum E {\n}\n"
    assert [block.docs for block in parse(text).blocks] == [(), ("one",), (), ("three",)]


def test_lines_of_windows_and_of_old() -> None:
    document = parse("// a\r\nmodel A {\r\n  a Int // b\r\n}\r\n")
    (block,) = document.blocks
    assert (block.line, block.fields[0].line, block.fields[0].comment) == (2, 3, "// b")
    assert [field.name for field in parse("model A {\r  a Int\r  b Int\r}").blocks[0].fields] == ["a", "b"]


def test_what_stands_behind_an_opening_brace_is_known() -> None:
    assert [block.opening for block in parse("model A { // a \n}\nenum B {\n}\n").blocks] == ["// a", ""]


def test_a_byte_order_mark_is_no_keyword() -> None:
    assert parse("\ufeffmodel A {\n}\n").problems[0] == Problem(
        "Error validating: This line is invalid. It does not start with any known Prisma schema keyword.",
        1,
        2,
    )


PIECES = [
    "model A {\n",
    "}",
    "\n",
    "\r\n",
    "  a Int @id\n",
    "enum E {\n",
    "// c",
    "/* d",
    "*/",
    '"',
    "@@map(",
    ")",
    " x",
    "[",
    "\\",
]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_nothing_fails_and_nothing_is_lost(text: str) -> None:
    document = parse(text)
    spans = [(block.start, block.end) for block in document.blocks]
    assert spans == sorted(spans) and all(text[start:end].endswith("}") for start, end in spans)
    told = {problem.line for problem in document.problems}
    assert all(item.line in told for item in document.items if isinstance(item, Broken))
    outside = len(text) - sum(end - start for start, end in spans)
    kept = sum(len(item.text) for item in document.items if isinstance(item, (Broken, Comment)))
    assert kept <= outside
    assert (
        sum(not character.isspace() for character in text)
        <= sum(len(text[start:end]) for start, end in spans) + kept
    )


@pytest.mark.parametrize("line", ["model {", "modul A {", "model A B {"])
def test_heads_that_are_none(line: str) -> None:
    assert parse(f"{line}\n  a Int\n}}\n").blocks == () and parse(f"{line}\n  a Int\n}}\n").problems


@pytest.mark.parametrize(
    "text",
    [
        "model A {\n  a Int @default(" + "[" * 50_000 + "]" * 50_000 + ")\n}\n",
        "model A {\n" * 20_000 + "x }\n",
        "foo {\n" * 20_000 + "// x",
        "/*\n" * 20_000,
        "model A {\n" + "  a Int /* /* /*\n" * 5_000 + "}*/x",
        "model A {\n" + "  a Int /* x\n" * 5_000 + "}",
    ],
    ids=[
        "brackets",
        "heads",
        "unknown heads",
        "comments",
        "comments behind fields",
        "comments that never end",
    ],
)
def test_what_opens_and_never_closes_is_read_once(text: str) -> None:
    document = parse(text)
    assert document.problems and document.problems[-1].line <= text.count("\n") + 1


def test_values_may_stand_in_values_to_a_depth_nobody_writes() -> None:
    line = "model A {{\n  a Int @default({}{})\n}}\n"
    assert parse(line.format("[" * 90, "]" * 90)).problems == ()
    assert parse(line.format("f(" * 90, ")" * 90)).problems == ()
    assert parse(line.format("[" * 200, "]" * 200)).problems
