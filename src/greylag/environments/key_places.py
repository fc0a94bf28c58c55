"""Where each key of a TOML document stands; ``tomllib`` reads values and forgets their places."""

from __future__ import annotations

import re
from bisect import bisect_right

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    KeyPath = tuple[str | int, ...]
    """Keys from the top of the document down; a number is a place in an array."""

_FILLER = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_STRINGS = (
    re.compile(r'"""(?:[^"\\]|\\.|"(?!""))*"{3,5}', re.DOTALL),
    re.compile(r"'''(?:[^']|'(?!''))*'{3,5}", re.DOTALL),
    re.compile(r'"(?:[^"\\\n]|\\.)*"'),
    re.compile(r"'[^'\n]*'"),
)
_SCALAR = re.compile(r"[^,\]}#\n]*")


def key_places(text: str) -> Mapping[KeyPath, tuple[int, int]]:
    """Line and column (from 1, in characters) of every key of a document that ``tomllib`` accepts.

    A key that is mentioned several times (``[a.b]``, then ``[a.c]``) stands where it was first. Items of
    arrays have places too: their value's first character, or the header of a ``[[table]]``.
    """
    scanner = _Scanner(text)
    scanner.document()
    starts = [0, *(found.end() for found in re.finditer("\n", text))]
    places = {}
    for path, offset in scanner.offsets.items():
        line = bisect_right(starts, offset)
        places[path] = (line, offset - starts[line - 1] + 1)
    return places


class _Scanner:
    """Walks a valid document once; it decides nothing about validity, so it can stay small."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.offsets: dict[KeyPath, int] = {}
        self._lengths: dict[KeyPath, int] = {}

    def document(self) -> None:
        table: KeyPath = ()
        while self._skip_filler() < len(self.text):
            if self.text.startswith("[", self.at):
                table = self._header()
            else:
                self._pair(table)

    def _header(self) -> KeyPath:
        """``[a.b]`` or ``[[a.b]]``; a name that is an array of tables means its last table."""
        brackets = 2 if self.text.startswith("[[", self.at) else 1
        start = self.at
        self.at += brackets
        path: KeyPath = ()
        keys = self._keys()
        for number, (key, offset) in enumerate(keys, 1):
            path = (*path, key)
            self.offsets.setdefault(path, offset)
            if brackets == 2 and number == len(keys):
                self._lengths[path] = self._lengths.get(path, 0) + 1
                self.offsets[*path, self._lengths[path] - 1] = start
            if path in self._lengths:
                path = (*path, self._lengths[path] - 1)
        self.at += brackets
        return path

    def _pair(self, path: KeyPath) -> None:
        for key, offset in self._keys():
            path = (*path, key)
            self.offsets.setdefault(path, offset)
        self.at += 1  # the equals sign
        self._value(path)

    def _keys(self) -> list[tuple[str, int]]:
        """A dotted key: each part with its offset; stops at whatever follows it."""
        keys = []
        while True:
            start = self._skip_filler()
            if bare := _BARE.match(self.text, start):
                self.at = bare.end()
                keys.append((bare[0], start))
            else:
                keys.append((_unquoted(self._string()), start))
            self._skip_filler()
            if not self.text.startswith(".", self.at):
                return keys
            self.at += 1

    def _value(self, path: KeyPath) -> None:
        self._skip_filler()
        first = self.text[self.at : self.at + 1]
        if first == "[":
            self._array(path)
        elif first == "{":
            self._inline_table(path)
        elif first in {'"', "'"}:
            self._string()
        else:
            self.at = _end(_SCALAR, self.text, self.at)

    def _array(self, path: KeyPath) -> None:
        number = 0
        while self._next_item("]"):
            self.offsets[*path, number] = self.at
            self._value((*path, number))
            number += 1

    def _inline_table(self, path: KeyPath) -> None:
        while self._next_item("}"):
            self._pair(path)

    def _next_item(self, closing: str) -> bool:
        """Step over a bracket or comma onto the next item; False, and past the end, when there is none."""
        if self.text[self._skip_filler()] != closing:
            self.at += 1
            self._skip_filler()
        if self.text[self.at] != closing:
            return True
        self.at += 1
        return False

    def _string(self) -> str:
        start = self.at
        for form in _STRINGS:
            if found := form.match(self.text, start):
                self.at = found.end()
                return found[0]
        raise AssertionError(f"no string at offset {start}: tomllib would have refused this document")

    def _skip_filler(self) -> int:
        self.at = _end(_FILLER, self.text, self.at)
        return self.at


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


def _unquoted(token: str) -> str:
    if "\\" not in token or token.startswith("'"):
        return token[1:-1]
    import tomllib

    return str(tomllib.loads(f"key = {token}")["key"])
