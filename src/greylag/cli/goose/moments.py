"""Stored times as ``status`` prints them: Go's ANSI C form, in English whatever the locale."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def ansi(at: datetime) -> str:
    """``Sat Dec 20 01:20:00 2025``: the digits of ``at`` as they are, the day padded with a blank."""
    day, month = _DAYS[at.weekday()], _MONTHS[at.month - 1]
    return f"{day} {month} {at.day:2d} {at.hour:02d}:{at.minute:02d}:{at.second:02d} {at.year:04d}"
