"""Numbers and switches in Go's notation, refused in Go's words."""

from __future__ import annotations

from greylag.model.numbers import parse_int
from greylag.model.quoting import quote

_TRUE = frozenset(("1", "t", "T", "true", "TRUE", "True"))
_FALSE = frozenset(("0", "f", "F", "false", "FALSE", "False"))


def read_switch(text: str) -> bool:
    """What strconv.ParseBool reads. Raises ValueError."""
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise ValueError(f"strconv.ParseBool: parsing {quote(text)}: invalid syntax")


def read_number(text: str, *, named: str = "Atoi", low: int = -(1 << 63), high: int = (1 << 63) - 1) -> int:
    """What ``strconv.<named>`` reads between ``low`` and ``high``. Raises ValueError."""
    fault = "" if low or text.isdigit() else "invalid syntax"  # no sign for what cannot be below zero
    number = 0
    try:
        number = parse_int(text)
    except ValueError as error:
        fault = fault or str(error)
    if fault or not low <= number <= high:
        raise ValueError(f"strconv.{named}: parsing {quote(text)}: {fault or 'value out of range'}")
    return number
