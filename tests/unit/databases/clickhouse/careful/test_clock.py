"""The server's time between questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from greylag.databases.clickhouse.careful import clock
from greylag.databases.clickhouse.careful.clock import Clock

if TYPE_CHECKING:
    import pytest


def test_it_goes_on_from_the_server_s_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [5_000_000_000]
    monkeypatch.setattr(clock, "_elapsed", lambda: now[0])
    kept = Clock(1_700_000_000)
    assert kept.now() == 1_700_000_000_000_000
    now[0] += 1_500_000_000
    assert kept.now() == 1_700_000_001_500_000


def test_real_time_passes() -> None:
    kept = Clock(0)
    assert 0 <= kept.now() <= kept.now()
