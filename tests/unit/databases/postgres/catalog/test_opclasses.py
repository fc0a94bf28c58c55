"""Operator classes: names and defaults."""

from __future__ import annotations

from greylag.databases.postgres.catalog.answers import Answers
from greylag.databases.postgres.catalog.opclasses import Opclasses

ROWS = [
    ["1", "text_ops", "t", "403", "25", "text_ops"],
    ["2", "bpchar_ops", "t", "403", "1042", "bpchar_ops"],
    ["3", "odd", "f", "403", "25", 'far."odd"'],
]


def test_names_and_defaults() -> None:
    rows = {"types": [], "collations": [], "keywords": [], "comments": [], "opclasses": ROWS}
    found = Opclasses(Answers(rows))
    assert (found.name("3"), found.text("3")) == ("odd", 'far."odd"')
    assert [found.is_default(oid, "25") for oid in "123"] == [True, False, False]
    assert [found.is_default(oid, "1042") for oid in "123"] == [False, True, False]
    assert [found.is_default(oid, "1043") for oid in "13"] == [True, False]
    assert [found.is_default(oid, "") for oid in "13"] == [True, False]
