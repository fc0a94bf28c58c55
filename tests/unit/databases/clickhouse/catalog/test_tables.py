"""Tables from what the server prints; tests of test_reading.py have the server print it."""

from __future__ import annotations

import pytest

from greylag.databases.clickhouse.catalog.columns import ColumnRow
from greylag.databases.clickhouse.catalog.tables import TableRow, make_table, read_parts, read_storage

ENGINE = (
    "ReplacingMergeTree(ts) PARTITION BY toYYYYMM(ts) PRIMARY KEY id ORDER BY (id, ts) SAMPLE BY id "
    "TTL ts + toIntervalYear(5) WHERE id > 5, ts + toIntervalDay(1) TO VOLUME 'cold' "
    "SETTINGS ttl_only_drop_parts = 1, index_granularity = {granularity}"
)
CREATE = (
    "CREATE TABLE d.t (`id` UInt64, `ts` DateTime, `a` String, INDEX i lower(a) TYPE bloom_filter(0.01) GRANULARITY 4, "
    "INDEX j (id, ts) TYPE minmax GRANULARITY 1, CONSTRAINT z CHECK length(a) < 50, CONSTRAINT y ASSUME id > 0, "
    "PROJECTION q (SELECT a, count() GROUP BY a), PROJECTION p (SELECT * ORDER BY a) WITH SETTINGS (b = 1), "
    "PROJECTION r INDEX a TYPE basic) ENGINE = "
)
COLUMNS = [ColumnRow("id", "UInt64"), ColumnRow("ts", "DateTime"), ColumnRow("a", "String")]


def row(engine_full: str, create: str = CREATE, **other: str) -> TableRow:
    given = TableRow("d", "t", "", engine_full.partition("(")[0], engine_full, create, "", "", "", "", "", "")
    return given._replace(**other)


def test_storage() -> None:
    storage = read_storage(ENGINE.format(granularity=8192))
    assert storage.engine == "ReplacingMergeTree(ts)"
    assert storage.ttl == "ts + toIntervalYear(5) WHERE id > 5, ts + toIntervalDay(1) TO VOLUME 'cold'"
    assert storage.settings == (("ttl_only_drop_parts", "1"),)
    assert storage.text == ENGINE.format(granularity=8192).replace(", index_granularity = 8192", "")


def test_a_granularity_somebody_chose_is_kept() -> None:
    assert ("index_granularity", "4096") in read_storage(ENGINE.format(granularity=4096)).settings


def test_a_table() -> None:
    table = make_table(row(ENGINE, comment="c", sorting_key="id, ts", primary_key="id"), COLUMNS)
    assert (table.order_by, table.primary_key, table.comment) == ("id, ts", "id", "c")
    assert [(each.name, each.method, each.granularity) for each in table.indexes] == [
        ("i", "bloom_filter(0.01)", 4), ("j", "minmax", 1),
    ]  # fmt: skip
    assert [key.column or key.expression for key in table.indexes[1].keys] == ["id", "ts"]
    assert table.indexes[0].keys[0].expression == "lower(a)"
    assert [(each.name, each.kind, each.columns) for each in table.constraints] == [
        ("y", "assume", ("id",)), ("z", "check", ("a",)),
    ]  # fmt: skip
    assert [(each.name, each.kind, each.query) for each in table.projections] == [
        ("p", "normal", "SELECT * ORDER BY a"),
        ("q", "aggregate", "SELECT a, count() GROUP BY a"),
        ("r", "index", "INDEX a TYPE basic"),
    ]
    assert table.projections[0].options == (("b", "1"),)


def test_a_table_function() -> None:
    table = make_table(
        row("", "CREATE TABLE d.t (`number` UInt64) AS numbers(10)"), [ColumnRow("number", "UInt64")]
    )
    assert table.engine == "AS numbers(10)"


@pytest.mark.parametrize("create", ["", "CREATE TABLE d.t"])
def test_nothing_printed(create: str) -> None:
    table = make_table(row("", create, engine="Memory"), COLUMNS)
    assert table.engine == "Memory" and len(table.columns) == 3 and table.indexes == ()


def test_names_without_quotes_as_old_servers_print_them() -> None:
    assert read_parts("CREATE TABLE d.t ( id UInt64,  name String) ENGINE = Log")[""] == {
        "id": "UInt64", "name": "String",
    }  # fmt: skip
