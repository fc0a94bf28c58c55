from __future__ import annotations

from typing import TYPE_CHECKING

from greylag.model.migration import Statement
from greylag.operations.troubles.lines import indented, lines_of, numbered, rewritten
from greylag.operations.troubles.trouble import Scene

if TYPE_CHECKING:
    from pathlib import Path


def scene(path: Path, text: str) -> Scene:
    path.write_text(f"-- +goose Up\n{text}\n", "utf-8")
    return Scene("42804", "", path=str(path), statement=Statement(text, 2))


def test_lines_to_copy_stand_under_a_sentence() -> None:
    assert indented("do:", "a", "b") == "do:\n    a\n    b"
    assert numbered(7, "x") == "7 | x"


def test_a_line_is_rewritten_in_place(tmp_path: Path) -> None:
    text = "CREATE TABLE t (\n  a UUID -- uuid\n);"
    found = rewritten(
        scene(tmp_path / "a.sql", text), text.find("UUID"), text.find("UUID") + 4, "uuid", "TEXT"
    )
    assert found is not None and (found.number, found.text) == (3, "3 |   a TEXT -- uuid")


def test_a_length_in_parentheses_is_part_of_the_type(tmp_path: Path) -> None:
    found = rewritten(scene(tmp_path / "a.sql", "ADD a varchar (9);"), 6, 17, ["varchar"], "TEXT")
    assert found is not None and found.text == "2 | ADD a TEXT;"


def test_what_is_not_as_expected_is_not_rewritten(tmp_path: Path) -> None:
    text = "ADD a UUID;"
    here = scene(tmp_path / "a.sql", text)
    assert rewritten(here, 6, 10, ["text"], "TEXT") is None, "another type"
    assert rewritten(here._replace(path="nowhere.sql"), 6, 10, ["uuid"], "TEXT") is None
    assert rewritten(here._replace(statement=None), 6, 10, ["uuid"], "TEXT") is None
    (tmp_path / "a.sql").write_text("-- +goose Up\nADD a ${TYPE};\n")
    assert rewritten(here, 6, 10, ["uuid"], "TEXT") is None, "a variable stands there"
    assert lines_of(str(tmp_path / "none.sql")) == []


def test_a_line_too_long_for_a_message_is_not_shown(tmp_path: Path) -> None:
    text = f"ADD a UUID, {'x' * 300};"
    assert rewritten(scene(tmp_path / "a.sql", text), 6, 10, ["uuid"], "TEXT") is None
