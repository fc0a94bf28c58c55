"""How Prisma 6.19 lays a schema out: columns, empty lines, the order of attributes.

``lay_out`` is ``prisma format`` without what that adds to relations of which one side is missing. Whoever
makes a schema anew can use ``align`` and ``write_attributes`` alone, without a text to parse.
"""

from __future__ import annotations

import re

from greylag.schema.prisma.document import (
    Array,
    Attribute,
    Blank,
    Block,
    Broken,
    Call,
    Comment,
    EnumValue,
    Field,
    Property,
    Text,
    Word,
)
from greylag.schema.prisma.parser import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from greylag.schema.prisma.document import Argument, Arity, Document, Value

    Row = tuple[tuple[str, ...], str] | str
    Written = dict[tuple[Attribute, ...], str]
    """Cells and what trails them; or a line that takes no part in the columns."""

INDENT = "  "
_EMPTY: Row = ((), "")
_LINE_END = re.compile(r"\r?\n")

# Everything else comes behind, native types too, in the order it was written.
_ORDER = ("id", "unique", "default", "updatedAt", "index", "fulltext", "map", "relation", "ignore")
_RANKS = {name: rank for rank, name in enumerate(_ORDER)}
_MARKS: dict[Arity, str] = {"required": "", "optional": "?", "list": "[]", "optional list": "[]?"}


def lay_out(text: str) -> str:
    """The text of a schema.prisma as ``prisma format`` would write it; what cannot be read stays as it is."""
    return write(parse(text))


def write(document: Document) -> str:
    """The text of a Document, laid out."""
    parts: list[str] = []
    items = document.items[1:] if document.items[:1] and _is_blank(document.items[0]) else document.items
    written: Written = {(): ""}
    for place, item in enumerate(items, 1):
        if isinstance(item, Block):
            parts.extend(_block(item, written))
        elif isinstance(item, Comment):
            parts.extend(align(_comment_rows(item), ""))
        elif isinstance(item, Broken):
            parts.append(item.text)
        elif place < len(items):
            parts.append("\n")
    text = "".join(parts)
    return text if text.endswith("\n") else f"{text}\n"


def align(rows: Sequence[Row], indent: str = INDENT) -> list[str]:
    """The lines of one table, with line ends: each column as wide as its widest cell and a space.

    Widths are counted in bytes of UTF-8, as Prisma does. The last cell of a row and what trails it are
    not padded, but the cell is counted. A row of no cells and no trailing text is an empty line.
    """
    widths = _widths(rows)
    lines = []
    for row in rows:
        if isinstance(row, str):
            lines.append(f"{indent}{row}\n")
            continue
        cells, suffix = row
        if not cells:
            lines.append(f"{indent}{suffix}\n" if suffix else "\n")
            continue
        padded = [cell + " " * (widths[place] - _width(cell)) for place, cell in enumerate(cells[:-1])]
        padded.append(cells[-1])
        if suffix:
            padded.append(suffix)
        lines.append(f"{indent}{' '.join(padded)}\n")
    return lines


def _widths(rows: Sequence[Row]) -> list[int]:
    widths: list[int] = []
    for row in rows:
        if isinstance(row, str):
            continue
        for place, cell in enumerate(row[0]):
            if place == len(widths):
                widths.append(0)
            width = len(cell)
            if width > widths[place] or not cell.isascii():
                widths[place] = max(widths[place], _width(cell))
    return widths


def _width(cell: str) -> int:
    return len(cell) if cell.isascii() else len(cell.encode())


def write_attributes(attributes: Iterable[Attribute], between: str = " ") -> str:
    """A field's attributes in Prisma's order."""
    ranked = sorted(attributes, key=_rank)
    return between.join(f"@{attribute.name}{_arguments(attribute.arguments)}" for attribute in ranked)


def _rank(attribute: Attribute) -> int:
    return _RANKS.get(attribute.name, len(_ORDER))


def _arguments(arguments: tuple[Argument, ...] | None) -> str:
    if arguments is None:
        return ""
    return f"({', '.join([_argument(argument) for argument in arguments if any(argument)])})"


def _argument(argument: Argument) -> str:
    value = "" if argument.value is None else write_value(argument.value)
    return f"{argument.name}: {value}" if argument.name else value


def write_value(value: Value) -> str:
    """A value as it is written in a schema: strings as they were spelled."""
    if isinstance(value, Text):
        return value.raw
    if isinstance(value, Word):
        return value.name
    if isinstance(value, Array):
        return f"[{', '.join([write_value(element) for element in value.values])}]"
    if isinstance(value, Call):
        return value.name + _arguments(value.arguments)
    return value.text


def write_type(field: Field) -> str:
    """A field's type with its mark: ``String?``, ``Post[]``."""
    return field.type + _MARKS[field.arity]


def _block(block: Block, written: Written) -> list[str]:
    lines = [f"{block.kind} {block.name} {{\n"]
    table: list[Row] = []
    attributes: list[tuple[int, list[Row]]] = []
    above: list[Row] = []
    members = block.members[1:] if block.members[:1] and _is_blank(block.members[0]) else block.members
    place, after_blank = 0, False
    while place < len(members):
        member = members[place]
        place += 1
        if isinstance(member, Blank):
            after_blank = True
            # Before a comment it is the comment that decides; before an attribute and at the end it goes.
            if place < len(members) and not isinstance(members[place], (Attribute, Comment)):
                lines.extend(align(table))
                table = [_EMPTY]
            continue
        if isinstance(member, Comment):
            run = _comment_rows(member)
            while place < len(members) and isinstance(following := members[place], Comment):
                run.extend(_comment_rows(following))
                place += 1
            if place < len(members) and isinstance(members[place], Attribute):
                above = run
            else:
                if after_blank:
                    lines.extend(align(table))
                    table = [_EMPTY]
                table.extend(run)
        elif isinstance(member, Attribute):
            attributes.append((_rank(member), [*above, _attribute_row(member)]))
            above = []
        else:
            table.append(_row(member, written))
        after_blank = False
    lines.extend(align(table))
    if attributes:
        attributes.sort(key=lambda ranked: ranked[0])
        lines.extend(align([_EMPTY, *(row for _, rows in attributes for row in rows)]))
    lines.append("}\n")
    return lines


def _row(member: Field | EnumValue | Property | Broken, written: Written) -> Row:
    if isinstance(member, Broken):
        return member.text
    if isinstance(member, Property):
        value = "" if member.value is None else f"= {write_value(member.value)}"
        return ((member.key, value) if value else (member.key,)), member.comment
    if isinstance(member, EnumValue):
        text = "".join([write_attributes((attribute,)) for attribute in member.attributes])
        return ((member.name, text) if text else (member.name,)), member.comment
    found = written.get(member.attributes)
    if found is None:
        found = written[member.attributes] = write_attributes(member.attributes)
    kind = member.type + _MARKS[member.arity]
    if found:
        return (member.name, kind, found), member.comment
    return ((member.name, kind) if kind else (member.name,)), member.comment


def _attribute_row(attribute: Attribute) -> Row:
    return (f"@@{attribute.name}{_arguments(attribute.arguments)}",), attribute.comment


def _comment_rows(comment: Comment) -> list[Row]:
    if not comment.text.startswith("/*"):
        return [((), comment.text)]
    lines = [line.strip() for line in _LINE_END.split(comment.text[2:-2])]
    inner = [line[1:].lstrip() if line.startswith("*") else line for line in lines]
    return [((), text) for text in ("/**", *(f" * {line}" for line in inner if line), " */")]


def _is_blank(item: object) -> bool:
    return isinstance(item, Blank)
