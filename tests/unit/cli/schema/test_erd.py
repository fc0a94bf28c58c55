from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.unit.cli.conftest import Here


@pytest.fixture
def drawn(here: Here) -> Here:
    here.write(1, "CREATE TABLE t1 (id integer PRIMARY KEY);")
    here.write(2, "CREATE TABLE t2 (id integer PRIMARY KEY, one integer NOT NULL REFERENCES t1 (id));")
    assert here.greylag("up").code == 0
    return here


def test_mermaid_is_printed(drawn: Here) -> None:
    answer = drawn.greylag("schema", "erd")
    assert answer.code == 0
    assert answer.lines[0] == "erDiagram"
    assert '    t1 ||--o{ t2 : "one"' in answer.lines


@pytest.mark.parametrize(("name", "start"), [("a.svg", "<svg"), ("a.dot", "digraph"), ("a.mmd", "erDiagram")])
def test_the_ending_says_what_is_written(drawn: Here, name: str, start: str) -> None:
    assert drawn.greylag("schema", "erd", "-o", name).lines == [f"wrote {name}"]
    assert (drawn.base / name).read_text().startswith(start)
    assert drawn.greylag("schema", "erd", "-o", name, "--check").code == 0
    drawn.write(3)
    drawn.greylag("up")
    assert drawn.greylag("schema", "erd", "-o", name, "--check").code == 1


def test_only_some_tables(drawn: Here) -> None:
    assert "t2" not in drawn.greylag("schema", "erd", "--dir", "migrations", "t1").out
    answer = drawn.greylag("schema", "erd", "--dir", "migrations", "nothing")
    assert answer.code == 2 and "greylag schema show lists them" in answer.err
    assert drawn.greylag("schema", "erd", "--check").code == 2
