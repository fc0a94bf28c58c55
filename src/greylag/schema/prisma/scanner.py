"""The words of the language: how names, strings, attributes and their arguments are spelled.

Everything here reads one line. The grammar is Prisma 6.19's: white space is a space separator of Unicode or
a tab, a name is of letters, digits, ``_`` and ``-``, strings are JSON's, and a value is a call, an array, a
number, a string or a name. (Prisma takes no digits but ASCII's in a name; here they pass.)
"""

from __future__ import annotations

import re

from greylag.schema.prisma.document import Argument, Array, Attribute, Call, Number, Text, Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.schema.prisma.document import Value

SPACE = r"[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]*+"
NEWLINE = r"(?:\r\n|\n|\r)"
NAME = r"[^\W_][\w-]*+"
PATH = rf"{NAME}(?:\.(?:{NAME})?+)*+"
STRING = r'"(?:\\.|[^"\\\x00-\x1f])*+"'
LONG_COMMENT = r"/\*(?:[^*]|\*(?!/))*+\*/"
BASE = rf"(?>Unsupported\({SPACE}{STRING}{SPACE}\)|{NAME})"

_BLANK = re.compile(SPACE)
_ATTRIBUTE = re.compile(rf"{SPACE}@{SPACE}({PATH})(?:{SPACE}(\())?+")
_NAMED = re.compile(rf"{SPACE}({NAME}){SPACE}:")
_VALUE = re.compile(
    rf"{SPACE}(?:({PATH}){SPACE}\(|(\[)|(-?[0-9]++(?:\.[0-9]++)?+)|({STRING})|({PATH}))", re.DOTALL
)
_COMMA = re.compile(rf"{SPACE},")
_CLOSE = {end: re.compile(rf"{SPACE}{re.escape(end)}") for end in ")]"}
_COMMENT = re.compile(rf"{SPACE}(?:(//.*)|({LONG_COMMENT}){SPACE})\Z", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})(?:\\u([0-9A-Fa-f]{4}))?|(.))", re.DOTALL)
_DEEPEST = 100  # values in values; nobody writes more, and a line of brackets must not exhaust the stack
_ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}

UNKNOWN_ESCAPE = (
    r"Unknown escape sequence. If the value is a windows-style path, `\` must be escaped as `\\`."
)
BAD_UNICODE = "Invalid unicode escape sequence."


class UnreadableError(Exception):
    """The text at hand is no such thing; the line it stands on cannot be read."""


def read_attributes(tail: str) -> tuple[tuple[Attribute, ...], str]:
    """The attributes and the trailing comment of what follows a field's type or an enum's value."""
    found = []
    at = 0
    while match := _ATTRIBUTE.match(tail, at):
        at = match.end()
        arguments = None
        if match[2]:
            arguments, at = _arguments(tail, at)
        found.append(Attribute(match[1], arguments))
    return tuple(found), _comment(tail, at)


def attributes_end(text: str, at: int) -> int:
    """Where the attributes from ``at`` on end; white space belongs to them unless parentheses come last."""
    end = _space_end(text, at)
    while match := _ATTRIBUTE.match(text, at):
        at = match.end(1)
        end = _space_end(text, at)
        if match[2]:
            try:
                end = at = _arguments(text, match.end())[1]
            except UnreadableError:
                break
    return end


def _space_end(text: str, at: int) -> int:
    space = _BLANK.match(text, at)
    return space.end() if space else at


def read_block_attribute(tail: str, line: int) -> Attribute:
    """The attribute of a block from what follows the first of its two ``@``."""
    match = _ATTRIBUTE.match(tail)
    if not match:
        raise UnreadableError
    arguments, at = _arguments(tail, match.end()) if match[2] else (None, match.end())
    return Attribute(match[1], arguments, line, _comment(tail, at))


def read_setting(tail: str) -> tuple[Value | None, str]:
    """The value and the trailing comment of what follows a setting's ``=``; None where there is no value."""
    value, at = None, 0
    if _VALUE.match(tail):
        value, at = _value(tail, 0)
    return value, _comment(tail, at)


def _comment(tail: str, at: int) -> str:
    """The comment that the rest of a line is; empty where it is white space."""
    match = _COMMENT.match(tail, at)
    if match:
        return match[1] or match[2]
    if _BLANK.fullmatch(tail, at):
        return ""
    raise UnreadableError


def _arguments(text: str, at: int, depth: int = 0) -> tuple[tuple[Argument, ...], int]:
    """What stands in parentheses, from behind the opening one; and where it ends."""
    found: list[Argument] = []
    while not (end := _CLOSE[")"].match(text, at)):
        comma = _COMMA.match(text, at)
        if comma:
            # A last comma is read, even if it is the only thing there; the validation refuses it.
            at = comma.end()
            if end := _CLOSE[")"].match(text, at):
                found.append(Argument("", None))
                break
        if bool(comma) != bool(found):
            raise UnreadableError
        argument, at = _argument(text, at, depth)
        found.append(argument)
    return tuple(found), end.end()


def _argument(text: str, at: int, depth: int) -> tuple[Argument, int]:
    named = _NAMED.match(text, at)
    if not named:
        value, at = _value(text, at, depth)
        return Argument("", value), at
    at = named.end()
    if not _VALUE.match(text, at):
        return Argument(named[1], None), at
    value, at = _value(text, at, depth)
    return Argument(named[1], value), at


def _value(text: str, at: int, depth: int = 0) -> tuple[Value, int]:
    match = _VALUE.match(text, at)
    if not match or depth > _DEEPEST:
        raise UnreadableError
    at = match.end()
    call, array, number, string, path = match.groups()
    if path:
        return Word(path), at
    if string:
        return Text(meaning(string), string), at
    if array:
        return _array(text, at, depth + 1)
    if number:
        return Number(number), at
    arguments, at = _arguments(text, at, depth + 1)
    return Call(call, arguments), at


def _array(text: str, at: int, depth: int) -> tuple[Array, int]:
    found: list[Value] = []
    while not (end := _CLOSE["]"].match(text, at)):
        if found:
            at = _after_comma(text, at)
        value, at = _value(text, at, depth)
        found.append(value)
    return Array(tuple(found)), end.end()


def _after_comma(text: str, at: int) -> int:
    comma = _COMMA.match(text, at)
    if not comma:
        raise UnreadableError
    return comma.end()


def meaning(raw: str) -> str:
    """What a string in quotes means. Escapes that mean nothing are left out, as Prisma does."""
    content = raw[1:-1]
    return _ESCAPE.sub(_character, content) if "\\" in content else content


def _character(match: re.Match[str]) -> str:
    first, second, other = match.groups()
    if other:
        return _ESCAPES.get(other, "")
    if not second:
        return "" if _is_surrogate(first) else chr(int(first, 16))
    if not _is_surrogate(first):
        return chr(int(first, 16)) + ("" if _is_surrogate(second) else chr(int(second, 16)))
    pair = bytes.fromhex(first + second)
    return pair.decode("utf-16-be", "ignore")


def _is_surrogate(digits: str) -> bool:
    return 0xD800 <= int(digits, 16) <= 0xDFFF


def wrong_escapes(text: str) -> list[str]:
    """Prisma's words about each escape in a line's strings that means nothing."""
    found = []
    for string in re.findall(STRING, text):
        for match in _ESCAPE.finditer(string[1:-1]):
            first, other = match.group(1, 3)
            if other == "u" or (first and _is_surrogate(first) and not meaning(f'"{match[0]}"')):
                found.append(BAD_UNICODE)
            elif other and other not in _ESCAPES:
                found.append(UNKNOWN_ESCAPE)
    return found
