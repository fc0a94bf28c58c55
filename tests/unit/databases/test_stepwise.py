"""What engines share whose files run statement by statement."""

from __future__ import annotations

from greylag.databases.stepwise import Reached, ScanError, say_nothing, unreadable


def test_a_file_that_has_not_begun() -> None:
    one, other = Reached(), Reached()
    assert (one.stage, one.statement, one.count) == ("begin", None, 0)
    one.count += 1
    assert other.count == 0


def test_a_value_that_cannot_be_read() -> None:
    error = ScanError(1, "is_applied", "no bool")
    failure = unreadable(error)
    assert failure.driver_text == 'sql: Scan error on column index 1, name "is_applied": no bool'
    assert "-table" in (failure.hint or "")


def test_nobody_listens() -> None:
    say_nothing("commit", "", True)
