"""Views of every kind."""

from __future__ import annotations

from greylag.databases.clickhouse.catalog.columns import ColumnRow
from greylag.databases.clickhouse.catalog.tables import TableRow
from greylag.databases.clickhouse.catalog.views import hidden_names, is_hidden, make_view
from greylag.model.catalog.parts import Name

COLUMNS = [ColumnRow("n", "UInt64")]


def row(create: str, engine: str = "MaterializedView", select: str = "SELECT 1") -> TableRow:
    return TableRow("d", "v", "uuid-1", engine, "", create, "", "", "", "", "c", select)


def test_a_plain_view() -> None:
    view = make_view(
        row("CREATE VIEW d.v (`n` UInt64) SQL SECURITY INVOKER AS SELECT 1 AS TO", "View", ""), COLUMNS, ""
    )
    assert (view.kind, view.definition, view.comment) == ("view", "SELECT 1 AS TO", "c")
    assert view.options == (("sql security", "INVOKER"),) and view.target is None


def test_a_materialized_view_with_a_target() -> None:
    create = (
        "CREATE MATERIALIZED VIEW d.v TO e.`t t` (`n` UInt64) DEFINER = ann SQL SECURITY DEFINER AS SELECT 1"
    )
    view = make_view(row(create), COLUMNS, "")
    assert (view.kind, view.target, view.owner, view.engine) == ("materialized", Name("e", "t t"), "ann", "")
    assert make_view(row("CREATE MATERIALIZED VIEW d.v TO t AS SELECT 1"), COLUMNS, "").target == Name(
        "d", "t"
    )


def test_a_materialized_view_with_a_table_of_its_own() -> None:
    create = "CREATE MATERIALIZED VIEW d.v (`n` UInt64) ENGINE = Old ORDER BY n AS SELECT 1"
    storage = "MergeTree ORDER BY n TTL d + toIntervalDay(1) SETTINGS index_granularity = 8192"
    assert make_view(row(create), COLUMNS, storage).engine == "MergeTree ORDER BY n TTL d + toIntervalDay(1)"
    assert make_view(row(create), COLUMNS, "").engine == "Old ORDER BY n"


def test_a_refreshed_view() -> None:
    create = (
        "CREATE MATERIALIZED VIEW d.v REFRESH EVERY 1 HOUR DEPENDS ON d.w SETTINGS refresh_retries = 2 APPEND "
        "TO d.t (`n` UInt64) AS SELECT 1"
    )
    view = make_view(row(create), COLUMNS, "")
    assert view.refresh == "EVERY 1 HOUR DEPENDS ON d.w SETTINGS refresh_retries = 2 APPEND"
    assert view.target == Name("d", "t")


def test_other_kinds() -> None:
    assert (
        make_view(row("CREATE LIVE VIEW d.v (`n` UInt64) AS SELECT 1", "LiveView"), COLUMNS, "").kind
        == "live"
    )
    assert make_view(row("CREATE WINDOW VIEW d.v AS SELECT 1", "WindowView"), COLUMNS, "").kind == "window"


def test_hidden_tables() -> None:
    names = hidden_names(row(""))
    assert names == (".inner_id.uuid-1", ".inner.v") and all(map(is_hidden, names))
    assert not is_hidden("inner") and not is_hidden("events")
