"""How many columns of a terminal a text takes, and cutting it to fewer."""

from __future__ import annotations

import unicodedata


def columns(text: str) -> int:
    """Columns that ``text`` takes: two for wide characters, none for combining ones."""
    return sum(map(_width, text))


def cut(text: str, room: int) -> str:
    """``text`` in at most ``room`` columns, with an ellipsis where something is missing."""
    if columns(text) <= room:
        return text
    taken, end = 0, 0
    for char in text:
        taken += _width(char)
        if taken >= room:  # the last column is for the ellipsis
            break
        end += 1
    return text[:end] + "…" if room > 0 else ""


def _width(char: str) -> int:
    if char.isascii():
        return 1
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
