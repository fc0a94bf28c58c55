"""A diagram as one SVG file that needs nothing else, light and dark as the reader has it."""

from __future__ import annotations

from html import escape

from greylag.schema.erd.layout import CHARACTER, HEAD, ROW, Frame, lay_out

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from greylag.schema.erd.diagram import Box, Diagram, Line
    from greylag.schema.erd.layout import Layout

_MARGIN = 24.0
_TITLE = 34.0
_PADDING = 10.0
_FOOT = 14.0
_STYLE = """
svg { background: #ffffff; }
text { font: 12px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: #1f2328; }
.title { font-size: 16px; font-weight: 600; }
.group { fill: #f6f8fa; stroke: #d0d7de; }
.group-name { fill: #59636e; font-weight: 600; }
.box { fill: #ffffff; stroke: #8c959f; }
.head { fill: #ddf4ff; stroke: #8c959f; }
.name { font-weight: 600; }
.key { fill: #0969da; font-size: 10px; }
.type { fill: #59636e; }
.line { fill: none; stroke: #59636e; stroke-width: 1.3; }
.zero { fill: #ffffff; stroke: #59636e; stroke-width: 1.3; }
g.link:hover .line, g.link:hover .zero { stroke: #cf222e; stroke-width: 2.2; }
@media (prefers-color-scheme: dark) {
  svg { background: #0d1117; }
  text { fill: #e6edf3; }
  .group { fill: #151b23; stroke: #3d444d; }
  .box, .zero { fill: #0d1117; stroke: #656c76; }
  .head { fill: #11283e; stroke: #656c76; }
  .key { fill: #4493f8; }
  .type, .group-name { fill: #9198a1; }
  .line, .zero { stroke: #9198a1; }
}
"""


def svg(drawn: Diagram, title: str) -> str:
    """The file's text. Crow's feet: three toes for many, a bar for one, a ring for none."""
    layout = lay_out(drawn)
    width, height = layout.width + 2 * _MARGIN, layout.height + 2 * _MARGIN + _TITLE
    lines = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(width)} {_n(height)}" '
            f'width="{_n(width)}" height="{_n(height)}" role="img">'
        ),
        f"<title>{escape(title)}</title>",
        f"<style>{_STYLE}</style>",
        f'<text class="title" x="{_n(_MARGIN)}" y="{_n(_MARGIN + 8)}">{escape(title)}</text>',
        f'<g transform="translate({_n(_MARGIN)} {_n(_MARGIN + _TITLE)})">',
        *_groups(layout),
        *(row for line in drawn.lines for row in _link(line, drawn, layout)),
        *(row for box in drawn.boxes for row in _box(box, layout.boxes[box.name])),
        "</g>",
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _groups(layout: Layout) -> Iterator[str]:
    for name, frame in layout.groups.items():
        yield f'<rect class="group" rx="8" {_frame(frame)}/>'
        yield f'<text class="group-name" x="{_n(frame.x + 14)}" y="{_n(frame.y + 22)}">{escape(name)}</text>'


def _box(box: Box, frame: Frame) -> Iterator[str]:
    yield f'<g class="table" id="{escape(box.name)}">'
    if box.comment:
        yield f"<title>{escape(box.comment)}</title>"
    yield f'<rect class="box" rx="4" {_frame(frame)}/>'
    yield f'<rect class="head" rx="4" {_frame(frame._replace(height=HEAD))}/>'
    yield f'<text class="name" x="{_n(frame.x + _PADDING)}" y="{_n(frame.y + 18)}">{escape(box.name)}</text>'
    keyed = any(row.key for row in box.rows)
    for number, row in enumerate(box.rows):
        y = frame.y + HEAD + ROW * number + 14
        hover = f"<title>{escape(row.comment)}</title>" if row.comment else ""
        if row.key:
            keys = " ".join(row.key[:2])
            yield f'<text class="key" x="{_n(frame.x + 6)}" y="{_n(y)}">{keys}</text>'
        left = frame.x + _PADDING + (5 * CHARACTER if keyed else 0)
        yield f'<text x="{_n(left)}" y="{_n(y)}">{hover}{escape(row.name)}</text>'
        kind = row.type if row.required else f"{row.type}?"
        right = frame.x + frame.width - _PADDING
        yield f'<text class="type" x="{_n(right)}" y="{_n(y)}" text-anchor="end">{escape(kind)}</text>'
    yield "</g>"


def _link(line: Line, drawn: Diagram, layout: Layout) -> Iterator[str]:
    child, parent = layout.boxes[line.child], layout.boxes[line.parent]
    start = _row_middle(line.child, line.columns, drawn, child)
    end = _row_middle(line.parent, line.references, drawn, parent)
    out, into = _sides(child, parent)
    x1 = child.x + (child.width if out > 0 else 0)
    x2 = parent.x + (parent.width if into > 0 else 0)
    bend = max(40.0, abs(x2 - x1) / 2) if out != into else 60.0
    a, b = x1 + out * _FOOT, x2 + into * _FOOT
    label = f"{line.child} ({', '.join(line.columns)}) → {line.parent} ({', '.join(line.references)})"
    yield f'<g class="link"><title>{escape(label)}</title>'
    yield (
        f'<path class="line" d="M{_n(a)} {_n(start)} C{_n(a + out * bend)} {_n(start)} '
        f'{_n(b + into * bend)} {_n(end)} {_n(b)} {_n(end)}"/>'
    )
    yield from _many_end(x1, start, out, one=line.one)
    yield from _parent_end(x2, end, into, optional=line.optional)
    yield "</g>"


def _row_middle(name: str, columns: tuple[str, ...], drawn: Diagram, frame: Frame) -> float:
    box = next(each for each in drawn.boxes if each.name == name)
    places = [number for number, row in enumerate(box.rows) if row.name in columns[:1]]
    return frame.y + HEAD + ROW * (places[0] if places else 0) + ROW / 2


def _sides(child: Frame, parent: Frame) -> tuple[int, int]:
    """Out of which side of the child and into which of the parent: -1 is the left one."""
    if child.x >= parent.x + parent.width:
        return -1, 1
    if parent.x >= child.x + child.width:
        return 1, -1
    return 1, 1


def _many_end(x: float, y: float, side: int, *, one: bool) -> Iterator[str]:
    tip = x + side * _FOOT
    if one:
        bar = x + side * 5
        yield f'<path class="line" d="M{_n(x)} {_n(y)} H{_n(tip)} M{_n(bar)} {_n(y - 5)} V{_n(y + 5)}"/>'
    else:
        toes = " ".join(f"M{_n(tip)} {_n(y)} L{_n(x)} {_n(y + toe)}" for toe in (-6, 0, 6))
        yield f'<path class="line" d="{toes}"/>'
    yield f'<circle class="zero" cx="{_n(tip)}" cy="{_n(y)}" r="3.2"/>'


def _parent_end(x: float, y: float, side: int, *, optional: bool) -> Iterator[str]:
    tip, bar = x + side * _FOOT, x + side * 5
    second = "" if optional else f" M{_n(bar + side * 4)} {_n(y - 5)} V{_n(y + 5)}"
    yield f'<path class="line" d="M{_n(x)} {_n(y)} H{_n(tip)} M{_n(bar)} {_n(y - 5)} V{_n(y + 5)}{second}"/>'
    if optional:
        yield f'<circle class="zero" cx="{_n(tip)}" cy="{_n(y)}" r="3.2"/>'


def _frame(frame: Frame) -> str:
    return f'x="{_n(frame.x)}" y="{_n(frame.y)}" width="{_n(frame.width)}" height="{_n(frame.height)}"'


def _n(value: float) -> str:
    """A coordinate with one digit, the same on every machine."""
    text = f"{value:.1f}"
    return text.removesuffix(".0")
