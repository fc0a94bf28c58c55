"""The place of what an error names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.databases.clickhouse.pointing import point
from greylag.databases.clickhouse.session import ClickhouseSession
from greylag.errors import DatabaseError

if TYPE_CHECKING:
    from tests.plugins.clickhouse import ClickhouseServer

SAID = {
    47: "Unknown expression or function identifier `occured_at`. Maybe you meant: ['occurred_at']. (UNKNOWN_IDENTIFIER)",
    115: "Unknown setting 'foo': for storage MergeTree. (UNKNOWN_SETTING)",
    57: "Table d.t already exists. (TABLE_ALREADY_EXISTS)",
    60: "Table d.nope does not exist. (UNKNOWN_TABLE)",
}


@pytest.mark.parametrize(
    ("number", "text", "rest"),
    [
        (47, "SELECT occured_at FROM t", "occured_at FROM t"),
        (47, "-- occured_at\nSELECT 'occured_at', max_occured_at, `occured_at`", "occured_at`"),
        (47, "SELECT a FROM t /* occured_at */", ""),
        (115, "CREATE TABLE t (n Int8) SETTINGS foo = 1", "foo = 1"),
        (57, "CREATE TABLE d.t (n Int8)", ""),
        (60, "DROP TABLE d.nope", "d.nope"),
        (60, "DROP TABLE nope", "nope"),
    ],
)
def test_the_name_and_what_stands_behind_it(number: int, text: str, rest: str) -> None:
    error = DatabaseError(SAID[number], driver_text="")
    error.number = number
    place = point(text, error)
    assert (text[place - 1 :] if place else "") == rest


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("SELECT * FROM evnts", "evnts"),
        ("SELECT toStartOfHur(n) FROM t", "toStartOfHur(n) FROM t"),
        ("ALTER TABLE nothing ADD COLUMN x Int8", "nothing ADD COLUMN x Int8"),
        ("ALTER TABLE t DROP COLUMN zz", "zz"),
        ("ALTER TABLE t MODIFY COLUMN zz Int8", "zz Int8"),
        ("CREATE TABLE q (a Strng) ENGINE = MergeTree ORDER BY a", "Strng) ENGINE = MergeTree ORDER BY a"),
        ("CREATE TABLE q (a Int8) ENGINE = MergTree ORDER BY a", "MergTree ORDER BY a"),
        ("CREATE TABLE q (a Int8) ENGINE = MergeTree ORDER BY b", "b"),
        ("INSERT INTO t (n, zz) SELECT 1, 2", "zz) SELECT 1, 2"),
    ],
)
def test_the_server_s_own_words(
    text: str, rest: str, clickhouse: ClickhouseServer, clickhouse_database: str
) -> None:
    session = ClickhouseSession(clickhouse.url(clickhouse_database), "goose_db_version")
    try:
        session.link().execute("CREATE TABLE t (n Int8) ENGINE = MergeTree ORDER BY n")
        with pytest.raises(DatabaseError) as caught:
            session.link().execute(text)
    finally:
        session.close()
    assert text[point(text, caught.value) - 1 :] == rest, caught.value.message


def test_an_error_that_names_nothing() -> None:
    error = DatabaseError("no such thing", driver_text="")
    error.number = 47
    assert point("SELECT thing", error) == 0
