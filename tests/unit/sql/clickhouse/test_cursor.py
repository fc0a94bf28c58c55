"""Walking over tokens."""

from __future__ import annotations

from greylag.sql.clickhouse.cursor import Cursor


def test_words_names_and_choices() -> None:
    cursor = Cursor("create Table if not exists `a b`.c, d.e.f (x; y)")
    assert cursor.word() == "CREATE"
    assert not cursor.accept("CREATE", "VIEW")
    assert cursor.accept("CREATE")
    assert cursor.first("VIEW", "TABLE IF NOT EXISTS") == "TABLE IF NOT EXISTS"
    assert cursor.qualified() == ("a b", "c")
    assert cursor.accept(",")
    assert cursor.dotted() == "d.e.f"
    assert [(depth, token.text) for depth, token in cursor.rest()] == [(0, "("), (1, "x"), (1, "y"), (0, ")")]


def test_a_quoted_name_is_no_word() -> None:
    cursor = Cursor('"create" table')
    assert cursor.word() == ""
    assert not cursor.accept("CREATE")
    assert cursor.name() == "create"


def test_items_end_at_commas_outside_brackets_and_the_end_is_no_error() -> None:
    cursor = Cursor("a (b, c) d, e")
    cursor.skip_item()
    assert cursor.accept(",")
    cursor.skip_item()
    assert (cursor.take().kind, cursor.name(), cursor.word()) == ("end", "", "")
