"""A column from system.columns and from what CREATE prints of it."""

from __future__ import annotations

import pytest

from greylag.databases.clickhouse.catalog.columns import ColumnRow, make_column, pairs, type_of


def test_all_clauses() -> None:
    row = ColumnRow("nm", "LowCardinality(String)", "DEFAULT", "upper('x,y')", "it's")
    printed = (
        "LowCardinality(String) DEFAULT upper('x,y') COMMENT 'it\\'s' CODEC(Delta(8), ZSTD(3)) STATISTICS(uniq) "
        "TTL toDateTime(ts) + toIntervalDay(1) SETTINGS (max_compress_block_size = 100000)"
    )
    column = make_column(row, printed)
    assert (column.default, column.comment, column.codec) == ("upper('x,y')", "it's", "Delta(8), ZSTD(3)")
    assert column.ttl == "toDateTime(ts) + toIntervalDay(1)" and not column.nullable
    assert column.options == (("max_compress_block_size", "100000"), ("statistics", "uniq"))


@pytest.mark.parametrize(
    ("kind", "generated"),
    [("DEFAULT", ""), ("MATERIALIZED", "materialized"), ("ALIAS", "alias"), ("EPHEMERAL", "ephemeral")],
)
def test_kinds_of_defaults(kind: str, generated: str) -> None:
    column = make_column(ColumnRow("a", "UInt8", kind, "1"), f"UInt8 {kind} 1 CODEC(NONE)")
    assert (column.default, column.generated, column.codec) == ("1", generated, "NONE")


def test_an_ephemeral_column_without_expression() -> None:
    row = ColumnRow("a", "UInt8", "EPHEMERAL", "defaultValueOfTypeName('UInt8')")
    assert make_column(row, "UInt8 EPHEMERAL CODEC(NONE)").codec == "NONE"


def test_an_expression_may_hold_words_of_clauses() -> None:
    row = ColumnRow("a", "UInt8", "DEFAULT", "COMMENT + TTL")
    column = make_column(row, "UInt8 DEFAULT COMMENT + TTL TTL d + toIntervalDay(1)")
    assert (column.default, column.ttl, column.codec) == ("COMMENT + TTL", "d + toIntervalDay(1)", "")


def test_the_servers_own_codec_is_none() -> None:
    assert make_column(ColumnRow("a", "UInt8"), "UInt8 CODEC(Default)").codec == ""


def test_nothing_printed() -> None:
    column = make_column(ColumnRow("a", "Nullable(UInt8)"), "")
    assert column.nullable and column.default is None and column.codec == column.ttl == ""


def test_types() -> None:
    assert type_of("DateTime64(3, 'UTC')").modifiers == (3,)
    assert type_of("Decimal(10, 2)").modifiers == (10, 2)
    assert type_of("Enum8('a' = 1)").modifiers == () and type_of("Enum8('a' = 1)").name == "Enum8"
    assert type_of("String") is type_of("String")
    assert make_column(ColumnRow("a", "LowCardinality(Nullable(String))"), "").nullable
    assert not make_column(ColumnRow("a", "Array(Nullable(String))"), "").nullable


def test_pairs_are_sorted() -> None:
    assert pairs("b = 'x, y', a = 1") == (("a", "1"), ("b", "'x, y'"))
    assert pairs("") == ()
