"""What every engine says of the same schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

from greylag.model.catalog.catalog import Catalog

if TYPE_CHECKING:
    from greylag.model.catalog.tables import Table
    from tests.engines.conftest import Engine

WORDS = {"PostgresEngine": "postgres", "SqliteEngine": "sqlite", "ClickhouseEngine": "clickhouse"}


def tables(engine: Engine) -> dict[str, Table]:
    found = engine.open().catalog().tables
    return {table.name: table for table in found if table.name != engine.table}


def make(engine: Engine, name: str, columns: str) -> None:
    ending = " ENGINE = MergeTree ORDER BY tuple()" if WORDS[type(engine).__name__] == "clickhouse" else ""
    engine.ask(f"CREATE TABLE {name} ({columns}){ending}")


def test_it_names_its_engine_and_version(engine: Engine) -> None:
    session = engine.open()
    catalog = session.catalog()
    assert isinstance(catalog, Catalog)
    assert catalog.engine == WORDS[type(engine).__name__]
    assert catalog.version.split(".")[0].isdigit()


def test_an_empty_database_has_no_tables(engine: Engine) -> None:
    catalog = engine.open().catalog()
    assert (catalog.tables, catalog.views) == ((), ())


def test_columns_are_in_their_order_with_types_and_defaults(engine: Engine) -> None:
    make(engine, "t", "zz int NOT NULL, aa varchar(9) DEFAULT 'x'")
    (table,) = tables(engine).values()
    first, second = table.columns
    assert (first.name, first.nullable, first.default) == ("zz", False, None)
    assert second.name == "aa"
    assert (second.default or "").startswith("'x'")
    assert first.type.text != second.type.text


def test_tables_are_sorted_by_their_bytes(engine: Engine) -> None:
    for name in ("b", "_a", "a10", "a2"):
        make(engine, name, "x int")
    assert list(tables(engine)) == ["_a", "a10", "a2", "b"]


def test_views_have_columns_and_a_definition(engine: Engine) -> None:
    make(engine, "t", "a int")
    engine.ask("CREATE VIEW v AS SELECT a AS b FROM t")
    (view,) = engine.open().catalog().views
    assert (view.name, [column.name for column in view.columns]) == ("v", ["b"])
    assert "SELECT" in view.definition


def test_it_is_the_same_twice_and_another_after_a_change(engine: Engine) -> None:
    make(engine, "t", "a int")
    session = engine.open()
    first = session.catalog()
    assert session.catalog() == first
    engine.ask("ALTER TABLE t ADD COLUMN b int")
    second = session.catalog()
    assert second != first
    (table,) = second.tables
    assert [column.name for column in table.columns] == ["a", "b"]


def test_odd_names_come_as_they_are(engine: Engine) -> None:
    make(engine, '"odd 한 name"', '"a b" int')
    (table,) = tables(engine).values()
    assert (table.name, table.columns[0].name) == ("odd 한 name", "a b")


def test_the_version_table_is_a_table_like_others(engine: Engine) -> None:
    session = engine.open()
    session.create_history()
    assert [table.name for table in session.catalog().tables] == [engine.table]


def test_equal_types_are_one_object(engine: Engine) -> None:
    make(engine, "t", "a int, b int")
    (table,) = tables(engine).values()
    assert table.columns[0].type is table.columns[1].type
