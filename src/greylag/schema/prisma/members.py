"""What stands between the braces of a block, line by line."""

from __future__ import annotations

import re

from greylag.schema.prisma.document import Attribute, Blank, Broken, Comment, EnumValue, Field, Property
from greylag.schema.prisma.scanner import (
    BASE,
    NAME,
    NEWLINE,
    SPACE,
    UnreadableError,
    read_attributes,
    read_block_attribute,
    read_setting,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from greylag.schema.prisma.document import Arity, Kind, Member
    from greylag.schema.prisma.reader import Reader

    Known = dict[str, tuple[tuple[Attribute, ...], str]]

_TYPE = rf"(?>({BASE})(?:{SPACE}(\[\]{SPACE}\?|\[\]|\?|!))?+|(\[){SPACE}({BASE}){SPACE}\])?+"
_FIELD = re.compile(rf"{SPACE}({NAME}){SPACE}(:?+){SPACE}{_TYPE}([^\r\n]*+){NEWLINE}")
_VALUE = re.compile(rf"{SPACE}({NAME})([^\r\n]*+){NEWLINE}")
_SETTING = re.compile(rf"{SPACE}({NAME}){SPACE}=([^\r\n]*+){NEWLINE}")
_ATTRIBUTE = re.compile(rf"{SPACE}@(@[^\r\n]*+){NEWLINE}")
_BLANK = re.compile(rf"(?:{SPACE}{NEWLINE})++")
_CLOSE = re.compile(rf"{SPACE}\}}")
_LINE = re.compile(rf"{SPACE}([^\r\n]++{NEWLINE}?+)")

_ARITIES: dict[str | None, Arity] = {None: "required", "!": "required", "?": "optional", "[]": "list"}
_FINE = (None, "?", "[]")

_NO_FIELD = "Error validating: This line is not a valid field or attribute definition."
_NO_VALUE = "Error validating: This line is not an enum value definition."
_NO_SETTING = "Error validating: This line is not a valid definition within a {}."
_NO_TYPE = (
    'Error validating {} "{}": This field declaration is invalid. It is either missing a name or a type.'
)
_COLON = "Field declarations don't require a `:`."
_BANG = "Fields are required by default, `!` is no longer required."
_BRACKETS = "To specify a list, please use `Type[]` instead of `[Type]`."
_OPTIONAL_LIST = "Optional lists are not supported. Use either `Type[]` or `Type?`."


class Body:
    """The members of one block while they are read."""

    __slots__ = ("_docs", "_in_comment", "_kind", "_known", "_name", "_reader", "members")

    def __init__(self, reader: Reader, kind: Kind, name: str, known: Known) -> None:
        self._reader = reader
        self._kind = kind
        self._name = name
        # Most attributes of a schema are the same few: each spelling is read once in a file.
        self._known = known
        self.members: list[Member] = []
        self._docs: list[str] = []
        self._in_comment = False

    def read(self) -> bool:
        """Read up to the closing brace, and it too; False if the file ends before."""
        reader, text, read_member = self._reader, self._reader.text, _READERS[self._kind]
        while True:
            if read_member(self):
                self._in_comment = False
            elif comment := reader.comment():
                self._add_comment(*comment)
            elif blank := _BLANK.match(text, reader.at):
                self._add(Blank(reader.line), blank.end())
            elif close := _CLOSE.match(text, reader.at):
                reader.at = close.end()
                return True
            elif line := _LINE.match(text, reader.at):
                self._add_broken(line)
            else:
                return False

    def _add(self, member: Member, end: int) -> None:
        self.members.append(member)
        self._reader.move(end)
        self._in_comment = False

    def _add_comment(self, comment: Comment, end: int) -> None:
        if not self._in_comment:
            self._docs = []
        if comment.is_doc:
            self._docs.extend(comment.content.split("\n"))
        self._add(comment, end)
        self._in_comment = True

    def _add_broken(self, line: re.Match[str]) -> None:
        wrong = _NO_VALUE if self._kind == "enum" else _NO_FIELD
        if self._kind in {"generator", "datasource"}:
            wrong = _NO_SETTING.format(self._kind)
        self._reader.tell(wrong, line.end())
        self._add(Broken(line[1].rstrip("\n"), self._reader.line), line.end())

    def _take_docs(self, comment: str) -> tuple[str, ...]:
        """The documentation gathered above, and the one that trails; what is gathered starts anew."""
        if not self._docs and not comment.startswith(("///", "/*")):
            return ()
        docs, self._docs = self._docs, []
        if comment.startswith(("///", "/*")):
            docs.extend(Comment(comment, 0).content.split("\n"))
        return tuple(docs)

    def _attributes(self, match: re.Match[str], rest: str) -> tuple[tuple[Attribute, ...], str, int] | None:
        known = self._known.get(rest)
        if known is not None:
            return known[0], known[1], match.end()
        try:
            (attributes, comment), end = self._reader.tail(match, read_attributes)
        except UnreadableError:
            return None
        if end == match.end():
            self._known[rest] = attributes, comment
        return attributes, comment, end

    def read_field(self) -> bool:
        """One field of a model, or one attribute of it."""
        reader = self._reader
        match = _FIELD.match(reader.text, reader.at)
        if not match:
            return self._read_block_attribute()
        name, colon, base, mark, bracket, element, rest = match.groups()
        found = self._attributes(match, rest)
        if not found:
            return False
        attributes, comment, end = found
        if colon or mark not in _FINE or not base or "\\" in match[0]:
            self._tell_field(match, end)
        docs = self._take_docs(comment) if comment or self._docs else ()
        arity = "list" if bracket else _ARITIES.get(mark, "optional list")
        field = Field(name, base or element or "", arity, attributes, docs, comment, reader.line)
        self.members.append(field)
        reader.move(end)
        return True

    def _tell_field(self, match: re.Match[str], end: int) -> None:
        """Note what is wrong with a field that can be read."""
        colon, base, mark, bracket = match.group(2, 3, 4, 5)
        if colon:
            return self._reader.tell(_COLON)
        if bracket or mark == "!":
            return self._reader.tell(_BRACKETS if bracket else _BANG)
        if mark and mark not in _ARITIES:
            return self._reader.tell(_OPTIONAL_LIST)
        if "\\" in match[0]:
            self._reader.tell_escapes(match[0])
        if not base:
            self._reader.tell(_NO_TYPE.format(self._kind, self._name), end)
        return None

    def read_value(self) -> bool:
        """One value of an enum, or one attribute of it."""
        reader = self._reader
        match = _VALUE.match(reader.text, reader.at)
        if not match:
            return self._read_block_attribute()
        found = self._attributes(match, match[2])
        if not found:
            return False
        attributes, comment, end = found
        if "\\" in match[0]:
            reader.tell_escapes(match[0])
        self.members.append(EnumValue(match[1], attributes, self._take_docs(comment), comment, reader.line))
        reader.move(end)
        return True

    def read_setting(self) -> bool:
        """One ``key = value`` of a generator or a datasource."""
        reader = self._reader
        match = _SETTING.match(reader.text, reader.at)
        if not match:
            return False
        try:
            (value, comment), end = reader.tail(match, read_setting)
        except UnreadableError:
            return False
        if "\\" in match[0]:
            reader.tell_escapes(match[0])
        self.members.append(Property(match[1], value, comment, reader.line))
        reader.move(end)
        return True

    def _read_block_attribute(self) -> bool:
        reader = self._reader
        match = _ATTRIBUTE.match(reader.text, reader.at)
        if not match:
            return False
        try:
            attribute, end = reader.tail(match, lambda rest: read_block_attribute(rest, reader.line))
        except UnreadableError:
            return False
        if "\\" in match[0]:
            reader.tell_escapes(match[0])
        self.members.append(attribute)
        reader.move(end)
        return True


_READERS: dict[Kind, Callable[[Body], bool]] = {
    "model": Body.read_field,
    "view": Body.read_field,
    "type": Body.read_field,
    "enum": Body.read_value,
    "generator": Body.read_setting,
    "datasource": Body.read_setting,
}
