"""Text quoted as Go's ``%q`` does it (strconv.Quote), which goose uses in most of its messages."""

from __future__ import annotations

_SHORT = {
    "\a": "\\a",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\v": "\\v",
    '"': '\\"',
    "\\": "\\\\",
}


def _escape(char: str) -> str:
    point = ord(char)
    if char in _SHORT:
        return _SHORT[char]
    if 0xDC80 <= point <= 0xDCFF:  # a byte that is no UTF-8, kept as a surrogate escape
        return f"\\x{point - 0xDC00:02x}"
    if char.isprintable():
        return char
    if point < 0x20 or point == 0x7F:
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"


def quote(text: str) -> str:
    """``text`` between double quotes, unprintable characters and bytes that are not UTF-8 escaped."""
    return f'"{"".join(map(_escape, text))}"'
