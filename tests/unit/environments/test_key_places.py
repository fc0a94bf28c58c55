"""Where keys stand: compared with what tomllib reads, on documents made by chance and by hand."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greylag.environments.key_places import key_places

if TYPE_CHECKING:
    from collections.abc import Iterator


def paths_of(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every key and array place of a document as tomllib reads it."""
    if path:
        yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from paths_of(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from paths_of(inner, (*path, number))


def key_at(text: str, line: int, column: int) -> str:
    """The key that begins at a place, as TOML reads it."""
    rest = text.split("\n")[line - 1][column - 1 :]
    if rest[0] in "\"'":
        end = 1
        while rest[end] != rest[0]:
            end += 2 if rest[0] == '"' and rest[end] == "\\" else 1
        token = rest[: end + 1]
    else:
        length = next((i for i, char in enumerate(rest) if not (char.isalnum() or char in "-_")), len(rest))
        token = rest[:length]
    (key,) = tomllib.loads(f"{token} = 1")
    return key


def check(text: str) -> None:
    places = key_places(text)
    assert set(places) == set(paths_of(tomllib.loads(text)))
    for path, (line, column) in places.items():
        if isinstance(path[-1], str):
            assert key_at(text, line, column) == path[-1]


BY_HAND = '''\
# [not.a.table]
name = "a" # x = 1
"quoted key" = 'lit # "eral'
'single.quoted'."dou\\u0062le" . bare = 1
text = """
[not]
also = "not" \\""" still ""\\"
"""
raw = \'\'\'
k = 'x' ''\'\'\'
dates = [1979-05-27 07:32:00, 1979-05-27, 07:32:00]

[ table . "sub.table" ]   # comment
a.b.c = { x = 1, y.z = [ { q = "}" }, { q = "]" } ], "w" = {} }
\tindented = [
  1, # one ]
  [ "two, # not", "x" ],
]

[[fruit]]
name = "apple"
[fruit.physical]
color = "red"
[[fruit.variety]]
name = "red delicious"
[[fruit.variety]]
name = "granny"
[[fruit]]
[fruit.physical]
[[fruit.variety]]
name = "plantain"
[a]
[a.b.c.d]
[a.b]
empty = ""
after = 1
'''


def test_a_document_with_every_form() -> None:
    check(BY_HAND)
    check(BY_HAND.replace("\n", "\r\n"))


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (("name",), (2, 1)),
        (("single.quoted", "double"), (4, 17)),
        (("single.quoted", "double", "bare"), (4, 33)),
        (("table",), (13, 3)),
        (("table", "sub.table"), (13, 11)),
        (("table", "sub.table", "a", "b", "c", "y", "z", 1, "q"), (14, 41)),
        (("table", "sub.table", "indented"), (15, 2)),
        (("table", "sub.table", "indented", 1, 0), (17, 5)),
        (("fruit",), (20, 3)),
        (("fruit", 0), (20, 1)),
        (("fruit", 1, "variety", 0, "name"), (31, 1)),
        (("a", "b"), (33, 4)),
    ],
)
def test_places_by_hand(path: tuple[str | int, ...], place: tuple[int, int]) -> None:
    assert key_places(BY_HAND)[path] == place


def test_columns_count_characters() -> None:
    assert key_places('a = { "ключ" = "значение", b = 1 }')["a", "b"] == (1, 28)


def test_no_keys() -> None:
    assert key_places("") == {}
    assert key_places("# nothing\n\n") == {}


KEYS = st.sampled_from(
    ["a", "b", "c-1", "_", "9", "a.b", "", "x y", "[t]", 'q"', "'", "#", "=", "é", "\\", "\t"]
)
SCALARS = st.sampled_from(
    ["1", "true", "-0.5e1", "1979-05-27T07:32:00Z", "1979-05-27 07:32:00", '""', "''", '"[x]\\" # \\\\"',
     "'\\'", '"""\n[t]\nk = 1 # \\"""\n"""', "'''\n[t]\n# ' '' \n'''", '"""a""""', "'''a'''''", '"}, ]"']
)  # fmt: skip
GAPS = st.sampled_from(["", " ", "\t", "  "])
LINES = st.sampled_from(["", "\n", "# [x] y = 'z\n", '\n\n  # """\n'])


def written_key(draw: st.DrawFn, key: str) -> str:
    """A key in one of the forms that can hold it."""
    forms = ['"' + key.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t") + '"']
    if "'" not in key:
        forms.append(f"'{key}'")
    if key and key.isascii() and key.replace("-", "").replace("_", "x").isalnum():
        forms.append(key)
    return draw(st.sampled_from(forms))


def dotted(draw: st.DrawFn, keys: list[str]) -> str:
    return (draw(GAPS) + "." + draw(GAPS)).join(written_key(draw, key) for key in keys)


def value(draw: st.DrawFn, depth: int) -> str:
    form = draw(st.sampled_from(["scalar", "scalar", "array", "table"])) if depth else "scalar"
    if form == "scalar":
        return draw(SCALARS)
    if form == "array":
        items = [draw(LINES) + value(draw, depth - 1) + draw(LINES) for _ in range(draw(st.integers(0, 3)))]
        return "[" + ",".join(items) + ("," if items and draw(st.booleans()) else "") + draw(LINES) + "]"
    keys = draw(st.lists(KEYS, max_size=3, unique=True))
    pairs = [f"{draw(GAPS)}{pair(draw, key, depth - 1)}{draw(GAPS)}" for key in keys]
    return "{" + ",".join(pairs) + "}"


def pair(draw: st.DrawFn, key: str, depth: int) -> str:
    keys = [key, *draw(st.lists(KEYS, max_size=2))]
    return f"{dotted(draw, keys)}{draw(GAPS)}={draw(GAPS)}{value(draw, depth)}"


@st.composite
def documents(draw: st.DrawFn) -> str:
    text = draw(LINES)
    for number in range(draw(st.integers(0, 4))):
        brackets = draw(st.sampled_from([("[", "]"), ("[[", "]]"), ("", "")]))
        if brackets[0]:
            # the number keeps most headers from being declared twice, which tomllib refuses
            keys = [*draw(st.lists(KEYS, max_size=2)), draw(st.sampled_from([f"t{number}", "t"]))]
            text += draw(GAPS) + draw(GAPS).join([brackets[0], dotted(draw, keys), brackets[1]]) + "\n"
        for key in draw(st.lists(KEYS, max_size=3, unique=True)):
            text += draw(LINES) + draw(GAPS) + pair(draw, key, 2) + draw(st.sampled_from(["\n", " # c\n"]))
    return text


def is_toml(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True


@settings(max_examples=300, deadline=None)
@given(documents().filter(is_toml))
def test_agrees_with_tomllib(text: str) -> None:
    check(text)
