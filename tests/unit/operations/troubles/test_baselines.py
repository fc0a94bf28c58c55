from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def test_copy_names_its_ways_out(hint: Callable[..., str]) -> None:
    told = hint("", "COPY FROM STDIN waits for data, and a migration file cannot send any")
    assert "pg_dump --inserts" in told and "    greylag baseline 00002\n" in told


def test_rows_under_a_copy_are_known_as_such(hint: Callable[..., str]) -> None:
    says = 'unexpected unfinished SQL query: "1": missing semicolon?'
    assert "cannot hold the data of COPY" in hint("", says, up="COPY a (id) FROM stdin;\n1\n\\.", line=3)
    assert "COPY" not in hint("", says, up="SELECT 0;\n1\n\\.", line=3)


def test_what_is_for_psql_is_to_be_deleted(hint: Callable[..., str]) -> None:
    says = r'unexpected unfinished SQL query: "\\unrestrict x": missing semicolon?'
    for told in (
        hint("", says, line=3),
        hint("42601", 'syntax error at or near "\\"', failing="\\restrict x;"),
    ):
        assert "commands of psql" in told and "delete them" in told


def test_an_emptied_search_path_is_known(hint: Callable[..., str]) -> None:
    told = hint("3F000", "no schema has been selected to create in", failing="CREATE TABLE a (n INT);")
    assert told.startswith("search_path names no schema") and told.endswith("run the same command again")
