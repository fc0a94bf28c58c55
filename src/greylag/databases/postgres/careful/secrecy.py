"""Keeping the password of the connection out of what the journal keeps."""

from __future__ import annotations

import zlib

from greylag.model.masking import masked

BLANK = "***"
_LONG = 12
"""Characters from which a password is taken for one wherever it stands in a file, which may be run again."""
_WORD = 4
"""The same in an error, which is only read."""


class Secrecy:
    """Blanks one password; an empty one is none."""

    def __init__(self, password: str) -> None:
        self._password = password
        self._literal = f"'{password}'".encode("utf-8", "surrogateescape")
        self._anywhere = self._literal[1:-1] if len(password) >= _LONG else self._literal

    def message(self, text: str) -> str:
        """The text of an error."""
        return masked(text.replace(self._password, BLANK) if len(self._password) >= _WORD else text)

    def content(self, packed: bytes) -> bytes:
        """A file as the journal keeps it, compressed: the password as a literal, a long one anywhere."""
        if not self._password or not packed:
            return packed
        text = zlib.decompress(packed)
        if self._anywhere not in text:
            return packed
        blank = BLANK.encode() if len(self._password) >= _LONG else f"'{BLANK}'".encode()
        return zlib.compress(text.replace(self._anywhere, blank), 1)
