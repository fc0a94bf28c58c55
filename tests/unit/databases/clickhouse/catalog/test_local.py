"""A cluster's catalog in local forms."""

from __future__ import annotations

from greylag.databases.clickhouse.catalog.local import local_catalog
from greylag.model.catalog.catalog import Catalog
from greylag.model.catalog.objects import Schema, View
from greylag.model.catalog.tables import Table


def test_engines() -> None:
    engine = "ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}', ts)"
    catalog = Catalog(
        "clickhouse",
        schemas=(Schema("d", engine="Replicated('/p', '{shard}', '{replica}')"),),
        tables=(
            Table("d", "a", engine=engine),
            Table("d", "b", engine="ReplicatedMergeTree('/p', '{replica}')"),
            Table("d", "c", engine="Log"),
        ),
        views=(View("d", "v", (), "SELECT 1", engine="ReplicatedMergeTree('/p', 'r') ORDER BY a"),),
    )
    found = local_catalog(catalog)
    assert [each.engine for each in found.tables] == ["ReplacingMergeTree(ts)", "MergeTree", "Log"]
    default = local_catalog(Catalog("clickhouse", schemas=(Schema("default", engine="Overlay"),)))
    assert default.schemas[0].engine == "Atomic"
    assert found.schemas[0].engine == "Atomic" and found.views[0].engine == "MergeTree ORDER BY a"
