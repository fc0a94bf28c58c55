"""Lengths of time in the config file."""

from __future__ import annotations

import pytest

from greylag.environments.durations import UNITS, parse_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("2s", 2), ("10min", 600), ("500ms", 0.5), ("1 hour", 3600), ("1.5h", 5400), ("1 day", 86400),
     ("7 days", 604800), ("5 years", 5 * 365 * 86400), (" 90 days ", 90 * 86400), ("0s", 0)],
)  # fmt: skip
def test_a_number_and_a_unit(text: str, seconds: float) -> None:
    assert parse_duration(text) == (seconds, text.strip())


def test_every_unit_is_read() -> None:
    assert {unit: parse_duration(f"1{unit}").seconds for unit in UNITS} == UNITS


@pytest.mark.parametrize(
    "text", ["", "2", "s", "two s", "-2s", "2  s", "1h30min", "1e3s", "٢s", "9999999999s"]
)
def test_what_is_no_length_of_time(text: str) -> None:
    with pytest.raises(ValueError, match="no length of time"):
        parse_duration(text)


@pytest.mark.parametrize("unit", ["m", "sec", "yrs"])
def test_unknown_units_are_named_with_those_there_are(unit: str) -> None:
    with pytest.raises(ValueError, match=f"unknown unit '{unit}': there are ms, s, min, h"):
        parse_duration(f"2{unit}")
