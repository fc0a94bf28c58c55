"""Names: what is left of one, strings, and the names Prisma expects of constraints."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greylag.schema.prisma.names import (
    RESERVED,
    foreign_key_name,
    index_name,
    is_clean,
    primary_key_name,
    quoted,
    sanitised,
)


@pytest.mark.parametrize(
    ("name", "left"),
    [
        ("users", "users"), ("a-b c", "a_b_c"), ("_under", "under"), ("1st", "st"), ("naïve", "na_ve"),
        ("한국어", ""), ("123", ""), ("x__y_", "x__y_"), ("-a-", "a_"), ("a\nb", "a_b"), ("", ""),
    ],
)  # fmt: skip
def test_what_is_left_of_a_name(name: str, left: str) -> None:
    assert sanitised(name) == left
    assert is_clean(name) is (name == left)


@given(st.text())
def test_nothing_is_left_to_clean(name: str) -> None:
    assert is_clean(sanitised(name))


def test_reserved_names_differ_in_case() -> None:
    assert "class" in RESERVED and "PrismaClient" in RESERVED
    assert not RESERVED & {"Class", "model", "async", "String"}


def test_strings_are_those_of_json() -> None:
    assert quoted('a"b\\c\nd\te\rf\x07ü🚀') == '"a\\"b\\\\c\\nd\\te\\rf\\u0007ü🚀"'


@given(st.text(st.characters(exclude_categories=("Cs",))))
def test_a_string_can_be_read_back(text: str) -> None:
    assert json.loads(quoted(text)) == text


def test_names_of_constraints() -> None:
    assert primary_key_name("t") == "t_pkey"
    assert index_name("t", ["a", "b"], unique=True) == "t_a_b_key"
    assert index_name("t", ["a"], unique=False) == "t_a_idx"
    assert foreign_key_name("t", ["a", "b"]) == "t_a_b_fkey"


def test_long_names_are_cut_before_the_suffix() -> None:
    assert primary_key_name("a" * 58) == "a" * 58 + "_pkey"
    assert primary_key_name("a" * 59) == "a" * 58 + "_pkey"
    assert index_name("a" * 40, ["b" * 40], unique=False) == "a" * 40 + "_" + "b" * 18 + "_idx"
    assert foreign_key_name("x" + "한" * 20, ["a"]) == "x" + "한" * 19 + "_fkey"  # no character in two


def test_a_short_name_of_wide_characters_is_not_cut() -> None:
    assert index_name("한글", ["컬럼"], unique=True) == "한글_컬럼_key"
