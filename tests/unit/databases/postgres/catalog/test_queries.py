"""The queries themselves: safe beside functions of others, and one name each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from greylag.databases.postgres.catalog import in_schemas, of_database
from greylag.databases.postgres.catalog.queries import QUERIES

if TYPE_CHECKING:
    from greylag.databases.postgres.catalog.fragments import Query

ALL = (*QUERIES, *in_schemas.QUERIES, *of_database.QUERIES, of_database.DEFAULT_PRIVILEGES)
SYNTAX = {"in", "join", "else", "and", "or", "not", "coalesce", "nullif", "any", "from", "select", "where", "exists", "array", "by",
          "filter", "u", "k", "r", "t", "p", "union", "when", "then", "as", "values"}  # fmt: skip
"""Words that may stand before a parenthesis and are no functions, and aliases with columns."""


@pytest.mark.parametrize("query", ALL, ids=lambda query: query.name)
def test_functions_and_tables_are_qualified(query: Query) -> None:
    text = re.sub(r"'(?:[^']|'')*'", "''", query.sql)
    called = {word.lower() for word in re.findall(r"(?<![.\w])(\w+)\s*\(", text)}
    assert called - SYNTAX == set()
    sources = re.findall(r"(?<!DISTINCT )\b(?:FROM|JOIN)\s+(?!SQL\b)(?:LATERAL\s+)?([\w.]+)", text)
    assert sources
    assert all(source.startswith("pg_catalog.") for source in sources)


def test_names_are_unique() -> None:
    names = [query.name for query in ALL]
    assert len(names) == len(set(names))
