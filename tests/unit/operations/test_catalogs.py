from __future__ import annotations

from greylag.model.catalog.catalog import Catalog
from greylag.model.catalog.objects import Routine, Schema, Sequence
from greylag.model.catalog.parts import Name
from greylag.model.catalog.tables import Table
from greylag.operations.catalogs import as_replayed, without_bookkeeping

FULL = Catalog(
    "postgres",
    schemas=(Schema("app"), Schema("greylag"), Schema("public")),
    tables=tuple(
        Table(*name)
        for name in (
            ("app", "goose_db_version"),
            ("greylag", "journal"),
            ("public", "goose_db_version"),
            ("public", "greylag_journal"),
            ("public", "users"),
        )
    ),
    sequences=(
        Sequence("public", "goose_db_version_id_seq", owned_by=(Name("public", "goose_db_version"), "id")),
        Sequence("public", "orders_seq"),
    ),
    routines=(Routine("greylag", "f", ""),),
)


def names(catalog: Catalog) -> list[str]:
    return [f"{each.schema}.{each.name}" for each in (*catalog.tables, *catalog.sequences)]


def test_the_tools_own_tables_are_no_part_of_the_teams_schema() -> None:
    left = without_bookkeeping(FULL)
    assert names(left) == ["public.users", "public.orders_seq"]
    assert [each.name for each in left.schemas] == ["app", "public"]
    assert left.routines == ()


def test_a_version_table_in_a_schema_is_that_one_alone() -> None:
    assert names(without_bookkeeping(FULL, "app.goose_db_version")) == [
        "public.goose_db_version",
        "public.users",
        "public.goose_db_version_id_seq",
        "public.orders_seq",
    ]


def test_a_cluster_as_one_node_would_have_it() -> None:
    engine = "ReplicatedMergeTree('/clickhouse/tables/{shard}/t', '{replica}')"
    cluster = Catalog("clickhouse", tables=(Table("d", "t", engine=engine),))
    assert as_replayed(cluster).tables[0].engine == "MergeTree"
    other = Catalog("postgres", tables=(Table("public", "t"),))
    assert as_replayed(other) is other
