"""The queue of ON CLUSTER statements, as servers of today and of 2018 show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.databases.clickhouse.careful.cluster.queue import (
    DONE,
    FAILED,
    WAITING,
    Outcome,
    Queue,
    read_rows,
)
from greylag.databases.clickhouse.rows import Answer
from greylag.errors import DatabaseError, LostError
from greylag.model.deeds import Deeds

if TYPE_CHECKING:
    from collections.abc import Mapping

    Row = list[str | None]

TEXT = "create table a on cluster c (x UInt8) engine = Memory"
DEEDS = Deeds("create table", table="a", cluster="c")


class Told:
    """Answers questions by a word in them; the others it refuses with ``number``."""

    def __init__(self, answers: Mapping[str, list[Row]], number: int = 60) -> None:
        self.answers, self.number = answers, number

    def query(self, text: str) -> Answer:
        for word, rows in self.answers.items():
            if word in text:
                return Answer([], rows)
        error = DatabaseError("no", driver_text="no")
        error.number = self.number
        raise error


def queue(answers: Mapping[str, list[Row]], number: int = 60) -> Queue:
    return Queue(Told(answers, number), "c", "d")  # type: ignore[arg-type]


def today(entries: list[Row], hosts: list[Row]) -> Queue:
    return queue(
        {"DISTINCT": entries, "LIMIT 0": [], "WHERE entry = ": hosts, "formatQuery": [[TEXT.upper()]]}
    )


def test_a_server_of_today() -> None:
    rows: list[Row] = [
        ["h", "1", "Finished", "0", ""],
        ["h", "2", "Finished", "57", "Code: 57. DB::Exception: a is there. (X)"],
        ["h", "3", "Inactive", None, None],
    ]
    found = today([], rows)
    assert found.outcomes("query-1") == [
        Outcome("h:1", DONE), Outcome("h:2", FAILED, 57, "a is there. (X)"), Outcome("h:3", WAITING),
    ]  # fmt: skip
    assert found.outcomes("") == []
    assert found.newest() == ""


@pytest.mark.parametrize(
    "query",
    [
        "CREATE TABLE d.a UUID '5f3c-1' ON CLUSTER `c` (`x` UInt8) ENGINE = Memory",
        "CREATE TABLE a ON CLUSTER c\n(x UInt8)\nENGINE = Memory",
    ],
)
def test_a_statement_is_found_in_the_servers_own_spelling(query: str) -> None:
    found = today(
        [["query-1", "DROP TABLE a ON CLUSTER c"], ["query-2", query], ["query-3", "CREATE TABLE x"]], []
    )
    assert found.find(TEXT, DEEDS, "") == "query-2"
    assert found.newest() == "query-3"


def test_one_that_is_spelled_otherwise_is_told_by_its_table_if_it_is_the_only_one() -> None:
    likely: Row = ["query-2", "CREATE TABLE d.a ON CLUSTER c (x UInt8 DEFAULT 1) ENGINE = Memory"]
    assert today([likely], []).find(TEXT, DEEDS, "") == "query-2"
    assert today([likely, ["query-3", "CREATE TABLE a (y UInt8)"]], []).find(TEXT, DEEDS, "") == ""
    assert today([], []).find(TEXT, DEEDS, "") == ""


def test_a_server_of_2018() -> None:
    node = (
        "version: 1\nquery: CREATE TABLE d.a ON CLUSTER c ( x UInt8) ENGINE = Memory\n"
        "hosts: ['127%2E0%2E0%2E1:1','127%2E0%2E0%2E1:2','h:3']\ninitiator: h:1\n"
    )
    ended: list[Row] = [
        ["127%2E0%2E0%2E1:1", "0\n"],
        [
            "127%2E0%2E0%2E1:2",
            "57\nCode: 57, e.displayText() = DB::Exception: a is there., e.what() = DB::Exception",
        ],
    ]
    found = queue({"/finished'": ended, "AND name = ": [[node]], "AND name > ": [["query-7", node]]})
    assert found.newest() == "query-7"
    assert found.find(TEXT, DEEDS, "query-6") == "query-7"
    assert found.outcomes("query-7") == [
        Outcome("127.0.0.1:1", DONE), Outcome("127.0.0.1:2", FAILED, 57, "a is there."), Outcome("h:3", WAITING),
    ]  # fmt: skip


def test_an_error_names_the_entry_and_its_place() -> None:
    found = queue({})
    assert found.named_in("Watching task /my/ddl/query-0000000005 is executing longer") == "query-0000000005"
    assert found._path == "/my/ddl"
    assert found.named_in("Table a already exists.") == ""


def test_a_queue_that_may_not_be_read_is_empty() -> None:
    found = queue({}, 497)
    assert (found.newest(), found.find(TEXT, DEEDS, ""), found.outcomes("query-1")) == ("", "", [])


def test_a_broken_connection_is_none() -> None:
    class Broken:
        def query(self, text: str) -> Answer:
            raise LostError(text, driver_text="")

    with pytest.raises(LostError):
        Queue(Broken(), "c", "d").newest()  # type: ignore[arg-type]
    found = today([], [])
    found._newer, found._link = True, Broken()  # type: ignore[assignment]
    for act in (found.newest, lambda: found.find(TEXT, DEEDS, "")):
        with pytest.raises(LostError):
            act()


def test_the_rows_of_an_answer() -> None:
    names = ["host", "port", "status", "error", "num_hosts_remaining", "num_hosts_active"]
    rows: list[Row] = [
        ["h", "1", "0", "", "1", "0"], ["h", "2", "57", "Code: 57. DB::Exception: no (X)", "0", "0"],
        ["h", "3", None, None, "1", "0"],
    ]  # fmt: skip
    assert read_rows(names, rows) == [
        Outcome("h:1", DONE), Outcome("h:2", FAILED, 57, "no (X)"), Outcome("h:3", WAITING),
    ]  # fmt: skip
    assert read_rows(["host", "status"], [["s|r", "OK"], ["s|q", "QUEUED"]]) == [
        Outcome("s|r", DONE), Outcome("s|q", FAILED),
    ]  # fmt: skip
    assert read_rows([], []) == []
