"""Engines started before they are needed are taken by whoever opens their database, and by nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.databases.clickhouse.dsn import read_dsn
from greylag.databases.clickhouse.embedded import early
from greylag.databases.clickhouse.wire import Patience

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.unit.databases.clickhouse.embedded.test_link import Links


@pytest.fixture(autouse=True)
def waiting() -> Iterator[None]:
    yield
    while early._waiting:
        early._waiting.popitem()[1].close()


def test_it_is_taken_once(links: Links, tmp_path: Path) -> None:
    link = links("?database=a")
    early.start_early(f"chdb://{tmp_path}/db?database=a")
    (child,) = early._waiting.values()
    early.start_early(f"chdb://{tmp_path}/db?database=a")
    assert list(early._waiting.values()) == [child]
    assert link.query("SELECT currentDatabase()").rows == [["a"]]
    assert link._child is child and not early._waiting
    assert child.patience is link._patience
    link.close()
    assert link.query("SELECT 1").rows == [["1"]]


def test_other_settings_are_another_engine(tmp_path: Path) -> None:
    early.start_early(f"chdb://{tmp_path}/db?database=a")
    other = early.take_child(read_dsn(f"chdb://{tmp_path}/db?database=b"), Patience(None, None))
    try:
        assert other not in early._waiting.values() and len(early._waiting) == 1
    finally:
        other.close()


def test_one_that_cannot_be_started_is_left_to_who_needs_it(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    early.start_early(f"chdb://{tmp_path}?database=a")
    assert not early._waiting
