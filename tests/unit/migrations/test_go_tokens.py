from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greylag.migrations.go_tokens import GoSyntaxError, tokens


def texts(source: str) -> list[str]:
    return [token.text for token in tokens(source)][:-1]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("a.b(c, d)", ["a", ".", "b", "(", "c", ",", "d", ")", "\n"]),
        ("a\nb", ["a", "\n", "b", "\n"]),
        ("a +\nb", ["a", "+", "b", "\n"]),
        ("return\n}", ["return", "\n", "}", "\n"]),
        ("x++ // c\ny", ["x", "++", "\n", "y", "\n"]),
        ("a /* one\ntwo */ b", ["a", "\n", "b", "\n"]),
        ("`raw\n{`", ["`raw\n{`", "\n"]),
        ('\'{\' "}\\"" 0x1F 1.5e-3', ["'{'", '"}\\""', "0x1F", "1.5e-3", "\n"]),
        ("a <<= b &^= c ... d", ["a", "<<=", "b", "&^=", "c", "...", "d", "\n"]),
        ("\ufeff", []),
    ],
)
def test_tokens_with_gos_semicolons(source: str, found: list[str]) -> None:
    assert texts(source) == found


def test_places_count_lines_and_bytes() -> None:
    places = [(token.text, token.line, token.column) for token in tokens("é a\n\n  /* x\n */ b\n")]
    assert places == [
        ("é", 1, 1), ("a", 1, 4), ("\n", 1, 5), ("b", 4, 5), ("\n", 4, 6), ("EOF", 4, 7),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("a #", "1:3: illegal character U+0023 '#'"),
        ('"x', "1:1: string literal not terminated"),
        ("a\n`x", "2:1: raw string literal not terminated"),
        ("/* x", "1:1: comment not terminated"),
        ("'x", "1:1: rune literal not terminated"),
        ("a \0", "1:3: illegal character NUL"),
        ('"a\0"', "1:3: illegal character NUL"),
        ("// é\udcff", "1:6: illegal UTF-8 encoding"),
        ("/*\n \ufeff*/", "2:2: illegal byte order mark"),
        ("\u200b", "1:1: illegal character U+200B"),
        ("aé²", "1:4: illegal character U+00B2 '²'"),
        ("²", "1:1: illegal character U+00B2 '²'"),
    ],
)
def test_what_is_no_go(source: str, message: str) -> None:
    with pytest.raises(GoSyntaxError) as caught:
        tokens(source)
    assert str(caught.value) == message


@given(st.text("ab.({[]})\n \"'`/*+;0é#\0\udcff", max_size=40))
def test_nothing_but_its_error(source: str) -> None:
    try:
        found = tokens(source)
    except GoSyntaxError:
        return
    assert found[-1].kind == "EOF"
