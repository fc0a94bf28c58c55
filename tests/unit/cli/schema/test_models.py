from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.unit.cli.conftest import Here


def test_written_and_checked(here: Here) -> None:
    here.write(1, "CREATE TABLE users (id integer PRIMARY KEY, at timestamp);")
    here.greylag("up")
    words = ("schema", "models", "-o", "models.py")
    assert here.greylag(*words).lines == ["wrote models.py"]
    text = (here.base / "models.py").read_text()
    assert "class User(Base):" in text and "at: Mapped[dt.datetime | None]" in text
    assert here.greylag(*words).lines == ["models.py is up to date"]
    assert here.greylag(*words, "--check").code == 0
    here.write(2)
    here.greylag("up")
    answer = here.greylag(*words, "--check")
    assert answer.code == 1 and "t_t2" in answer.out and (here.base / "models.py").read_text() == text


def test_printed(here: Here) -> None:
    here.write(1, "CREATE TABLE users (id integer PRIMARY KEY);")
    here.greylag("up")
    both = here.greylag("schema", "models", "--pydantic")
    assert both.code == 0 and "class User(Base):" in both.out and "class UserRow(Row):" in both.out
    assert "greylag" not in {
        node.name for node in ast.walk(ast.parse(both.out)) if isinstance(node, ast.alias)
    }
    alone = here.greylag("schema", "models", "--pydantic-only").out
    assert "class UserRow(Row):" in alone and "sqlalchemy" not in alone
    assert here.greylag("schema", "models", "--check").code == 2
