"""From the text of a schema.prisma to a Document, with Prisma's own words about what cannot be read.

The grammar is Prisma 6.19's, which knows a line to be a field, an attribute, a comment or nothing: what
cannot be read stays in the Document as it is, and the rest of the file is read all the same.
"""

from __future__ import annotations

import re

from greylag.schema.prisma.document import Blank, Block, Broken, Comment, Document
from greylag.schema.prisma.members import Body
from greylag.schema.prisma.reader import Reader
from greylag.schema.prisma.scanner import (
    BASE,
    NAME,
    NEWLINE,
    SPACE,
    attributes_end,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.schema.prisma.document import Item, Kind
    from greylag.schema.prisma.members import Known

_KINDS: dict[str, Kind] = {
    "model": "model",
    "type": "type",
    "view": "view",
    "enum": "enum",
    "datasource": "datasource",
    "generator": "generator",
}
_SPACE = re.compile(SPACE)
_HEAD = re.compile(rf"({'|'.join(_KINDS)}){SPACE}({NAME}){SPACE}\{{([^\r\n]*+){NEWLINE}")
_ALIAS = re.compile(rf"type{SPACE}{NAME}{SPACE}={SPACE}{BASE}")
_UNKNOWN = re.compile(rf"{NAME}{SPACE}\{{[^\r\n]*+{NEWLINE}[^}}]*+\}}")
_BLANK = re.compile(rf"(?:{SPACE}{NEWLINE})++")
_LINE = re.compile(rf"[^\r\n]++{NEWLINE}?+")

_NO_KEYWORD = (
    "Error validating: This line is invalid. It does not start with any known Prisma schema keyword."
)
_NO_BLOCK = (
    "Error validating: This block is invalid. It does not start with any known Prisma schema keyword. "
    "Valid keywords include 'model', 'enum', 'type', 'datasource' and 'generator'."
)
_NO_ALIAS = (
    "Error validating: Invalid type definition. "
    "Please check the documentation in https://pris.ly/d/composite-types"
)


def parse(text: str) -> Document:
    """The Document that a schema.prisma is; never fails, what is wrong is told in its ``problems``."""
    reader = Reader(text)
    known: Known = {"": ((), "")}
    items: list[Item] = []
    docs: tuple[str, ...] = ()
    while (start := _end(_SPACE, text, reader.at)) < len(text):
        reader.at = start
        item = _read_item(reader, known)
        if isinstance(item, Block):
            # A comment above a block of settings goes to the next block without one: so in Prisma.
            docs = _docs_above(items) if items and isinstance(items[-1], Comment) else docs
            if item.kind not in {"generator", "datasource"}:
                item, docs = item._replace(docs=docs), ()
        items.append(item)
    return Document(text, tuple(items), tuple(reader.problems))


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at


def _docs_above(items: list[Item]) -> tuple[str, ...]:
    """The documentation in the comments at the end of what was read."""
    first = len(items)
    while first and isinstance(items[first - 1], Comment):
        first -= 1
    found: list[str] = []
    for comment in items[first:]:
        if isinstance(comment, Comment) and comment.is_doc:
            found.extend(comment.content.split("\n"))
    return tuple(found)


def _read_item(reader: Reader, known: Known) -> Item:
    text, at, line = reader.text, reader.at, reader.line
    head = _HEAD.match(text, at)
    block = head and _read_block(reader, head, known)
    if block:
        return block
    if alias := _ALIAS.match(text, at):
        return _broken(reader, _NO_ALIAS, attributes_end(text, alias.end()))
    if at < reader.last_brace and (unknown := _UNKNOWN.match(text, at)):
        return _broken(reader, _NO_BLOCK, unknown.end())
    if comment := reader.comment():
        reader.move(comment[1])
        return comment[0]
    if blank := _BLANK.match(text, at):
        reader.move(blank.end())
        return Blank(line)
    return _broken(reader, _NO_KEYWORD, _end(_LINE, text, at))


def _broken(reader: Reader, message: str, end: int) -> Broken:
    broken = Broken(reader.text[reader.at : end], reader.line)
    reader.tell(message, end)
    reader.move(end)
    return broken


def _read_block(reader: Reader, head: re.Match[str], known: Known) -> Block | None:
    """The block under this head; None if it never closes, with nothing read and nothing told."""
    start, line, told = reader.at, reader.line, len(reader.problems)
    kind = _KINDS[head[1]]
    if head.end() <= reader.last_brace and not reader.never_closes:
        reader.move(head.end())
        body = Body(reader, kind, head[2], known)
        if body.read():
            members = tuple(body.members)
            return Block(kind, head[2], members, (), line, start, reader.at, head[3].strip())
        reader.never_closes = "/*" not in reader.text
    reader.at, reader.line = start, line
    del reader.problems[told:]
    return None
