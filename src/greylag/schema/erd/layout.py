"""Where boxes stand: from the referenced to the referring, group by group, groups in shelves."""

from __future__ import annotations

import math
from unicodedata import east_asian_width

from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from greylag.schema.erd.diagram import Box, Diagram

CHARACTER = 7.3
"""Width of a character of the diagram's monospaced font, in pixels."""
ROW = 20.0
HEAD = 26.0
_PADDING = 10.0
_KEYS = 5
_BETWEEN_COLUMNS = 90.0
_BETWEEN_BOXES = 28.0
_AROUND_GROUP = 24.0
_GROUP_TITLE = 22.0
_BETWEEN_GROUPS = 48.0
_SHAPE = 1.6
_SWEEPS = 8


class Frame(NamedTuple):
    """A rectangle in pixels, ``x`` and ``y`` of its upper left corner."""

    x: float
    y: float
    width: float
    height: float


class Layout(NamedTuple):
    """Frames of boxes and of groups by name, and the size of the whole."""

    boxes: Mapping[str, Frame]
    groups: Mapping[str, Frame]
    width: float
    height: float


def cells(text: str) -> int:
    """Columns that a text takes in a monospaced font: wide characters take two."""
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def lay_out(drawn: Diagram) -> Layout:
    """Place every box; the same diagram is always placed the same way."""
    placed = []
    for group in (*drawn.groups, ""):
        boxes = [box for box in drawn.boxes if box.group == group]
        if boxes:
            placed.append((group, *_group(boxes, drawn)))
    return _shelves(placed)


def _size(box: Box) -> tuple[float, float]:
    longest = max([cells(row.name) + cells(row.type) + 1 for row in box.rows], default=0)
    keyed = _KEYS if any(row.key for row in box.rows) else 0
    width = max(cells(box.name) + 2, longest + keyed + 1) * CHARACTER + 2 * _PADDING
    return width, HEAD + ROW * max(1, len(box.rows))


def _group(boxes: list[Box], drawn: Diagram) -> tuple[dict[str, Frame], float, float]:
    """The frames of a group's boxes from its own corner on, and its size."""
    names = {box.name for box in boxes}
    parents: dict[str, list[str]] = {box.name: [] for box in boxes}
    for line in drawn.lines:
        if line.child in names and line.parent in names and line.child != line.parent:
            parents[line.child].append(line.parent)
    depth = _depths(parents)
    columns = _ordered(depth, parents)
    sizes = {box.name: _size(box) for box in boxes}
    heights = [sum(sizes[name][1] + _BETWEEN_BOXES for name in column) - _BETWEEN_BOXES for column in columns]
    tallest = max(heights)
    frames, x = {}, 0.0
    for column, height in zip(columns, heights, strict=True):
        y = (tallest - height) / 2
        widest = max(sizes[name][0] for name in column)
        for name in column:
            frames[name] = Frame(x, y, widest, sizes[name][1])
            y += sizes[name][1] + _BETWEEN_BOXES
        x += widest + _BETWEEN_COLUMNS
    return frames, x - _BETWEEN_COLUMNS, tallest


def _depths(parents: Mapping[str, list[str]]) -> dict[str, int]:
    """How many references lead from a box to one without; a circle counts once."""
    depth: dict[str, int] = {}
    for start in parents:
        stack = [(start, iter(parents[start]))]
        under_way = {start}
        while stack:
            name, rest = stack[-1]
            following = next((each for each in rest if each not in depth and each not in under_way), None)
            if following is not None:
                under_way.add(following)
                stack.append((following, iter(parents[following])))
                continue
            depth[name] = 1 + max((depth[each] for each in parents[name] if each in depth), default=-1)
            under_way.discard(name)
            stack.pop()
    return depth


def _ordered(depth: Mapping[str, int], parents: Mapping[str, list[str]]) -> list[list[str]]:
    """Columns by depth, each sorted so that lines cross little: by the middle of what a box is bound to.

    Boxes bound to nothing are spread over columns of their own, so that a group is no tower.
    """
    children: dict[str, list[str]] = {name: [] for name in parents}
    for child, above in parents.items():
        for name in above:
            children[name].append(child)
    alone = sorted(name for name in parents if not parents[name] and not children[name])
    bound = [name for name in parents if parents[name] or children[name]]
    columns: list[list[str]] = [[] for _ in range(max((depth[name] for name in bound), default=-1) + 1)]
    for name in sorted(bound):
        columns[depth[name]].append(name)
    for sweep in range(_SWEEPS):
        bonds = parents if sweep % 2 == 0 else children
        place = {name: number for column in columns for number, name in enumerate(column)}
        for column in columns:
            column.sort(key=lambda name: (_middle(bonds[name], place, place[name]), name))
    tower = max([len(column) for column in columns] + [math.ceil(math.sqrt(len(alone)))], default=1)
    columns += [alone[start : start + tower] for start in range(0, len(alone), tower)]
    return [column for column in columns if column]


def _middle(names: Iterable[str], place: Mapping[str, int], otherwise: float) -> float:
    places = [place[name] for name in names]
    return sum(places) / len(places) if places else otherwise


def _shelves(groups: list[tuple[str, dict[str, Frame], float, float]]) -> Layout:
    """Groups from left to right, in a new shelf where a row would be wider than the whole is to be."""
    sized = [
        (name, frames, width + 2 * _AROUND_GROUP, height + 2 * _AROUND_GROUP + (_GROUP_TITLE if name else 0))
        for name, frames, width, height in groups
    ]
    area = sum((width + _BETWEEN_GROUPS) * (height + _BETWEEN_GROUPS) for _, _, width, height in sized)
    limit = max([math.sqrt(area * _SHAPE), *(width for _, _, width, _ in sized)], default=0)
    boxes: dict[str, Frame] = {}
    outlines: dict[str, Frame] = {}
    x = y = shelf = 0.0
    widest = 0.0
    for name, frames, width, height in sized:
        if x and x + width > limit:
            x, y, shelf = 0.0, y + shelf + _BETWEEN_GROUPS, 0.0
        if name:
            outlines[name] = Frame(x, y, width, height)
        left, top = x + _AROUND_GROUP, y + _AROUND_GROUP + (_GROUP_TITLE if name else 0)
        for box, frame in frames.items():
            boxes[box] = frame._replace(x=frame.x + left, y=frame.y + top)
        x += width + _BETWEEN_GROUPS
        shelf = max(shelf, height)
        widest = max(widest, x - _BETWEEN_GROUPS)
    return Layout(boxes, outlines, widest, y + shelf)
