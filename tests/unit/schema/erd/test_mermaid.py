from __future__ import annotations

from greylag.schema.erd.diagram import Box, Diagram, Line, Row
from greylag.schema.erd.mermaid import mermaid


def test_boxes_and_lines() -> None:
    users = Box(
        "users", (Row("id", "text", ("PK",), True), Row("x y", "time stamp", (), False, 'so "it" is')), "user"
    )
    odd = Box("We ird", (Row("1st", "numeric(10,2)", ("FK", "UK"), True),))
    lines = (
        Line("a", "We ird", "users", ("1st",), ("id",), one=False, optional=True),
        Line("b", "users", "users", ("x y", "id"), ("id", "id"), one=True, optional=False),
    )
    assert mermaid(Diagram((users, odd, Box("empty", ())), lines, ("user",))) == (
        "erDiagram\n"
        "    %% user\n"
        "    users {\n"
        "        text id PK\n"
        "        time_stamp x_y \"null; x y; so 'it' is\"\n"
        "    }\n"
        "    %% others\n"
        '    "We ird" {\n'
        '        numeric(10_2) _1st FK, UK "1st"\n'
        "    }\n"
        "    empty\n"
        '    users |o--o{ "We ird" : "1st"\n'
        '    users ||--o| users : "x y, id"\n'
    )
