"""A diagram in Graphviz's language, with crow's feet and clusters (graphviz.org, "Arrow Shapes")."""

from __future__ import annotations

from html import escape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from greylag.schema.erd.diagram import Box, Diagram, Line


def dot(drawn: Diagram) -> str:
    """Text for ``dot -Tsvg``; ends with a line break."""
    return "\n".join(_lines(drawn)) + "\n"


def _lines(drawn: Diagram) -> Iterator[str]:
    yield "digraph schema {"
    yield "    graph [rankdir=RL, nodesep=0.4, ranksep=1.2, fontname=Helvetica]"
    yield "    node [shape=plain, fontname=Helvetica, fontsize=10]"
    yield "    edge [dir=both, arrowsize=0.8, color=gray40]"
    for number, group in enumerate(drawn.groups):
        yield f"    subgraph cluster_{number} {{"
        yield f"        label={_quoted(group)}; style=rounded; color=gray70"
        for box in drawn.boxes:
            if box.group == group:
                yield f"        {_box(box)}"
        yield "    }"
    for box in drawn.boxes:
        if not box.group:
            yield f"    {_box(box)}"
    for line in drawn.lines:
        yield f"    {_line(line)}"
    yield "}"


def _box(box: Box) -> str:
    rows = [f'<TR><TD COLSPAN="3" BGCOLOR="gray90"><B>{escape(box.name)}</B></TD></TR>']
    for number, row in enumerate(box.rows):
        required = "" if row.required else " ?"
        rows.append(
            f'<TR><TD ALIGN="LEFT">{" ".join(row.key) or " "}</TD>'
            f'<TD ALIGN="LEFT" PORT="c{number}">{escape(row.name)}</TD>'
            f'<TD ALIGN="LEFT">{escape(row.type)}{required}</TD></TR>'
        )
    table = f'<TABLE BORDER="0" CELLBORDER="1" CELLSPACING="0" CELLPADDING="3">{"".join(rows)}</TABLE>'
    return f"{_quoted(box.name)} [label=<{table}>, tooltip={_quoted(box.comment or box.name)}]"


def _line(line: Line) -> str:
    tail = "teeodot" if line.one else "crowodot"
    head = "teeodot" if line.optional else "teetee"
    label = _quoted(f"{line.name}: {', '.join(line.columns)}")
    ends = f"{_quoted(line.child)} -> {_quoted(line.parent)}"
    return f"{ends} [arrowtail={tail}, arrowhead={head}, tooltip={label}]"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
