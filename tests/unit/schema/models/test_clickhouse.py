from __future__ import annotations

import pytest

from greylag.schema.models.clickhouse import Clickhouse, Written, read, unquoted


def kind_of(text: str) -> tuple[str, bool | None]:
    found = Clickhouse(lambda values: f"Enum_{'_'.join(values)}").kind(text)
    return found.row, found.nullable


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("UInt64", "int"),
        ("Int256", "int"),
        ("Float64", "float"),
        ("Decimal(18, 4)", "Decimal"),
        ("Decimal64(4)", "Decimal"),
        ("LowCardinality(String)", "str"),
        ("FixedString(16)", "str"),
        ("DateTime64(3, 'UTC')", "Moment"),
        ("DateTime", "Moment"),
        ("Date32", "dt.date"),
        ("UUID", "UUID"),
        ("IPv6", "IPv6Address"),
        ("Array(LowCardinality(Nullable(String)))", "list[str | None]"),
        ("Map(String, Array(UInt8))", "dict[str, list[int]]"),
        ("Tuple(String, UInt8)", "tuple[str, int]"),
        ("Tuple(a String, `b c` UInt8)", "tuple[str, int] | dict[str, Any]"),
        ("Nested(a String)", "list[tuple[str] | dict[str, Any]]"),
        ("Enum8('a' = 1, 'b' = -2)", "Enum_a_b"),
        ("SimpleAggregateFunction(sum, UInt64)", "int"),
        ("AggregateFunction(uniq, UInt64)", ""),
        ("Array(AggregateFunction(uniq, UInt64))", ""),
        ("JSON", "Any"),
        ("Variant(String, UInt8)", "Any"),
    ],
)
def test_types(text: str, row: str) -> None:
    assert kind_of(text) == (row, False)


def test_what_may_be_null() -> None:
    assert kind_of("Nullable(DateTime64(6))") == ("Moment", True)
    assert kind_of("LowCardinality(Nullable(String))") == ("str", True)


def test_types_are_read_as_calls() -> None:
    assert read("Tuple(a Nested(b Int8), `c)` String)") == Written(
        "Tuple", (Written("Nested", (Written("Int8", (), "b"),), "a"), Written("String", (), "c)"))
    )


def test_values_of_enums_are_unescaped() -> None:
    assert (
        unquoted(r"'it\'s'") == "it's" and unquoted("'it''s'") == "it's" and unquoted(r"'a\nb\\'") == "a\nb\\"
    )
