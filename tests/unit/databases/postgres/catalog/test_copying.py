"""COPY's text format, and many queries in one message."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.databases.base import Deadline
from greylag.databases.postgres.catalog.copying import copy_out, rows_of
from greylag.databases.postgres.waiting import StopError
from greylag.errors import DatabaseError

if TYPE_CHECKING:
    from greylag.databases.postgres.channel import Channel


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("", []),
        ("\n", [[""]]),
        ("a\tb\n", [["a", "b"]]),
        ("a\t\n\tb\n", [["a", ""], ["", "b"]]),
        ("a\\tb\\nc\\\\d\\re\\x\n", [["a\tb\nc\\d\rex"]]),
        ("\\b\\f\\v\n", [["\b\f\v"]]),
        ("\\\\n\n", [["\\n"]]),
    ],
)
def test_the_text_format(text: str, rows: list[list[str]]) -> None:
    assert rows_of(text) == rows


def test_answers_come_in_the_order_of_the_queries(channel: Channel) -> None:
    queries = [
        "SELECT 1, NULL::text, ''",
        "SELECT 'x' WHERE false",
        "SELECT E'a\\nb\\t\\\\' UNION ALL SELECT 'c'",
    ]
    found = list(copy_out(channel, "BEGIN;", queries, "COMMIT"))
    assert found == [[["1", "", ""]], [], [["a\nb\t\\"], ["c"]]]
    assert not channel.in_transaction


def test_every_character_arrives(channel: Channel) -> None:
    query = "SELECT n, chr(n) FROM generate_series(1, 55000) n"
    ((*rows,),) = copy_out(channel, "", [query], "")
    assert len(rows) == 55000
    assert all(chr(int(number)) == character for number, character in rows)


def test_an_error_is_the_servers_and_the_connection_lives(channel: Channel) -> None:
    found = copy_out(channel, "BEGIN;", ["SELECT 1", "SELECT 1 / 0", "SELECT 2"], "COMMIT")
    assert next(found) == [["1"]]
    with pytest.raises(DatabaseError, match="division by zero"):
        list(found)
    assert channel.in_transaction
    channel.roll_back()
    assert list(copy_out(channel, "", ["SELECT 3"], "")) == [[["3"]]]


def test_an_error_in_the_middle_of_rows(channel: Channel) -> None:
    query = "SELECT 1 / (n - 900) FROM generate_series(1, 1000) n"
    with pytest.raises(DatabaseError, match="division by zero"):
        list(copy_out(channel, "", [query], ""))
    assert channel.usable


def test_a_connection_that_is_cut(channel: Channel) -> None:
    with pytest.raises(DatabaseError, match="terminating connection"):
        list(copy_out(channel, "", ["SELECT pg_terminate_backend(pg_backend_pid())", "SELECT 1"], ""))


def test_the_deadline_is_heeded_between_rows(channel: Channel) -> None:
    channel.deadline = Deadline(0.5)
    with pytest.raises(StopError):
        list(copy_out(channel, "", ["SELECT n, pg_sleep(0.2) FROM generate_series(1, 1000) n"], ""))
    channel.deadline = None
    channel.abandon()
    assert list(copy_out(channel, "", ["SELECT 3"], "")) == [[["3"]]]
