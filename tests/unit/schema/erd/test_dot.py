from __future__ import annotations

from greylag.schema.erd.diagram import Box, Diagram, Line, Row
from greylag.schema.erd.dot import dot


def test_boxes_in_clusters_and_crows_feet() -> None:
    users = Box("users", (Row("id", "text<3>", ("PK",), True),), "user", 'Says "hi"\n')
    odd = Box("We \\ird", (Row("u", "text", (), False),))
    lines = (
        Line("a", "We \\ird", "users", ("u",), ("id",), one=False, optional=True),
        Line("b", "users", "users", ("id",), ("id",), one=True, optional=False),
    )
    text = dot(Diagram((users, odd), lines, ("user",)))
    assert text.startswith("digraph schema {\n") and text.endswith("}\n")
    assert 'subgraph cluster_0 {\n        label="user"' in text
    assert "text&lt;3&gt;" in text and 'tooltip="Says \\"hi\\"\\n"' in text
    assert '"We \\\\ird" -> "users" [arrowtail=crowodot, arrowhead=teeodot, tooltip="a: u"]' in text
    assert '"users" -> "users" [arrowtail=teeodot, arrowhead=teetee, tooltip="b: id"]' in text
    assert text.count("{") == text.count("}")
