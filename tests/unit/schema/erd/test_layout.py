from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from greylag.schema.erd.diagram import Box, Diagram, Line, Row
from greylag.schema.erd.layout import Frame, cells, lay_out

GROUPS = ("", "one", "two")


@st.composite
def diagrams(draw: st.DrawFn) -> Diagram:
    count = draw(st.integers(0, 12))
    boxes = tuple(
        Box(
            f"t{number}",
            tuple(
                Row("x" * draw(st.integers(1, 20)), "int", (), True) for _ in range(draw(st.integers(0, 6)))
            ),
            draw(st.sampled_from(GROUPS)),
        )
        for number in range(count)
    )
    ends = st.tuples(st.integers(0, max(count - 1, 0)), st.integers(0, max(count - 1, 0)))
    lines = tuple(
        Line("fk", f"t{child}", f"t{parent}", ("a",), ("b",), one=False, optional=False)
        for child, parent in (draw(st.lists(ends, max_size=15)) if count else [])
    )
    return Diagram(boxes, lines, tuple(sorted({box.group for box in boxes} - {""})))


def overlap(one: Frame, other: Frame) -> bool:
    beside = one.x + one.width <= other.x or other.x + other.width <= one.x
    above = one.y + one.height <= other.y or other.y + other.height <= one.y
    return not (beside or above)


def inside(inner: Frame, outer: Frame) -> bool:
    right = inner.x + inner.width <= outer.x + outer.width
    return (
        inner.x >= outer.x
        and inner.y >= outer.y
        and right
        and inner.y + inner.height <= outer.y + outer.height
    )


@settings(max_examples=60, deadline=None)
@given(diagrams())
def test_nothing_overlaps_and_everything_is_within(drawn: Diagram) -> None:
    layout = lay_out(drawn)
    assert set(layout.boxes) == {box.name for box in drawn.boxes}
    assert set(layout.groups) == set(drawn.groups)
    frames = list(layout.boxes.values())
    assert not any(overlap(one, other) for number, one in enumerate(frames) for other in frames[:number])
    outlines = list(layout.groups.values())
    assert not any(overlap(one, other) for number, one in enumerate(outlines) for other in outlines[:number])
    whole = Frame(0, 0, layout.width, layout.height)
    for box in drawn.boxes:
        assert inside(layout.boxes[box.name], layout.groups[box.group] if box.group else whole)
    assert lay_out(drawn) == layout


def test_the_referenced_stand_left_of_the_referring() -> None:
    boxes = tuple(Box(name, ()) for name in ("a", "b", "c"))
    lines = tuple(
        Line("fk", child, parent, ("x",), ("y",), one=False, optional=False)
        for child, parent in (("a", "b"), ("b", "c"))
    )
    frames = lay_out(Diagram(boxes, lines, ())).boxes
    assert frames["c"].x < frames["b"].x < frames["a"].x


def test_wide_characters_take_two_cells() -> None:
    assert (cells("abc"), cells("표"), cells("")) == (3, 2, 0)
