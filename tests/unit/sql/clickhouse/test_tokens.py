"""The lexer, beside the server's own: what is one statement to it has one normal form, and no other has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.sql.clickhouse.tokens import bare, normalised, tokens

if TYPE_CHECKING:
    from tests.plugins.clickhouse import ClickhouseServer

SAME = [
    ("SELECT 1 /* a /* b */ c */, 2;", "SELECT  1,\n2"),
    ("SELECT 1 # c\n, 2", "SELECT 1, 2 #! c"),
    ("SELECT 1 // c\n, 2 -- d", "SELECT 1, 2;;"),
    ("SELECT 1--1\n, 2", "SELECT 1, 2"),
    ("SELECT\u00a01,\u20032\ufeff", "SELECT 1, 2"),
    ("CREATE TABLE a(x Int8)ENGINE=Memory", "CREATE TABLE a ( x Int8 ) -- x\n ENGINE = Memory ;"),
]
"""Texts that are laid out in two ways."""

OTHER = [
    ("SELECT a", "SELECT A"),
    ("SELECT 'a  b'", "SELECT 'a b'"),
    ("SELECT 'it''s # no', 1", "SELECT 'it''s ', 1"),
    (r"SELECT 'a\' -- b', 'c'", r"SELECT 'a\', 'c'"),
    ("SELECT `a``b -- c`", "SELECT `a``b`"),
    ("SELECT $$a -- b$$", "SELECT $$a$$"),
    ("SELECT $t$a $$ /* b */$t$", "SELECT $t$a $$ $t$"),
    ("SELECT ‘a -- b’", "SELECT ‘a’"),
    ("SELECT 1e-5", "SELECT 1e5"),
    ("SELECT x'41'", "SELECT x'42'"),
    ("SELECT - -1", "SELECT -1"),
]
"""Texts that PostgreSQL's rules, or careless ones, would take for one."""


@pytest.mark.parametrize(("one", "two"), SAME)
def test_layout_is_left_out(one: str, two: str) -> None:
    assert normalised(one) == normalised(two)


@pytest.mark.parametrize(("one", "two"), OTHER)
def test_what_differs_in_meaning_differs_in_form(one: str, two: str) -> None:
    assert normalised(one) != normalised(two)


@pytest.mark.parametrize(
    "text", ["SELECT 'a", 'SELECT "a', "SELECT `a", "SELECT 1 /* a /* b */", "SELECT ‘a"]
)
def test_what_nobody_closes_is_kept_to_the_end(text: str) -> None:
    last = list(tokens(text))[-1]
    assert (last.kind, last.start + len(last.text)) == ("open", len(text))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("abc", "abc"),
        ("`a b`", "a b"),
        ("`a``b`", "a`b"),
        (r"`a\`b`", "a`b"),
        ('"a""b"', 'a"b'),
        ("“a”", "a"),
    ],
)
def test_names_without_their_quotes(text: str, name: str) -> None:
    assert [bare(token) for token in tokens(text)] == [name]


def shown(server: ClickhouseServer, text: str) -> str:
    quoted = text.replace("\\", "\\\\").replace("'", "\\'")
    return str(server.ask(f"SELECT formatQuerySingleLine('{quoted}')")[0][0])


def test_the_server_agrees(clickhouse: ClickhouseServer) -> None:
    """Nested comments, kinds of comments, quotes and heredocs were all read off this parser."""
    for one, two in SAME:
        assert shown(clickhouse, one) == shown(clickhouse, two)
    for one, two in OTHER:
        if not one.endswith("'c'"):  # its other half is broken
            assert shown(clickhouse, one) != shown(clickhouse, two)
    for text in ["SELECT 1 /* a /* b */", "SELECT 1 #c"]:
        with pytest.raises(Exception, match="Syntax error"):
            shown(clickhouse, text)
