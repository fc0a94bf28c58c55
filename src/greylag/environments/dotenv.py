"""``.env`` files by the rules of joho/godotenv 1.5.1, the reader inside goose.

Its oddities are kept, because a file that works with goose has to work the same here: a comment after an
unquoted value starts at the *last* ``#`` that follows a blank, quotes at both ends of a quoted value are all
stripped, ``$NAME`` is looked up in the file alone, and a file with one mistake counts for nothing.
"""

from __future__ import annotations

import os

from greylag.errors import EnvFileError
from greylag.model.quoting import quote
from greylag.model.reasons import reason_of
from greylag.model.spaces import SPACES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import MutableMapping

_BLANKS = "\t\v\f\r \x85\xa0"


def load(path: str, environ: MutableMapping[str, str]) -> list[str]:
    """Set every variable of the file that ``environ`` does not have yet; give the names that were set.

    Raises EnvFileError, and then nothing was set.
    """
    names = []
    for name, value in read(path).items():
        if name in environ:
            continue
        try:
            environ[name] = value
        except (OSError, ValueError):
            continue  # no name, or a NUL byte: the system refuses it, and godotenv does not look
        names.append(name)
    return names


def read(path: str) -> dict[str, str]:
    """Names and values of a file. Raises EnvFileError, worded as godotenv words it."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        raise EnvFileError(f"open {path}: {reason_of(error)}") from None
    try:
        with open(handle, "rb") as file:
            data = file.read()
    except OSError as error:
        raise EnvFileError(f"read {path}: {reason_of(error)}") from None
    return parse(data)


def parse(data: bytes) -> dict[str, str]:
    """Names and values of a file's content, the last one of a name winning. Raises EnvFileError."""
    text = data.replace(b"\r\n", b"\n").decode("utf-8", "surrogateescape")
    found: dict[str, str] = {}
    position = _statement(text, 0)
    while position < len(text):
        name, position = _name(text, position)
        value, position = _value(text, position, found)
        found[name] = value
        position = _statement(text, position)
    return found


def _skip(text: str, position: int, characters: str) -> int:
    while position < len(text) and text[position] in characters:
        position += 1
    return position


def _statement(text: str, position: int) -> int:
    """Where the next name begins: after white space and lines of comment."""
    position = _skip(text, position, SPACES)
    while text.startswith("#", position):
        end = text.find("\n", position)
        if end < 0:
            return len(text)
        position = _skip(text, end, SPACES)
    return position


def _name(text: str, position: int) -> tuple[str, int]:
    if text.startswith("export", position) and text[position + 6 : position + 7] in tuple(_BLANKS):
        position = _skip(text, position + 6, _BLANKS)
    for index in range(position, len(text)):
        char = text[index]
        if char in "=:":
            return text[position:index].rstrip(SPACES), _skip(text, index + 1, _BLANKS)
        # godotenv looks at bytes here and takes each for the Latin-1 character of that number
        for byte in char.encode("utf-8", "surrogateescape"):
            letter = chr(byte)
            if not (letter in _BLANKS or letter in "_." or letter.isalpha() or letter.isnumeric()):
                raise EnvFileError(
                    f"unexpected character {quote(letter)} in variable name near {quote(text[position:])}"
                )
    if position == len(text):
        raise EnvFileError("zero length string")
    # no separator up to the end of the file: the rest is the value of a variable without a name
    return "", position


def _value(text: str, position: int, found: dict[str, str]) -> tuple[str, int]:
    mark = text[position : position + 1]
    if mark in ("'", '"'):
        return _quoted(text, position, mark, found)
    end = position
    while end < len(text) and text[end] not in "\r\n":
        end += 1
    line = "".join("\ufffd" if "\udc80" <= char <= "\udcff" else char for char in text[position:end])
    for index in range(len(line) - 1, 0, -1):
        if line[index] == "#" and line[index - 1] in _BLANKS:
            line = line[:index]
            break
    return _expand(line.strip(_BLANKS), found), end


def _quoted(text: str, position: int, mark: str, found: dict[str, str]) -> tuple[str, int]:
    end = text.find(mark, position + 1)
    while end > 0 and text[end - 1] == "\\":
        end = text.find(mark, end + 1)
    if end < 0:
        raise EnvFileError(f"unterminated quoted value {text[position:].partition(chr(10))[0]}")
    value = text[position:end].rstrip(mark).lstrip(mark)
    if mark == '"':
        value = _expand(_unescape(value), found)
    return value, end + 1


def _unescape(value: str) -> str:
    if "\\" not in value:
        return value
    import re

    breaks = {"\\n": "\n", "\\r": "\r"}
    value = re.sub(r"\\.", lambda match: breaks.get(match[0], match[0]), value)
    return re.sub(r"\\([^$])", r"\1", value)


def _expand(value: str, found: dict[str, str]) -> str:
    if "$" not in value:
        return value
    import re

    def replace(match: re.Match[str]) -> str:
        if match[1]:
            return match[0][1:]
        return found.get(match[2], "") if match[2] else match[0]

    return re.sub(r"(\\)?\$\(?\{?([A-Z0-9_]+)?\}?", replace, value)
