"""The ALTER that mends; test_retention.py has a real engine run it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.operations.retaining.fixing import quoted
from tests.unit.operations.retaining.test_judging import BAND, FIVE, verdict

if TYPE_CHECKING:
    from greylag.model.workspace import Retention

MOVE = "d + toIntervalDay(3) TO VOLUME 'cold'"


@pytest.mark.parametrize(
    ("ttl", "retention", "expected", "deletes"),
    [
        ("", FIVE, "toDateTime(ts) + INTERVAL 5 YEAR", True),
        (MOVE, FIVE, f"toDateTime(ts) + INTERVAL 5 YEAR, {MOVE}", True),
        (f"d + toIntervalDay(9), {MOVE}", FIVE, f"d + INTERVAL 5 YEAR, {MOVE}", False),
        ("d + toIntervalYear(9)", FIVE, "d + INTERVAL 5 YEAR", True),
        ("d + toIntervalDay(9)", BAND, "d + INTERVAL 90 DAY", False),
        ("d + toIntervalYear(9)", BAND, "d + INTERVAL 1 YEAR", True),
        ("toDateTime(s) + toIntervalYear(5)", FIVE, "toDateTime(ts) + INTERVAL 5 YEAR", True),
        ("toStartOfMonth(d) + toIntervalYear(5)", FIVE, "d + INTERVAL 5 YEAR", False),
        (
            "d + toIntervalYear(5), d + toIntervalDay(30) WHERE id = 1",
            FIVE,
            "d + INTERVAL 5 YEAR, d + INTERVAL 5 YEAR DELETE WHERE id = 1",
            False,
        ),
    ],
)
def test_statements(ttl: str, retention: Retention, expected: str, deletes: bool) -> None:
    fix = verdict(ttl, retention).fix
    assert fix is not None and fix.statement == f"ALTER TABLE audit_db.events MODIFY TTL {expected}"
    assert fix.due == (expected.partition(",")[0] if deletes else "")
    assert "materialize_ttl_after_modify = 0" in fix.warning


@pytest.mark.parametrize("ttl", ["d", "if(id > 3, d + toIntervalDay(1), d)"])
def test_what_no_alter_mends(ttl: str) -> None:
    assert verdict(ttl).fix is None


def test_names() -> None:
    assert quoted("events") == "events" and quoted("odd name") == "`odd name`" and quoted("1`") == "`1\\``"
