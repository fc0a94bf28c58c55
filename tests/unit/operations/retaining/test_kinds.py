"""Which tables keep rows by time, and which column says it."""

from __future__ import annotations

import pytest

from greylag.databases.clickhouse.catalog.columns import type_of
from greylag.model.catalog.parts import Column
from greylag.model.catalog.tables import Table
from greylag.operations.retaining.kinds import has_ttl, is_time, keeps_rows, names_in, time_column


@pytest.mark.parametrize(
    ("engine", "keeps", "ttl"),
    [
        ("MergeTree", True, True),
        ("ReplicatedReplacingMergeTree('/p', '{replica}', ts)", True, True),
        ("Log", True, False),
        ("EmbeddedRocksDB", True, False),
        ("Memory", False, False),
        ("Kafka('h', 't', 'g', 'f')", False, False),
        ("Distributed('c', 'd', 't')", False, False),
        ("Merge('d', 't')", False, False),
        ("AS numbers(10)", False, False),
    ],
)
def test_engines(engine: str, keeps: bool, ttl: bool) -> None:
    table = Table("d", "t", engine=engine)
    assert (keeps_rows(table), has_ttl(table)) == (keeps, ttl)


def table(*columns: tuple[str, str], **other: str) -> Table:
    return Table("d", "t", tuple(Column(name, type_of(kind)) for name, kind in columns), **other)  # type: ignore[arg-type]


def test_the_column_of_a_time() -> None:
    columns = (
        ("id", "UInt64"),
        ("seen", "DateTime"),
        ("made", "DateTime64(3, 'UTC')"),
        ("created_at", "DateTime"),
    )

    def name(**other: str) -> str:
        found = time_column(table(*columns, **other))
        return found.name if found else ""

    assert name(partition_key="toYYYYMM(made)", order_by="seen") == "made"
    assert name(order_by="id, seen") == "seen"
    assert name() == "created_at"
    assert time_column(table(("id", "UInt64"), ("s", "String"))) is None
    late = table(("a", "DateTime"), ("b", "DateTime"))
    b = late.columns[1]._replace(default="now()")
    found = time_column(late._replace(columns=(late.columns[0], b)))
    assert found is not None and found.name == "b"


def test_times() -> None:
    assert all(
        is_time(Column("a", type_of(kind))) for kind in ("Date", "Date32", "DateTime('UTC')", "DateTime64(3)")
    )
    assert not any(is_time(Column("a", type_of(kind))) for kind in ("String", "Nullable(DateTime)", "UInt32"))
    assert not is_time(Column("a", type_of("Date"), generated="alias"))


def test_names() -> None:
    assert names_in("toYYYYMM(`odd name`), f('text')") == {"toYYYYMM", "odd name", "f"}
