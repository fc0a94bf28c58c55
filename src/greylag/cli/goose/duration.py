"""Lengths of time in Go's notation: read from ``-timeout``, printed at the end of OK lines."""

from __future__ import annotations

_NANOSECONDS = {
    "ns": 1,
    "us": 1_000,
    "µs": 1_000,  # U+00B5
    "μs": 1_000,  # U+03BC
    "ms": 1_000_000,
    "s": 1_000_000_000,
    "m": 60_000_000_000,
    "h": 3_600_000_000_000,
}
_SECOND = _NANOSECONDS["s"]
_LIMIT = 1 << 63


def parse_duration(text: str) -> int:
    """Nanoseconds of a text like ``1h13m``, ``1.5s`` or ``-300ms``. Raises ValueError."""
    rest = text[1:] if text.startswith(("+", "-")) else text
    if rest == "0":
        return 0
    if not rest:
        raise ValueError("invalid duration")
    total = 0
    while rest:
        number, rest = _split(rest, "0123456789.")
        unit, rest = _split(rest, "0123456789.", inside=False)
        total += _part(number, unit)
        if total > _LIMIT:
            raise ValueError("invalid duration")
    if text[0] == "-":
        return -total
    if total == _LIMIT:
        raise ValueError("invalid duration")
    return total


def _split(text: str, characters: str, *, inside: bool = True) -> tuple[str, str]:
    end = 0
    while end < len(text) and (text[end] in characters) is inside:
        end += 1
    return text[:end], text[end:]


def _part(number: str, unit: str) -> int:
    whole, _, fraction = number.partition(".")
    if not (whole or fraction) or "." in fraction or unit not in _NANOSECONDS:
        raise ValueError("invalid duration")
    scale = _NANOSECONDS[unit]
    # 19 digits are more than Go keeps of either part
    if len(whole.lstrip("0")) > 19:
        raise ValueError("invalid duration")
    value = int(whole or "0") * scale
    if fraction:
        fraction = fraction[:18]
        value += int(int(fraction) * (scale / 10 ** len(fraction)))
    if value > _LIMIT:
        raise ValueError("invalid duration")
    return value


def rounded(nanoseconds: int) -> int:
    """Rounded to a hundredth of the largest of s, ms and µs that is exceeded: what goose prints."""
    for unit in (_SECOND, _NANOSECONDS["ms"], _NANOSECONDS["us"]):
        if nanoseconds > unit:
            step = unit // 100
            return (nanoseconds + step // 2) // step * step
    return nanoseconds


def show_duration(nanoseconds: int) -> str:
    """The text Go's Duration.String gives: ``1.5s``, ``12.34ms``, ``370.85µs``, ``1m0.5s``."""
    if nanoseconds < 0:
        return f"-{show_duration(-nanoseconds)}"
    if nanoseconds == 0:
        return "0s"
    if nanoseconds < _SECOND:
        unit = "ns" if nanoseconds < 1_000 else "µs" if nanoseconds < 1_000_000 else "ms"
        return f"{_decimal(nanoseconds, _NANOSECONDS[unit])}{unit}"
    minutes, rest = divmod(nanoseconds, 60 * _SECOND)
    text = f"{_decimal(rest, _SECOND)}s"
    if minutes:
        hours, minutes = divmod(minutes, 60)
        text = f"{minutes}m{text}"
        if hours:
            text = f"{hours}h{text}"
    return text


def _decimal(value: int, unit: int) -> str:
    fraction = str(value % unit).zfill(len(str(unit)) - 1).rstrip("0") if unit > 1 else ""
    return f"{value // unit}.{fraction}" if fraction else str(value // unit)
