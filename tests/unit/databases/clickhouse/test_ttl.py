"""TTL clauses as the server prints them (26.9), taken apart."""

from __future__ import annotations

import pytest

from greylag.databases.clickhouse.ttl import read_ttl

DAY = 86400


@pytest.mark.parametrize(
    ("text", "base", "months", "seconds", "plain"),
    [
        ("toDateTime(ts) + toIntervalDay(90)", "toDateTime(ts)", 0, 90 * DAY, 0),
        ("ts + toIntervalYear(5)", "ts", 60, 0, 0),
        ("ts + toIntervalYear('5')", "ts", 60, 0, 0),
        ("(dt + toIntervalDay(1)) + toIntervalHour(2)", "dt", 0, DAY + 7200, 0),
        ("(dt + toIntervalDay(1))", "dt", 0, DAY, 0),
        ("toIntervalDay(2) + dt", "dt", 0, 2 * DAY, 0),
        ("plus(dt, toIntervalDay(4))", "dt", 0, 4 * DAY, 0),
        ("minus(dt, toIntervalMonth(-3))", "dt", 3, 0, 0),
        ("dt - toIntervalMonth(-3)", "dt", 3, 0, 0),
        ("(dt + toIntervalYear(1)) - toIntervalDay(5)", "dt", 12, -5 * DAY, 0),
        ("addDays(dt, 30)", "dt", 0, 30 * DAY, 0),
        ("addMonths(toDate(dt), 6)", "toDate(dt)", 6, 0, 0),
        ("subtractWeeks(dt, -2)", "dt", 0, 14 * DAY, 0),
        ("toStartOfDay(dt) + toIntervalQuarter(3)", "toStartOfDay(dt)", 9, 0, 0),
        ("dt + (86400 * 30)", "dt", 0, 0, 30 * DAY),
        ("d + 1826", "d", 0, 0, 1826),
        ("expires_at", "expires_at", 0, 0, 0),
        ("`odd + name` + toIntervalDay(1)", "`odd + name`", 0, DAY, 0),
    ],
)
def test_base_and_length(text: str, base: str, months: int, seconds: int, plain: int) -> None:
    (element,) = read_ttl(text)
    assert (element.base, element.months, element.seconds, element.plain) == (base, months, seconds, plain)
    assert element.deletes and element.expression == text


@pytest.mark.parametrize(
    "text",
    [
        "ts + toIntervalDay(days)",
        "a + b",
        "toIntervalDay(3)",
        "ts + toIntervalNanosecond(3)",
        "addDays(ts, n)",
    ],
)
def test_what_is_no_base_and_length(text: str) -> None:
    (element,) = read_ttl(text)
    assert element.months is None and element.expression == text


def test_several_elements() -> None:
    text = (
        "d + toIntervalYear(5), d + toIntervalDay(30) WHERE kind IN (1, 2), d + toIntervalMonth(3) TO VOLUME 'cold', "
        "d + toIntervalDay(1) TO DISK 'x', d + toIntervalMonth(1) RECOMPRESS CODEC(ZSTD(9))"
    )
    elements = read_ttl(text)
    assert [element.action for element in elements] == ["delete", "delete", "move", "move", "recompress"]
    assert [element.deletes for element in elements] == [True, False, False, False, False]
    assert elements[1].condition == "kind IN (1, 2)"
    assert ", ".join(element.text for element in elements) == text


def test_commas_of_a_roll_up() -> None:
    text = "d + toIntervalYear(1) GROUP BY id, k SET x = max(x), y = sum(y), d + toIntervalYear(5)"
    rolled, deleted = read_ttl(text)
    assert rolled.action == "group by" and rolled.text.endswith("y = sum(y)") and rolled.months == 12
    assert deleted.deletes and deleted.months == 60


def test_nothing() -> None:
    assert read_ttl("") == []
