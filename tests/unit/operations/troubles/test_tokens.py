from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from greylag.operations.troubles.tokens import dotted, keys, split, tokens


def test_comments_are_left_out_and_literals_are_whole() -> None:
    text = "a -- b\n/* c */ 'it''s; (' E'\\'x' $f$ ; $$ $f$ \"A \"\"b\" U&'x'"
    assert [token.text for token in tokens(text)] == [
        "a", "'it''s; ('", "E'\\'x'", "$f$ ; $$ $f$", '"A ""b"', "U&'x'",
    ]  # fmt: skip


def test_names_are_folded_unless_quoted() -> None:
    first, second, third = tokens("Users \"Users\" 'Users'")
    assert (first.name, second.name, third.name) == ("users", "Users", "")
    assert (first.key, second.key, third.key) == ("USERS", "", "")
    assert keys([first, second], 1) == ["USERS"]


def test_parts_end_at_commas_outside_parentheses() -> None:
    parts = split(tokens("a numeric(1, 2), b int[1, 2], , c) d, e"))
    assert [part[0].text for part in parts] == ["a", "b", "c"]
    assert len(split(tokens("a; b"))[0]) == 1


def test_a_qualified_name() -> None:
    assert dotted(tokens('a."B".c (d)'), 0) == ("a.B.c", 5)
    assert dotted(tokens("a b"), 1) == ("b", 2)
    assert dotted(tokens("(a)"), 0) == ("", 0)
    assert dotted(tokens("a."), 0) == ("a", 2)


@given(st.text(alphabet="ab'\"$-*/; \n(),.E\\", max_size=40))
def test_every_token_is_a_piece_of_the_text(text: str) -> None:
    assert all(text[token.start : token.end] == token.text for token in tokens(text))
