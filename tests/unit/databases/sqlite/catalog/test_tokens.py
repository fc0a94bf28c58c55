"""Words of SQL as SQLite takes them apart."""

from __future__ import annotations

import pytest

from greylag.databases.sqlite.catalog.tokens import end_of_group, name_of, parted, text_of, tokens_of


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("a -- b\n/* c ) */ d", ["a", "d"]),
        ("'it''s' x'00' \"a\"\"b\" `c` [d e]", ["'it''s'", "x'00'", '"a""b"', "`c`", "[d e]"]),
        ("a||b->>c<=d<>e", ["a", "||", "b", "->>", "c", "<=", "d", "<>", "e"]),
        ("1.5 한글", ["1", ".", "5", "한글"]),
    ],
)
def test_words(sql: str, words: list[str]) -> None:
    assert [token.text for token in tokens_of(sql)] == words


def test_quoted_words_are_no_keywords() -> None:
    assert [token.key for token in tokens_of("check \"check\" 'check' [check]")] == ["CHECK", "", "", ""]


@pytest.mark.parametrize(
    ("sql", "text"),
    [
        ("CHECK  ( a\n> 0 )", "CHECK(a > 0)"),
        ("f ( a , b ) || c", "f(a, b) || c"),
        ("a IN (1,2) ; END", "a IN(1, 2); END"),
    ],
)
def test_one_line_for_every_layout(sql: str, text: str) -> None:
    assert text_of(tokens_of(sql)).strip() == text


@pytest.mark.parametrize(
    ("word", "name"), [("a", "a"), ('"a""b"', 'a"b'), ("[a b]", "a b"), ("`a``b`", "a`b"), ("'a'", "a")]
)
def test_names(word: str, name: str) -> None:
    assert name_of(tokens_of(word)[0]) == name


def test_lists() -> None:
    tokens = tokens_of("a, f(b, c), (d)")
    assert [text_of(part).strip() for part in parted(tokens)] == ["a", "f(b, c)", "(d)"]
    assert end_of_group(tokens_of("(a (b) c) d"), 0) == 7
    assert end_of_group(tokens_of("(a"), 0) == 2
