"""Lengths in days."""

from __future__ import annotations

import pytest

from greylag.environments.durations import parse_duration
from greylag.operations.retaining.lengths import days_of_months, interval, length_of, told, wanted_length


def test_months_are_what_the_calendar_makes_of_them() -> None:
    assert days_of_months(0) == (0, 0)
    assert days_of_months(1) == (28, 31)
    assert days_of_months(3) == (89, 92)
    assert days_of_months(12) == (365, 366)
    assert days_of_months(60) == (1826, 1827)
    assert days_of_months(-1) == (-31, -28)
    assert length_of(12, 86400) == (366, 367)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("5 years", 1825, 1827),
        ("90 days", 90, 90),
        ("1 year", 365, 366),
        ("3 months", 89, 92),
        ("1.5 years", 547.5, 547.5),
    ],
)
def test_what_the_config_means(text: str, low: float, high: float) -> None:
    assert wanted_length(parse_duration(text)) == (low, high)


@pytest.mark.parametrize(
    ("text", "sql"),
    [
        ("5 years", "INTERVAL 5 YEAR"), ("90 days", "INTERVAL 90 DAY"), ("1 month", "INTERVAL 1 MONTH"),
        ("2 weeks", "INTERVAL 2 WEEK"), ("36h", "INTERVAL 36 HOUR"), ("1.5 years", "INTERVAL 548 DAY"),
        ("90min", "INTERVAL 1 DAY"),
    ],
)  # fmt: skip
def test_intervals(text: str, sql: str) -> None:
    assert interval(parse_duration(text)) == sql


def test_words() -> None:
    assert [told(60, 0), told(12, 0), told(6, 0), told(1, 0)] == ["5 years", "1 year", "6 months", "1 month"]
    assert [told(0, 90 * 86400), told(0, 7200), told(0, 61)] == ["90 days", "2 hours", "61 seconds"]
    assert told(12, 86400) == "1 year and 1 day" and told(0, 0) == "no time"
