from __future__ import annotations

import pytest

from greylag.model.catalog.parts import Type
from greylag.schema.models.sqlite import kind
from greylag.schema.models.writing import flat


@pytest.mark.parametrize(
    ("text", "sql", "python"),
    [
        ("INTEGER", "sa.INTEGER()", "int"),
        ("varchar(40)", "sa.VARCHAR(40)", "str"),
        ("DECIMAL(10, 2)", "sa.DECIMAL(10, 2)", "Decimal"),
        ("DATETIME", 'UtcDateTime(word="DATETIME")', "dt.datetime"),
        ("TIMESTAMP", 'UtcDateTime(word="TIMESTAMP")', "dt.datetime"),
        ("BLOB", "sa.BLOB()", "bytes"),
        ("UNSIGNED BIG INT", 'SqlType("UNSIGNED BIG INT")', "int"),
        ("native character(70)", 'SqlType("native character(70)")', "str"),
        ("anything", 'SqlType("anything")', "Any"),
        ("", 'SqlType("")', "Any"),
    ],
)
def test_declared_types(text: str, sql: str, python: str) -> None:
    found = kind(Type(text, text), nullable=False)
    assert (flat(found.sql), found.python) == (sql, python)


def test_json_limits_and_collations() -> None:
    assert flat(kind(Type("JSON", "JSON")).sql) == "sa.JSON(none_as_null=True)"
    named = kind(Type("VARCHAR(9)", "VARCHAR(9)"), collation="NOCASE")
    assert flat(named.sql) == 'sa.VARCHAR(9, collation="NOCASE")' and named.limits == {"max_length": "9"}
