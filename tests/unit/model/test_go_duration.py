from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greylag.model.go_duration import parse_duration, rounded, show_duration


@pytest.mark.parametrize(
    ("text", "nanoseconds"),
    [
        ("0", 0),
        ("+0", 0),
        ("1s", 10**9),
        ("1500ms", 1_500_000_000),
        ("1h13m", 4_380_000_000_000),
        (".5s", 500_000_000),
        ("1.s", 10**9),
        ("-1.5h", -5_400_000_000_000),
        ("3us", 3_000),
        ("3µs", 3_000),
        ("3μs", 3_000),
        ("1m1m", 120 * 10**9),
        (f"{'0' * 5000}1s", 10**9),
        ("9223372036854775807ns", (1 << 63) - 1),
        ("-9223372036854775808ns", -(1 << 63)),
    ],
)
def test_what_go_reads(text: str, nanoseconds: int) -> None:
    assert parse_duration(text) == nanoseconds


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", 'invalid duration ""'),
        ("-", 'invalid duration "-"'),
        ("5", 'missing unit in duration "5"'),
        ("abc", 'invalid duration "abc"'),
        ("s", 'invalid duration "s"'),
        (".s", 'invalid duration ".s"'),
        ("1d", 'unknown unit "d" in duration "1d"'),
        ("1 s", 'unknown unit " s" in duration "1 s"'),
        ("1s ", 'unknown unit "s " in duration "1s "'),
        ("1.2.3s", 'missing unit in duration "1.2.3s"'),
        ("--1s", 'invalid duration "--1s"'),
        ("9223372036854775808ns", 'invalid duration "9223372036854775808ns"'),
        ("1e3s", 'unknown unit "e" in duration "1e3s"'),
        ("²s", r'invalid duration "\xc2\xb2s"'),
        ('1"\\s', r'unknown unit "\"\\s" in duration "1\"\\s"'),
        ("3000000h", 'invalid duration "3000000h"'),
        (f"{'9' * 25}s", f'invalid duration "{"9" * 25}s"'),
    ],
)
def test_what_go_refuses(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match="time: ") as caught:
        parse_duration(text)
    assert str(caught.value) == f"time: {reason}"


@pytest.mark.parametrize(
    ("nanoseconds", "text"),
    [
        (0, "0s"),
        (999, "999ns"),
        (1_000, "1µs"),
        (370_850, "370.85µs"),
        (12_340_000, "12.34ms"),
        (1_500_000_000, "1.5s"),
        (60_000_000_000, "1m0s"),
        (3_661_010_000_000, "1h1m1.01s"),
        (-5, "-5ns"),
    ],
)
def test_how_go_shows_it(nanoseconds: int, text: str) -> None:
    assert show_duration(nanoseconds) == text


@pytest.mark.parametrize(
    ("nanoseconds", "text"),
    [
        (1_000, "1µs"),
        (1_004, "1µs"),
        (1_005, "1.01µs"),
        (999_999, "1ms"),
        (1_000_000, "1ms"),
        (2_264_999, "2.26ms"),
        (2_265_000, "2.27ms"),
        (75_123_456_789, "1m15.12s"),
    ],
)
def test_goose_rounds_to_a_hundredth_of_the_unit(nanoseconds: int, text: str) -> None:
    assert show_duration(rounded(nanoseconds)) == text


@given(st.integers(-(1 << 62), 1 << 62))
def test_what_is_shown_reads_back(nanoseconds: int) -> None:
    text = show_duration(nanoseconds)
    # hours with many digits go through a float in Go too
    assert abs(parse_duration(text) - nanoseconds) <= 1


@given(st.text("0123456789.hmsnuµ+-", max_size=12))
def test_nothing_but_a_value_error(text: str) -> None:
    try:
        parse_duration(text)
    except ValueError:
        return
    assert text
