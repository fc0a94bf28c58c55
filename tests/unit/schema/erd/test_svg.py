from __future__ import annotations

from xml.etree import ElementTree

from greylag.schema.erd.diagram import Box, Diagram, Line, Row
from greylag.schema.erd.svg import svg

SPACE = "{http://www.w3.org/2000/svg}"
USERS = Box(
    "users",
    (Row("id", "text", ("PK",), True, "the <key>"), Row("b", "int", (), False)),
    "user",
    "People & co",
)
POSTS = Box("posts", (Row("id", "text", ("PK",), True), Row("author", "text", ("FK",), False)))
LINES = (
    Line("a", "posts", "users", ("author",), ("id",), one=False, optional=True),
    Line("b", "users", "users", ("b",), ("id",), one=True, optional=False),
)
TEXT = svg(Diagram((POSTS, USERS), LINES, ("user",)), "Shop <1>")


def test_it_is_one_picture_that_needs_nothing_else() -> None:
    root = ElementTree.fromstring(TEXT)
    assert root.tag == f"{SPACE}svg"
    assert not root.findall(f".//{SPACE}script") and not root.findall(f".//{SPACE}image")
    assert "url(" not in TEXT and "href" not in TEXT and "@import" not in TEXT
    assert "prefers-color-scheme: dark" in TEXT


def test_every_table_column_and_key_is_in_it() -> None:
    root = ElementTree.fromstring(TEXT)
    words = [element.text for element in root.iter(f"{SPACE}text")]
    titles = [element.text for element in root.iter(f"{SPACE}title")]
    assert {"Shop <1>", "users", "posts", "user", "PK", "FK", "int?"} <= set(words)
    assert {"Shop <1>", "People & co", "the <key>", "posts (author) → users (id)"} <= set(titles)
    assert len(root.findall(f".//{SPACE}g[@class='link']")) == 2
    assert len(root.findall(f".//{SPACE}g[@class='table']")) == 2


def test_a_ring_for_none_and_three_toes_for_many() -> None:
    root = ElementTree.fromstring(TEXT)
    many, one = root.findall(f".//{SPACE}g[@class='link']")
    assert [len(group.findall(f"{SPACE}circle")) for group in (many, one)] == [2, 1]
    toes = [path.get("d", "").count("M") for path in many.findall(f"{SPACE}path")]
    assert 3 in toes


def test_nothing_to_draw_is_a_picture_too() -> None:
    assert ElementTree.fromstring(svg(Diagram((), (), ()), "empty")).get("width") == "48"
