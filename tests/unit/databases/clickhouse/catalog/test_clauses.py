"""Taking apart what the server prints."""

from __future__ import annotations

from greylag.databases.clickhouse.catalog.clauses import (
    bare,
    bracketed,
    clauses,
    dotted_name,
    first_name,
    pieces,
    split,
    unwrapped,
)

STORAGE = ("PARTITION BY", "ORDER BY", "TTL", "SETTINGS")


def test_pieces_know_their_depth_and_keep_quotes_whole() -> None:
    found = [(piece.text, piece.depth) for piece in pieces(r"f('a\'(', `b``)`, [c])")]
    assert found == [
        ("f", 0), ("(", 0), (r"'a\'('", 1), (",", 1), ("`b``)`", 1), (",", 1), ("[", 1), ("c", 2), ("]", 1), (")", 0),
    ]  # fmt: skip


def test_split_keeps_brackets_and_quotes_together() -> None:
    assert split("a, f(b, c), 'x,y', [1, 2]") == ["a", "f(b, c)", "'x,y'", "[1, 2]"]
    assert split("") == [] and split("a") == ["a"]


def test_bracketed() -> None:
    assert bracketed("CREATE TABLE t (a, f(b)) ENGINE = M(c)") == (
        "CREATE TABLE t",
        "a, f(b)",
        "ENGINE = M(c)",
    )
    assert bracketed("nothing") == ("nothing", "", "")


def test_unwrapped_takes_the_outer_brackets_alone() -> None:
    assert unwrapped("(a, b)") == "a, b"
    assert unwrapped("(a), (b)") == "(a), (b)"
    assert unwrapped("f(a)") == "f(a)" and unwrapped("") == ""


def test_clauses_by_name() -> None:
    text = "M(v) PARTITION BY f(a) ORDER BY (a, b) TTL a + 1 TO VOLUME 'TTL SETTINGS' SETTINGS x = 1"
    assert clauses(text, STORAGE) == {
        "": "M(v)", "PARTITION BY": "f(a)", "ORDER BY": "(a, b)", "TTL": "a + 1 TO VOLUME 'TTL SETTINGS'",
        "SETTINGS": "x = 1",
    }  # fmt: skip


def test_a_column_may_be_called_like_a_clause() -> None:
    text = "M PARTITION BY TTL ORDER BY f(SETTINGS) TTL TTL + 1"
    assert clauses(text, STORAGE) == {
        "": "M", "PARTITION BY": "TTL", "ORDER BY": "f(SETTINGS)", "TTL": "TTL + 1",
    }  # fmt: skip
    assert clauses("M PARTITION BY `TTL` TTL d", STORAGE)["PARTITION BY"] == "`TTL`"


def test_the_last_clause_takes_all() -> None:
    assert clauses("x TO a.b AS SELECT 1 AS TO", ("TO", "AS"), last="AS")["AS"] == "SELECT 1 AS TO"


def test_names() -> None:
    assert bare(r"`a\`b`") == "a`b" and bare("'it''s'") == "it's" and bare("plain") == "plain"
    assert bare(r"'a\nb'") == "a\nb"
    assert first_name("`odd name` UInt8 DEFAULT 1") == ("odd name", "UInt8 DEFAULT 1")
    assert first_name("") == ("", "")
    assert dotted_name("b.`c d` (x)") == ["b", "c d"] and dotted_name("c (x)") == ["c"]
