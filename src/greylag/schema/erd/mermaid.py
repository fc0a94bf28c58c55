"""A diagram in Mermaid's language, which GitHub and GitLab draw in Markdown (mermaid.js.org, "erDiagram")."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from greylag.schema.erd.diagram import Box, Diagram, Line, Row

_PLAIN = re.compile(r"[A-Za-z][\w-]*")
_ODD = re.compile(r"[^\w()\[\]-]+")


def mermaid(drawn: Diagram) -> str:
    """The text between the fences; ends with a line break. Mermaid has no groups: boxes stand by group."""
    return "\n".join(_lines(drawn)) + "\n"


def _lines(drawn: Diagram) -> Iterator[str]:
    yield "erDiagram"
    for group in (*drawn.groups, ""):
        boxes = [box for box in drawn.boxes if box.group == group]
        if boxes and drawn.groups:
            yield f"    %% {group or 'others'}"
        for box in boxes:
            yield from _box(box)
    for line in drawn.lines:
        yield _line(line)


def _box(box: Box) -> Iterator[str]:
    if not box.rows:
        yield f"    {_name(box.name)}"
        return
    yield f"    {_name(box.name)} {{"
    yield from (f"        {_row(row)}" for row in box.rows)
    yield "    }"


def _row(row: Row) -> str:
    words = [_word(row.type) or "unknown", _word(row.name)]
    if row.key:
        words.append(", ".join(row.key))
    remarks = [] if row.required else ["null"]
    if _word(row.name) != row.name:
        remarks.append(row.name)
    if row.comment:
        remarks.append(row.comment)
    if remarks:
        words.append('"' + _quoted("; ".join(remarks)) + '"')
    return " ".join(words)


def _line(line: Line) -> str:
    parent = "|o" if line.optional else "||"
    child = "o|" if line.one else "o{"
    label = _quoted(", ".join(line.columns))
    return f'    {_name(line.parent)} {parent}--{child} {_name(line.child)} : "{label}"'


def _name(name: str) -> str:
    return name if _PLAIN.fullmatch(name) else f'"{_quoted(name)}"'


def _word(text: str) -> str:
    """Attributes are single words of letters that begin with one."""
    word = _ODD.sub("_", text).strip("_")
    return word if not word or word[0].isalpha() else f"_{word}"


def _quoted(text: str) -> str:
    return " ".join(text.replace('"', "'").split())
