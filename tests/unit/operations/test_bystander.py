"""The session in the way is there, in a transaction, and gone in time."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import psycopg
import pytest

from greylag.environments.resolution import Request, resolve
from greylag.operations.bystander import bystander

if TYPE_CHECKING:
    from pathlib import Path

    from greylag.environments.resolution import Resolution

SEEN = (
    "SELECT state FROM pg_stat_activity WHERE datname = current_database() "
    "AND application_name = 'weekly report'"
)
QUERY = "SELECT count(*) FROM pg_catalog.pg_class"
LONG = 600.0


@pytest.fixture
def place(database: str, tmp_path: Path) -> Resolution:
    (tmp_path / "migrations").mkdir()
    return resolve(Request(str(tmp_path), {}, dsn=database, folder="migrations"))


def states(database: str) -> list[str]:
    with psycopg.connect(database, autocommit=True) as connection:
        return [state for (state,) in connection.execute(SEEN)]


def wait_until_gone(database: str) -> None:
    until = time.monotonic() + 30
    while states(database):
        assert time.monotonic() < until
        time.sleep(0.02)


def test_it_keeps_its_transaction_open_until_the_block_ends(database: str, place: Resolution) -> None:
    before = set(threading.enumerate())
    with bystander(place.targets[0], place, {}, query=QUERY, seconds=LONG):
        assert states(database) == ["idle in transaction"]
    wait_until_gone(database)
    assert set(threading.enumerate()) <= before


def test_it_goes_by_itself(database: str, place: Resolution) -> None:
    with bystander(place.targets[0], place, {}, query=QUERY, seconds=0.01):
        wait_until_gone(database)


def test_it_goes_when_the_block_fails(database: str, place: Resolution) -> None:
    with (
        pytest.raises(ZeroDivisionError),
        bystander(place.targets[0], place, {}, query=QUERY, seconds=LONG),
    ):
        assert states(database) == ["idle in transaction"]
        1 / 0  # noqa: B018
    wait_until_gone(database)
