from __future__ import annotations

from greylag.schema.comparison.shapes import SHAPES


def test_every_field_of_every_class_has_a_place() -> None:
    for kind, shape in SHAPES.items():
        places = [*shape.identity, *shape.words, *shape.parts, *shape.apart]
        assert sorted(set(places)) == sorted(kind._fields), kind  # type: ignore[attr-defined]


def test_what_the_whole_covers_is_called_something_too() -> None:
    for kind, shape in SHAPES.items():
        assert shape.within <= set(shape.words), kind
        assert not shape.whole or next(iter(shape.words)) == shape.whole, f"{kind}: the whole comes first"
