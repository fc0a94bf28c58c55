"""Lengths of time as people write them in the config file."""

from __future__ import annotations

import re

from greylag.model.duration import Duration

DAY = 24 * 60 * 60

UNITS = {
    "ms": 0.001,
    "s": 1,
    "min": 60,
    "h": 60 * 60,
    "hour": 60 * 60,
    "hours": 60 * 60,
    "day": DAY,
    "days": DAY,
    "week": 7 * DAY,
    "weeks": 7 * DAY,
    "month": 30 * DAY,
    "months": 30 * DAY,
    "year": 365 * DAY,
    "years": 365 * DAY,
}
"""Unit to seconds. A month is 30 days and a year 365: these lengths say how long things are kept."""

_FORM = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,3})?) ?([a-z]+)")


def parse_duration(text: str) -> Duration:
    """Read "2s", "10min", "1 day", "5 years". Raises ValueError saying what is wrong with the text."""
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise ValueError("is no length of time: a number and a unit are wanted")
    if found[2] not in UNITS:
        raise ValueError(f"has the unknown unit {found[2]!r}: there are {', '.join(UNITS)}")
    return Duration(float(found[1]) * UNITS[found[2]], text.strip())
