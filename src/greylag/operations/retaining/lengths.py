"""Lengths of time in days, as honestly as a calendar allows: a month has 28 to 31, a year 365 or 366."""

from __future__ import annotations

import math
import re
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from greylag.model.duration import Duration

_DAY = 86400
_CALENDAR = {"month": 1, "months": 1, "year": 12, "years": 12}
_WORDS = {"day": "DAY", "days": "DAY", "week": "WEEK", "weeks": "WEEK", "month": "MONTH", "months": "MONTH"}
_WORDS |= {"year": "YEAR", "years": "YEAR", "h": "HOUR", "hour": "HOUR", "hours": "HOUR"}
_FORM = re.compile(r"(\d+) ?([a-z]+)")


class Length(NamedTuple):
    """From ``low`` to ``high`` days, whatever the day it begins on."""

    low: float
    high: float


def length_of(months: int, seconds: int) -> Length:
    """The length of calendar months and seconds."""
    low, high = days_of_months(months)
    return Length(low + seconds / _DAY, high + seconds / _DAY)


def wanted_length(duration: Duration) -> Length:
    """What a length in the config may mean: the config counts 365 days to a year, the calendar more.

    So 1825 days, 1826 days and INTERVAL 5 YEAR are all five years.
    """
    found = _FORM.fullmatch(duration.text)
    days = duration.seconds / _DAY
    if found is None or found[2] not in _CALENDAR:
        return Length(days, days)
    low, high = days_of_months(int(found[1]) * _CALENDAR[found[2]])
    return Length(min(days, low), max(days, high))


def interval(duration: Duration) -> str:
    """The length in SQL: ``INTERVAL 5 YEAR``. What is no whole number of a unit is rounded up to days."""
    found = _FORM.fullmatch(duration.text)
    if found is None or found[2] not in _WORDS:
        return f"INTERVAL {math.ceil(duration.seconds / _DAY)} DAY"
    return f"INTERVAL {int(found[1])} {_WORDS[found[2]]}"


@cache
def days_of_months(months: int) -> tuple[int, int]:
    """The shortest and the longest that many months can be, in the years to come."""
    if months < 0:
        low, high = days_of_months(-months)
        return -high, -low
    spans = []
    for start in range(2024 * 12, 2032 * 12):
        end = start + months
        begun, over = divmod(start, 12), divmod(end, 12)
        spans.append((date(over[0], over[1] + 1, 1) - date(begun[0], begun[1] + 1, 1)).days)
    return min(spans), max(spans)


def told(months: int, seconds: int) -> str:
    """A length in words: ``5 years``, ``90 days``, ``1 month and 12 hours``."""
    words = []
    if months:
        years, rest = divmod(months, 12)
        words.append(_several(years, "year") if not rest else _several(months, "month"))
    for size, unit in ((_DAY, "day"), (3600, "hour"), (1, "second")):
        if seconds and seconds % size == 0:
            words.append(_several(seconds // size, unit))
            break
    return " and ".join(words) or "no time"


def _several(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"
