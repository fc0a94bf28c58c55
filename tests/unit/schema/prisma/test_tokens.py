"""Tokens of defaults, as Prisma cuts them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from greylag.schema.prisma.tokens import tokens_of


def kinds(text: str) -> list[str]:
    return [kind for kind, _ in tokens_of(text)]


def test_a_cast_of_a_string() -> None:
    assert tokens_of("'it''s'::character varying(3)[]") == [
        ("string", "'it''s'"), ("::", "::"), ("name", "character"), ("blank", " "), ("name", "varying"),
        ("(", "("), ("digits", "3"), (")", ")"), ("[", "["), ("]", "]"),
    ]  # fmt: skip


def test_numbers_have_no_sign_and_no_dot() -> None:
    assert tokens_of("-1.50") == [("-", "-"), ("digits", "1"), (".", "."), ("digits", "50")]


def test_strings_with_escapes_begin_with_an_e() -> None:
    assert tokens_of(r"E'a\'b'") == [("escaped", r"E'a\'b'")]
    assert kinds("E'a") == ["open"]


def test_an_e_before_an_underscore_is_a_name_of_its_own() -> None:
    assert tokens_of("e_x") == [("name", "e"), ("unknown", "_"), ("name", "x")]
    assert tokens_of("e1_x") == [("name", "e1_x")]
    assert tokens_of("a_x-y") == [("name", "a_x-y")]


def test_a_string_without_end_and_a_lone_colon_end_the_list() -> None:
    assert tokens_of("a 'b") == [("name", "a"), ("blank", " "), ("open", "'b")]
    assert kinds("'a''") == ["open"]
    assert tokens_of("a:b") == [("name", "a"), ("unknown", ":b")]


def test_double_quotes_take_a_backslash_for_an_escape() -> None:
    assert tokens_of(r'"a\"b"') == [("quoted", r'"a\"b"')]


@given(st.text())
def test_nothing_is_lost(text: str) -> None:
    assert "".join(word for _, word in tokens_of(text)) == text
