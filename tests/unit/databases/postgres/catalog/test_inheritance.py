"""Parents of tables and indexes."""

from __future__ import annotations

from greylag.databases.postgres.catalog.answers import Answers
from greylag.databases.postgres.catalog.inheritance import Inheritance
from greylag.model.catalog.parts import Name

ROWS = [["3", "public", "b", "r", "f"], ["3", "public", "a", "r", "f"], ["4", "far", "p", "p", "t"]]


def test_parents_keep_their_order() -> None:
    rows = {"types": [], "collations": [], "keywords": [], "comments": [], "inheritance": ROWS}
    found = Inheritance(Answers(rows))
    assert found.parents("3") == (Name("public", "b"), Name("public", "a"))
    assert found.parent("4") == Name("far", "p")
    assert (found.parents("9"), found.parent("9")) == ((), None)
    assert found.detaching == {"4"}
