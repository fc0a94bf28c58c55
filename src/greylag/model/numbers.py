"""Whole numbers as Go's strconv.ParseInt reads them: versions and offsets."""

from __future__ import annotations


def parse_int(text: str) -> int:
    """The decimal number of 64 bits that ``text`` is; a sign and leading zeros pass.

    Raises ValueError with Go's reason: ``invalid syntax`` or ``value out of range``, whichever shows first
    when reading from the left.
    """
    digits = text[1:] if text.startswith(("+", "-")) else text
    if not digits:
        raise ValueError("invalid syntax")
    value = 0
    for digit in digits:
        if not "0" <= digit <= "9":
            raise ValueError("invalid syntax")
        value = value * 10 + ord(digit) - 48
        if value >= 1 << 64:
            raise ValueError("value out of range")
    if text[0] == "-":
        value = -value
    if not -(1 << 63) <= value < 1 << 63:
        raise ValueError("value out of range")
    return value
