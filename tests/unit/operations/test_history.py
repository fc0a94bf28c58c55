"""The version table is made where it is missing, and two failures are told as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.errors import ConnectError, DatabaseError
from greylag.model.history import Applied
from greylag.operations.history import ensure

if TYPE_CHECKING:
    from tests.unit.operations.conftest import Ground


def test_a_missing_table_is_made(lite: Ground) -> None:
    assert ensure(lite.session) == [Applied(0, True)]
    assert lite.versions() == [0]


def test_rows_come_newest_first_and_nothing_is_added(lite: Ground) -> None:
    ensure(lite.session)
    lite.ask("INSERT INTO goose_db_version (version_id, is_applied) VALUES (7, 1), (5, 0)")
    assert ensure(lite.session) == [Applied(5, False), Applied(7, True), Applied(0, True)]
    assert lite.versions() == [0, 7, 5]


class Refusing:
    """A session that says no twice."""

    def __init__(self, first: DatabaseError, second: DatabaseError) -> None:
        self.first, self.second = first, second

    def history(self) -> None:
        raise self.first

    def create_history(self) -> None:
        raise self.second


def test_both_errors_are_told_with_the_facts_of_the_second() -> None:
    first = DatabaseError("no read", driver_text="ERROR: no read")
    second = DatabaseError(
        "no create", driver_text="ERROR: no create", sqlstate="42501", detail="d", server_hint="h"
    )
    with pytest.raises(DatabaseError) as caught:
        ensure(Refusing(first, second))  # type: ignore[arg-type]
    error = caught.value
    assert error.driver_text == "ERROR: no read; ERROR: no create"
    assert (error.message, error.sqlstate, error.detail, error.server_hint) == (
        "no create",
        "42501",
        "d",
        "h",
    )
    assert not isinstance(error, ConnectError)


def test_a_refused_connection_stays_one() -> None:
    refused = ConnectError("refused", driver_text="refused")
    with pytest.raises(ConnectError) as caught:
        ensure(Refusing(refused, ConnectError("again", driver_text="again")))  # type: ignore[arg-type]
    assert caught.value.driver_text == "refused; again"
