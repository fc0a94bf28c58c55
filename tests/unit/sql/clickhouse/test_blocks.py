"""Splitting blocks: only where it is sure, and with the right places."""

from __future__ import annotations

import pytest

from greylag.model.migration import Statement
from greylag.sql.clickhouse.blocks import split, split_all


def texts(text: str) -> list[str]:
    return [part.text for part in split(Statement(text, 1))]


def test_two_statements_and_where_they_stand() -> None:
    block = Statement(
        "CREATE TABLE a (x Int8);\n-- the second\n  CREATE TABLE b (y String DEFAULT ';');", 4, 3, (1,)
    )
    first, second = split(block)
    assert first == Statement("CREATE TABLE a (x Int8);", 4, 3)
    # a line was dropped in front of the block's second one
    assert second.text == "-- the second\n  CREATE TABLE b (y String DEFAULT ';');"
    assert (second.line, second.column) == (6, 1)
    assert (
        second.place(second.text.index("CREATE")) == block.place(block.text.index("CREATE TABLE b")) == (7, 3)
    )


def test_gaps_behind_a_part_s_first_line_stay_with_it() -> None:
    block = Statement("SELECT 1;\nSELECT 2,\n3,\n4;", 1, 1, (1, 3))
    second = split(block)[1]
    for offset, char in enumerate(second.text):
        if char.isdigit():
            assert second.place(offset) == block.place(block.text.index(char))


@pytest.mark.parametrize(
    "text",
    [
        "CREATE TABLE a (x Int8);",
        "CREATE TABLE a (x Int8);;",
        "CREATE TABLE a (x String DEFAULT 'a;b');",
        "SELECT 1; -- and no more",
        "SELECT `a;b`, $x$;$x$ /* ; /* ; */ */ # ;\n;",
        "INSERT INTO t FORMAT CSV\n1,it's; fine",
        'INSERT INTO t FORMAT JSONEachRow {"a": 1}; SELECT 1;',
        "SELECT (1; SELECT 2)",
        "SELECT 1); SELECT (2",
        "SELECT 'a; SELECT 1;",
    ],
)
def test_what_is_one_or_not_sure_stays_whole(text: str) -> None:
    statement = Statement(text, 7, 2)
    assert split(statement) == [statement]


def test_rows_as_values_are_sure() -> None:
    assert texts("INSERT INTO t VALUES (1, 'a;b'); INSERT INTO t FORMAT Values (2); SELECT 1") == [
        "INSERT INTO t VALUES (1, 'a;b');",
        "INSERT INTO t FORMAT Values (2);",
        "SELECT 1",
    ]


def test_blocks_in_order() -> None:
    blocks = [Statement("SELECT 1; SELECT 2;", 1), Statement("SELECT 3;", 2)]
    assert [part.text for part in split_all(blocks)] == ["SELECT 1;", "SELECT 2;", "SELECT 3;"]
