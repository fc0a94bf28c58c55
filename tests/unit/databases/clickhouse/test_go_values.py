"""Numbers, switches and lengths of time in Go's notation."""

from __future__ import annotations

import pytest

from greylag.databases.clickhouse.go_values import read_duration, read_number, read_switch


def refused(read: object, text: str, **named: object) -> str:
    with pytest.raises(ValueError) as caught:
        read(text, **named)  # type: ignore[operator]
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0),
        ("1.5s", 1.5),
        ("1h2m", 3720),
        ("-300ms", -0.3),
        ("+2us", 2e-6),
        ("5µs", 5e-6),
        ("1.s", 1),
        (".5s", 0.5),
    ],
)
def test_durations(text: str, seconds: float) -> None:
    assert read_duration(text) == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", 'invalid duration ""'),
        ("-", 'invalid duration "-"'),
        ("abc", 'invalid duration "abc"'),
        (".s", 'invalid duration ".s"'),
        ("5", 'missing unit in duration "5"'),
        ("1.5.5s", 'missing unit in duration "1.5.5s"'),
        ("5x", 'unknown unit "x" in duration "5x"'),
        ("9999999h", 'invalid duration "9999999h"'),
    ],
)
def test_refused_durations(text: str, reason: str) -> None:
    assert refused(read_duration, text) == f"time: {reason}"


def test_switches() -> None:
    assert [read_switch(text) for text in ("1", "T", "true", "0", "f", "False")] == [True] * 3 + [False] * 3
    assert refused(read_switch, "yes") == 'strconv.ParseBool: parsing "yes": invalid syntax'


def test_numbers() -> None:
    assert read_number("-007") == -7
    assert read_number("255", named="ParseUint", low=0, high=255) == 255
    assert refused(read_number, "x") == 'strconv.Atoi: parsing "x": invalid syntax'
    assert refused(read_number, "9" * 20) == f'strconv.Atoi: parsing "{"9" * 20}": value out of range'
    small = {"named": "ParseUint", "low": 0, "high": 255}
    assert refused(read_number, "-1", **small) == 'strconv.ParseUint: parsing "-1": invalid syntax'
    assert refused(read_number, "256", **small) == 'strconv.ParseUint: parsing "256": value out of range'
