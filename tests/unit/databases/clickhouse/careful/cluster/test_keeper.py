"""What is tried again while the keeper is gone."""

from __future__ import annotations

import pytest

from greylag.databases.clickhouse.careful.cluster import keeper
from greylag.databases.clickhouse.careful.cluster.keeper import KEEPER, patiently
from greylag.errors import DatabaseError


class Act:
    """Fails so many times."""

    def __init__(self, times: int, number: int = KEEPER) -> None:
        self.times, self.number = times, number

    def __call__(self) -> str:
        self.times -= 1
        if self.times < 0:
            return "done"
        error = DatabaseError("Session expired", driver_text="")
        error.number = self.number
        raise error


def test_again_until_it_is_back() -> None:
    paused: list[float] = []
    assert patiently(Act(2), paused.append) == "done"
    assert len(paused) == 2


def test_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "_SECONDS", -1.0)
    with pytest.raises(DatabaseError, match="expired"):
        patiently(Act(1), lambda _: None)


def test_other_errors_at_once() -> None:
    act = Act(1, 57)
    with pytest.raises(DatabaseError):
        patiently(act)
    assert act() == "done"
