"""Version tables as they are found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.databases.clickhouse.careful.tally import Count, Tally, read_tally, tally
from greylag.databases.clickhouse.history import create_table
from greylag.errors import DatabaseError
from greylag.model.history import Applied

if TYPE_CHECKING:
    from tests.unit.databases.clickhouse.careful.conftest import Yard


def states(found: Tally) -> list[int]:
    assert all(row.applied for row in found.rows)
    return [row.version for row in found.rows]


def test_what_goose_writes() -> None:
    found = tally([Count(0, True, 1, 10), Count(2, True, 1, 12), Count(1, True, 1, 11)])
    assert states(found) == [2, 1, 0]
    assert found.newest == {0: 10, 1: 11, 2: 12}
    assert not (found.rolled_back or found.shadowed or found.repeated or found.empty)


def test_no_row_at_all_is_version_0() -> None:
    found = tally([])
    assert (found.rows, found.empty) == ([Applied(0, True)], True)


def test_the_newest_row_of_a_version_counts() -> None:
    down = tally([Count(0, True, 1, 1), Count(1, True, 1, 2), Count(1, False, 1, 3)])
    assert (states(down), down.rolled_back, down.shadowed) == ([0], [1], [])
    again = tally([Count(0, True, 1, 1), Count(1, True, 1, 4), Count(1, False, 1, 3)])
    assert (states(again), again.rolled_back, again.shadowed) == ([1, 0], [], [1])


@pytest.mark.parametrize(("on", "off", "applied"), [(1, 1, False), (2, 1, True), (2, 2, False)])
def test_rows_from_one_second_go_by_their_number(on: int, off: int, applied: bool) -> None:
    found = tally([Count(0, True, 1, 1), Count(1, True, on, 2), Count(1, False, off, 2)])
    assert (1 in states(found)) is applied


def test_repeated_rows_are_told() -> None:
    found = tally([Count(0, True, 1, 1), Count(3, True, 2, 2)])
    assert (states(found), found.repeated) == ([3, 0], [3])


def test_read_from_a_server(yard: Yard) -> None:
    yard.ask(create_table("goose_db_version"))
    assert read_tally(yard.link(), "goose_db_version").empty
    yard.ask("INSERT INTO goose_db_version (version_id, is_applied) VALUES (0, 1), (1, 1), (1, 1)")
    yard.ask("INSERT INTO goose_db_version (version_id, is_applied, tstamp) VALUES (2, 1, 100), (2, 0, 200)")
    found = read_tally(yard.link(), "goose_db_version")
    assert (states(found), found.rolled_back, found.repeated) == ([1, 0], [2], [1])


def test_a_row_that_cannot_be_read_is_an_error_in_words(yard: Yard) -> None:
    yard.ask(
        "CREATE TABLE v (version_id Int64, is_applied String, tstamp DateTime DEFAULT now()) ENGINE = Memory"
    )
    yard.ask("INSERT INTO v (version_id, is_applied) VALUES (1, 'maybe')")
    with pytest.raises(DatabaseError, match="is_applied"):
        read_tally(yard.link(), "v")
