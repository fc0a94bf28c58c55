"""greylag's tables on all hosts of a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from greylag.databases.clickhouse.careful.cluster.tables import create_history, engine, on_cluster
from greylag.databases.clickhouse.careful.place import Place

if TYPE_CHECKING:
    from tests.unit.databases.clickhouse.careful.cluster.conftest import Pair

PLACE = Place("d", "goose_db_version")


def test_the_place_in_the_keeper_has_no_shard() -> None:
    assert on_cluster("c") == " ON CLUSTER `c`"
    assert engine("ReplicatedMergeTree", "c", PLACE, "t") == (
        "ReplicatedMergeTree('/clickhouse/greylag/c/d/t', '{shard}_{replica}')"
    )


def test_the_version_table_keeps_gooses_columns_and_its_place_under_another_name() -> None:
    text = create_history("c", PLACE, "goose_db_version_replicated")
    assert text.startswith("CREATE TABLE IF NOT EXISTS `d`.`goose_db_version_replicated` ON CLUSTER `c` (")
    assert "'/clickhouse/greylag/c/d/goose_db_version'" in text
    assert "tstamp DateTime default now()" in text


def test_both_hosts_have_them_and_the_same_is_read_from_each(pair: Pair) -> None:
    custody = pair.custody(1)
    custody.open()
    custody.close()
    assert pair.tables() == [["goose_db_version", "greylag_journal"]] * 2
    assert [row.version for row in pair.session(2).history()] == [0]
    engines = pair.ask("SELECT engine FROM system.tables WHERE database = currentDatabase() ORDER BY name")
    assert engines == [[["ReplicatedMergeTree"], ["ReplicatedReplacingMergeTree"]]] * 2


def test_a_version_table_of_one_host_alone_if_that_is_wished(pair: Pair) -> None:
    custody = pair.custody(1, history=False)
    custody.open()
    custody.close()
    assert pair.tables() == [["goose_db_version", "greylag_journal"], ["greylag_journal"]]
