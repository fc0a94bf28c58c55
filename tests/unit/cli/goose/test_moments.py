from __future__ import annotations

from datetime import datetime, timedelta, timezone

from greylag.cli.goose.moments import ansi


def test_the_digits_are_printed_as_they_are() -> None:
    assert ansi(datetime(2025, 12, 20, 1, 20, 0)) == "Sat Dec 20 01:20:00 2025"
    assert ansi(datetime(2026, 3, 1, 23, 5, 9, 999_999)) == "Sun Mar  1 23:05:09 2026"
    zone = timezone(timedelta(hours=9))
    assert ansi(datetime(2026, 3, 2, 23, 5, 9, tzinfo=zone)) == "Mon Mar  2 23:05:09 2026"
    assert ansi(datetime(999, 1, 1)) == "Tue Jan  1 00:00:00 0999"
