from __future__ import annotations

import ast

import pytest
import sqlalchemy

from greylag.schema.models.writing import (
    Group,
    call,
    clause,
    docstring,
    flat,
    mapping,
    sequence,
    statement,
    string,
    text_clause,
    width,
)


def test_one_line_where_it_fits_and_one_item_on_each_where_not() -> None:
    short = call("f", ["1"], {"name": '"x"'})
    assert statement("a = ", short) == ['a = f(1, name="x")']
    long = call("f", [string("x" * 60), sequence(["1", "2"])], {"name": string("y" * 30)})
    assert statement("a = ", long, 4) == [
        "    a = f(",
        f'        "{"x" * 60}",',
        "        [1, 2],",
        f'        name="{"y" * 30}",',
        "    )",
    ]


def test_a_name_that_fills_the_line_gets_its_value_in_brackets() -> None:
    name = "a" * 97
    assert statement(f"{name} = ", call("call", ["1"])) == [f"{name} = (", "    call(1)", ")"]


def test_a_bracket_without_items_is_never_opened_and_a_lonely_item_of_a_tuple_keeps_its_comma() -> None:
    assert statement("a" * 99 + " = ", Group("f(", ())) == ["a" * 99 + " = f()"]
    assert flat(sequence(["1"], "(", ")")) == "(1,)"
    assert flat(mapping({"a": "1"})) == '{"a": 1}'


@pytest.mark.parametrize(
    "text", ["", "plain", "it's", 'say "x"', "both ' and \"", "a\\b", "two\nlines\t\x00é한\u2028"]
)
def test_a_literal_is_the_text_again(text: str) -> None:
    assert ast.literal_eval(string(text)) == text


def test_wide_letters_count_twice() -> None:
    assert (width("abc"), width("한글"), width("e\u0301")) == (3, 4, 1)


@pytest.mark.parametrize(
    "text",
    ["one", "two\nlines", 'ends with "', '"begins', 'a """ inside', "back\\slash", "a\n\n  b", "nul \x00"],
)
def test_a_docstring_ends_where_it_should(text: str) -> None:
    tree = ast.parse("class A:\n" + "\n".join(docstring(text)))
    found = ast.get_docstring(tree.body[0])  # type: ignore[arg-type]
    assert found is not None and found.strip().split() == text.split()
    assert len(tree.body) == 1


def test_no_docstring_for_nothing() -> None:
    assert docstring(" \n") == []


@pytest.mark.parametrize(
    "expression",
    [
        "'a'::app.mood",
        "x = ' :name'",
        "'10:30'",
        "a[1:b]",
        r"'\:x'",
        ":a:b",
        "'a:b'",
        "' :smile:'",
        r"'\:ab:'",
        "' :é'",
    ],
)
def test_what_looks_like_a_parameter_is_none(expression: str) -> None:
    found = eval(flat(text_clause(expression)), {"sa": sqlalchemy})
    assert str(found.compile()) == expression and not found.compile().params


def test_a_string_alone_where_that_says_it() -> None:
    assert clause("a > 0") == '"a > 0"'
    assert flat(clause("a = ' :b'")) == "sa.text(\"a = ' \\\\:b'\")"
    assert flat(text_clause("now()")) == 'sa.text("now()")'
