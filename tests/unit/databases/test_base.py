"""A deadline bounds everything that comes after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from greylag.databases import base

if TYPE_CHECKING:
    import pytest


def test_what_is_left_shrinks_and_never_falls_below_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(base.time, "monotonic", lambda: now)
    deadline = base.Deadline(2.5)
    assert deadline.left() == 2.5
    now = 102.0
    assert deadline.left() == 0.5
    now = 103.0
    assert deadline.left() == 0.0
