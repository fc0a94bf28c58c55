"""Numbers, switches and lengths of time in Go's notation, refused in Go's words."""

from __future__ import annotations

from greylag.model.numbers import parse_int
from greylag.model.quoting import quote

_TRUE = frozenset(("1", "t", "T", "true", "TRUE", "True"))
_FALSE = frozenset(("0", "f", "F", "false", "FALSE", "False"))
_SECONDS = {
    "ns": 1e-9,
    "us": 1e-6,
    "µs": 1e-6,  # U+00B5
    "μs": 1e-6,  # U+03BC
    "ms": 1e-3,
    "s": 1.0,
    "m": 60.0,
    "h": 3600.0,
}
_LONGEST = float(1 << 63) * 1e-9


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


def read_duration(text: str) -> float:
    """Seconds of a text like ``1h13m``, ``1.5s`` or ``-300ms``. Raises ValueError."""
    rest = text[1:] if text.startswith(("+", "-")) else text
    if rest == "0":
        return 0.0
    total = 0.0
    if not rest:
        raise ValueError(f"time: invalid duration {quote(text)}")
    while rest:
        number, rest = _number(rest)
        unit, rest = _leading(rest, "0123456789.", inside=False)
        if not number.strip("."):
            raise ValueError(f"time: invalid duration {quote(text)}")
        if not unit:
            raise ValueError(f"time: missing unit in duration {quote(text)}")
        if unit not in _SECONDS:
            raise ValueError(f"time: unknown unit {quote(unit)} in duration {quote(text)}")
        total += float(number) * _SECONDS[unit]
    if total >= _LONGEST:
        raise ValueError(f"time: invalid duration {quote(text)}")
    return -total if text[0] == "-" else total


def _number(text: str) -> tuple[str, str]:
    whole, rest = _leading(text, "0123456789")
    if not rest.startswith("."):
        return whole, rest
    fraction, rest = _leading(rest[1:], "0123456789")
    return f"{whole}.{fraction}", rest


def _leading(text: str, characters: str, *, inside: bool = True) -> tuple[str, str]:
    end = 0
    while end < len(text) and (text[end] in characters) is inside:
        end += 1
    return text[:end], text[end:]
