"""Colour only where a person looks: a terminal, unless NO_COLOR or FORCE_COLOR say otherwise."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from typing import TextIO

Tone = Literal["good", "bad", "warn", "faint", "strong", "link"]

_CODES: dict[Tone, str] = {
    "good": "32",
    "bad": "1;31",
    "warn": "33",
    "faint": "2",
    "strong": "1",
    "link": "36",
}


def coloured(stream: TextIO) -> bool:
    """Whether text for ``stream`` may hold escape codes. FORCE_COLOR wins over NO_COLOR (both: any text)."""
    if os.environ.get("FORCE_COLOR"):
        return True
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return stream.isatty()


def tint(text: str, tone: Tone, *, stream: TextIO | None = None) -> str:
    """``text`` in a tone, or as it is where ``stream`` (stdout when not given) shows no colour."""
    return f"\033[{_CODES[tone]}m{text}\033[0m" if coloured(stream or sys.stdout) else text
