"""Lengths of time in Go's notation: read from ``-timeout`` and DSNs, printed at the end of OK lines."""

from __future__ import annotations

_DIGITS = "0123456789"
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
    """Nanoseconds of a text like ``1h13m``, ``1.5s`` or ``-300ms``. Raises ValueError in Go's words."""
    rest = text[1:] if text.startswith(("+", "-")) else text
    if rest == "0":
        return 0
    total, reason = 0, "" if rest else "invalid"
    while rest and not reason:
        whole, rest = _split(rest, _DIGITS)
        fraction = ""
        if rest.startswith("."):
            fraction, rest = _split(rest[1:], _DIGITS)
        unit, rest = _split(rest, f"{_DIGITS}.", inside=False)
        reason = _fault(whole, fraction, unit)
        if not reason:
            total += _part(whole, fraction, _NANOSECONDS[unit])
            reason = "invalid" if total > _LIMIT else ""
    if not reason and total == _LIMIT and text[0] != "-":
        reason = "invalid"
    if reason:
        raise ValueError(f"time: {reason} duration {_quoted(text)}")
    return -total if text[0] == "-" else total


def _split(text: str, characters: str, *, inside: bool = True) -> tuple[str, str]:
    end = 0
    while end < len(text) and (text[end] in characters) is inside:
        end += 1
    return text[:end], text[end:]


def _fault(whole: str, fraction: str, unit: str) -> str:
    digits = whole.lstrip("0") or "0"
    # of a number with thousands of digits even int() wants to know nothing
    if not (whole or fraction) or len(digits) > 19 or int(digits) > _LIMIT:
        return "invalid"
    if not unit:
        return "missing unit in"
    return "" if unit in _NANOSECONDS else f"unknown unit {_quoted(unit)} in"


def _quoted(text: str) -> str:
    """As the package time quotes: bytes beyond ASCII one by one."""
    shown = "".join(
        f"\\x{byte:02x}" if not 32 <= byte < 128 else f"\\{byte:c}" if byte in b'\\"' else chr(byte)
        for byte in text.encode("utf-8", "surrogateescape")
    )
    return f'"{shown}"'


def _part(whole: str, fraction: str, scale: int) -> int:
    fraction = fraction[:18]
    return int(whole.lstrip("0") or "0") * scale + int(int(fraction or "0") * (scale / 10 ** len(fraction)))


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
