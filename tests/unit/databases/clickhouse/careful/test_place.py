"""Names and literals."""

from __future__ import annotations

import pytest

from greylag.databases.clickhouse.careful.place import Place, identifier, literal, split_name


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("goose_db_version", ("", "goose_db_version")),
        ("audit.versions", ("audit", "versions")),
        ("`a.b`.`c d`", ("a.b", "c d")),
        ('"a"."b"', ("a", "b")),
    ],
)
def test_names_as_goose_puts_them_into_sql(text: str, parts: tuple[str, str]) -> None:
    assert split_name(text) == parts


def test_quoting() -> None:
    assert identifier("a`b\\c") == r"`a\`b\\c`"
    assert literal("it's \\ \0\udcff") == r"'it\'s \\ ?'"
    place = Place("a b", "v")
    assert (place.journal, place.history) == ("`a b`.`greylag_journal`", "a b.v")
