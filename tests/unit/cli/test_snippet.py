from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.cli.snippet import snippet
from greylag.model.location import Location

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "f.sql"


def rows(file: Path, text: str, line: int, column: int) -> list[str]:
    file.write_bytes(text.encode("utf-8"))
    return snippet(Location(str(file), line, column))


def test_the_caret_stands_under_the_place(file: Path) -> None:
    assert rows(file, "a\nSELECT nope;\n", 2, 8) == ["2 | SELECT nope;", "  |        ^"]
    assert rows(file, "\t\tx y\r\n", 1, 5) == ["1 |   x y", "  |     ^"]
    assert rows(file, "SELECT '鴨' nope", 1, 12) == ["1 | SELECT '鴨' nope", "  |             ^"], "wide"
    assert rows(file, "e\u0301 x", 1, 4) == ["1 | e\u0301 x", "  |   ^"], "a combining accent takes no room"


def test_a_place_without_a_column_has_no_caret(file: Path) -> None:
    assert rows(file, "a\nb\n", 2, 0) == ["2 | b"]


@pytest.mark.parametrize("column", [0, 1, 60])
def test_a_place_near_the_beginning_leaves_the_line_its_room(file: Path, column: int) -> None:
    assert rows(file, "a" * 100, 1, column)[0] == f"1 | {'a' * 100}"
    assert rows(file, "a" * 101, 1, column)[0] == f"1 | {'a' * 100}…"


def test_a_long_line_is_cut_around_the_place(file: Path) -> None:
    line, caret = rows(file, "a" * 500 + "!" + "b" * 500, 1, 501)
    assert line.startswith("1 | …aaa") and line.endswith("bbb…") and len(line) < 120
    assert line[caret.index("^")] == "!"


def test_control_characters_do_not_reach_the_terminal(file: Path) -> None:
    assert rows(file, "a\x1b[2Jb", 1, 0) == ["1 | a\N{REPLACEMENT CHARACTER}[2Jb"]
    file.write_bytes(b"a\xffb")
    assert snippet(Location(str(file), 1)) == ["1 | a\N{REPLACEMENT CHARACTER}b"]


def test_nothing_to_show(file: Path) -> None:
    assert snippet(Location(str(file), 1, 1)) == [], "no such file"
    assert rows(file, "a\n", 7, 1) == []
    assert rows(file, "a\n", 0, 0) == []
