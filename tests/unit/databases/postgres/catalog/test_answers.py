"""Rows by the names of their queries."""

from __future__ import annotations

import pytest

from greylag.databases.postgres.catalog.answers import Answers

ROWS = {
    "types": [["25", "-1", "text", "text", "pg_catalog", "b", "f", "25", "0", "-1", "f"]],
    "keywords": [["select"]],
    "collations": [["100", '"default"']],
    "comments": [["pg_class", "7", "0", "the table"], ["pg_class", "7", "2", "a column"]],
    "rules": [["1"]],
}


def test_rows_are_handed_out_once() -> None:
    answers = Answers(dict(ROWS))
    assert answers.rows("rules") == [["1"]]
    with pytest.raises(KeyError):
        answers.rows("rules")


def test_what_everything_refers_to() -> None:
    answers = Answers(dict(ROWS))
    assert answers.types["25", "-1"].text == "text"
    assert answers.collations == {"100": '"default"'}
    assert (answers.quoted("select"), answers.quoted("name")) == ('"select"', "name")
    assert answers.comments("pg_class") == {("7", "0"): "the table", ("7", "2"): "a column"}
    assert answers.comments("pg_type") == {}


def test_equal_texts_become_one_object() -> None:
    answers = Answers(dict(ROWS))
    first, second = (" ".join(words) for words in (["a", "b"], ["a", "b"]))
    assert first is not second
    assert answers.one(first) is answers.one(second)
