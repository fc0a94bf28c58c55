"""Every fact of a table and a view is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from greylag.model.catalog.parts import Column, Grant, Name, Type
from greylag.model.catalog.tables import Partition

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.databases.postgres.catalog.conftest import Place

BEFORE = """CREATE TABLE t (a int); CREATE TYPE pair AS (a int); CREATE VIEW v AS SELECT a FROM t;
CREATE MATERIALIZED VIEW m AS SELECT 1 AS one"""
WORDS = ("DELETE", "INSERT", "REFERENCES", "SELECT", "TRIGGER", "TRUNCATE", "UPDATE")
OWNER = Grant("postgres", WORDS)


@pytest.mark.parametrize(
    ("ddl", "differences"),
    [
        ("ALTER TABLE t OWNER TO pg_monitor", {"tables.t.owner": ("postgres", "pg_monitor")}),
        ("COMMENT ON TABLE t IS 'why'", {"tables.t.comment": ("", "why")}),
        ("ALTER TABLE t SET UNLOGGED", {"tables.t.persistence": ("permanent", "unlogged")}),
        ("ALTER TABLE t SET (fillfactor = 70)", {"tables.t.options": ((), (("fillfactor", "70"),))}),
        ("ALTER TABLE t ENABLE ROW LEVEL SECURITY", {"tables.t.row_security": (False, True)}),
        ("ALTER TABLE t FORCE ROW LEVEL SECURITY", {"tables.t.force_row_security": (False, True)}),
        ("ALTER TABLE t REPLICA IDENTITY FULL", {"tables.t.replica_identity": ("", "full")}),
        ("ALTER TABLE t REPLICA IDENTITY NOTHING", {"tables.t.replica_identity": ("", "nothing")}),
        ("ALTER TABLE t OF pair", {"tables.t.of_type": (None, Name("public", "pair"))}),
        ("GRANT SELECT ON t TO PUBLIC", {"tables.t.grants": (None, (Grant("", ("SELECT",)), OWNER))}),
        (
            "REVOKE UPDATE ON t FROM postgres",
            {
                "tables.t.grants": (
                    None,
                    (Grant("postgres", tuple(word for word in WORDS if word != "UPDATE")),),
                )
            },
        ),
        ("REVOKE ALL ON t FROM postgres", {"tables.t.grants": (None, ())}),
        ("GRANT SELECT ON t TO postgres", {}),
        ("ALTER VIEW v SET (security_invoker)", {"views.v.options": ((), (("security_invoker", "true"),))}),
        ("ALTER VIEW v SET (security_barrier)", {"views.v.options": ((), (("security_barrier", "true"),))}),
        ("COMMENT ON VIEW v IS 'why'", {"views.v.comment": ("", "why")}),
        ("COMMENT ON COLUMN v.a IS 'why'", {"views.v.columns.a.comment": ("", "why")}),
        ("ALTER VIEW v ALTER a SET DEFAULT 3", {"views.v.columns.a.default": (None, "3")}),
        ("GRANT SELECT ON v TO PUBLIC", {"views.v.grants": (None, (Grant("", ("SELECT",)), OWNER))}),
        (
            "CREATE OR REPLACE VIEW v AS SELECT a FROM t WITH LOCAL CHECK OPTION",
            {"views.v.options": ((), (("check_option", "local"),))},
        ),
        (
            "CREATE OR REPLACE VIEW v AS SELECT a FROM t WHERE a > 1",
            {"views.v.definition": (" SELECT a\n   FROM t;", " SELECT a\n   FROM t\n  WHERE (a > 1);")},
        ),
        ("REFRESH MATERIALIZED VIEW m WITH NO DATA", {"views.m.populated": (True, False)}),
        (
            "ALTER MATERIALIZED VIEW m SET (fillfactor = 70)",
            {"views.m.options": ((), (("fillfactor", "70"),))},
        ),
    ],
)
def test_each_fact_is_seen_alone(
    change: Callable[[str, str], dict[str, Any]], ddl: str, differences: dict[str, Any]
) -> None:
    assert change(BEFORE, ddl) == differences


def test_options_of_the_toast_table_go_by_their_names(place: Place) -> None:
    (table,) = place.look(
        "CREATE TABLE t (a text) WITH (toast.autovacuum_enabled = off, fillfactor = 80)"
    ).tables
    assert table.options == (("fillfactor", "80"), ("toast.autovacuum_enabled", "off"))


def test_partitions(place: Place) -> None:
    place.run("CREATE TABLE p (k int, at date) PARTITION BY RANGE (at, lower(k::text))")
    place.run(
        "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (MINVALUE, MINVALUE) TO ('2024-01-01', MAXVALUE)"
    )
    place.run("CREATE TABLE p2 PARTITION OF p DEFAULT PARTITION BY HASH (k)")
    whole, first, second = place.look().tables
    assert (whole.kind, whole.partition, whole.partition_key) == (
        "partitioned",
        None,
        "RANGE (at, lower((k)::text))",
    )
    assert first.partition == Partition(
        Name("public", "p"), "FOR VALUES FROM (MINVALUE, MINVALUE) TO ('2024-01-01', MAXVALUE)"
    )
    assert (first.kind, first.parents) == ("ordinary", ())
    assert (second.kind, second.partition) == ("partitioned", Partition(Name("public", "p"), "DEFAULT"))


def test_a_partition_that_leaves_says_so(place: Place) -> None:
    place.run(
        "CREATE TABLE p (k int) PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)"
    )
    place.run("UPDATE pg_inherits SET inhdetachpending = true")
    part = place.look().tables[1]
    assert part.partition == Partition(Name("public", "p"), "FOR VALUES IN (1) DETACH PENDING")


def test_parents_are_in_their_order(place: Place) -> None:
    place.run("CREATE SCHEMA far; CREATE TABLE far.b (x int); CREATE TABLE a (y int)")
    table = place.look("CREATE TABLE c () INHERITS (far.b, a)").tables[-1]
    assert (table.name, table.parents) == ("c", (Name("far", "b"), Name("public", "a")))


def test_foreign_tables(place: Place) -> None:
    place.run("DROP FOREIGN DATA WRAPPER IF EXISTS w CASCADE; CREATE FOREIGN DATA WRAPPER w")
    place.run("CREATE SERVER s FOREIGN DATA WRAPPER w")
    place.run(
        "CREATE FOREIGN TABLE f (a int OPTIONS (column_name 'z')) SERVER s OPTIONS (file 'x', password 'hunter2')"
    )
    catalog = place.look()
    (table,) = catalog.tables
    assert (table.kind, table.server) == ("foreign", "s")
    assert table.options == (("file", "x"), ("password", "********"))
    assert table.columns[0].options == (("column_name", "z"),)
    assert "hunter2" not in repr(catalog)
    place.run("DROP FOREIGN DATA WRAPPER w CASCADE")


def test_a_table_without_columns_is_one(place: Place) -> None:
    (table,) = place.look("CREATE TABLE t ()").tables
    assert table.columns == ()


def test_columns_of_views(place: Place) -> None:
    (view,) = place.look("CREATE VIEW v AS SELECT 1::numeric(3, 1) AS n, 'x'::text COLLATE \"C\" AS x").views
    assert view.columns == (
        Column("n", Type("numeric(3,1)", "numeric", "pg_catalog", modifiers=(3, 1))),
        Column("x", Type("text", "text", "pg_catalog"), collation='"C"'),
    )


def test_tables_of_extensions_are_there_and_say_so(place: Place) -> None:
    place.run("CREATE EXTENSION vector; CREATE TABLE t (a int); ALTER EXTENSION vector ADD TABLE t")
    catalog = place.look()
    assert [(table.name, table.extension) for table in catalog.tables] == [("t", "vector")]
    assert (catalog.routines, catalog.others[1:]) == ((), ())


def test_names_are_sorted_by_their_bytes(place: Place) -> None:
    names = ["é", "B", "a_b", "a1", "a10", "a-b", "_x", "한"]
    place.run("; ".join(f'CREATE TABLE "{name}" ()' for name in names))
    assert [table.name for table in place.look().tables] == sorted(names, key=str.encode)
