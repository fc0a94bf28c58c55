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
