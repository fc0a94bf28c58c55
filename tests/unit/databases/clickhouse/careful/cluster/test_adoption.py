"""A version table or journal of one host alone becomes the cluster's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.databases.clickhouse.history import create_table, write_row
from greylag.errors import RefusedError

if TYPE_CHECKING:
    from tests.unit.databases.clickhouse.careful.cluster.conftest import Pair

ENGINES = "SELECT name, engine FROM system.tables WHERE database = currentDatabase() ORDER BY name"
ROWS = "SELECT version_id FROM goose_db_version ORDER BY version_id"


def goose(pair: Pair, number: int, *versions: int) -> None:
    """What goose leaves on the node that it ran on."""
    node = pair.cluster.node(number)
    node.query(create_table("goose_db_version"), pair.database)
    for version in versions:
        node.query(write_row("goose_db_version", "up", version), pair.database)


def run(pair: Pair, number: int) -> list[int]:
    custody = pair.custody(number)
    try:
        return [row.version for row in custody.open().rows]
    finally:
        custody.close()


def test_the_rows_of_one_host_go_to_all(pair: Pair) -> None:
    goose(pair, 1, 0, 1, 2)
    assert run(pair, 1) == [2, 1, 0]
    assert pair.ask(ROWS) == [[[0], [1], [2]]] * 2
    assert pair.texts("adopted")[0].startswith(f"goose_db_version was on {pair.label(1)} alone")
    assert [name for name, _ in pair.ask(ENGINES)[0]] == [
        "goose_db_version", "goose_db_version_before_cluster", "greylag_journal",
    ]  # fmt: skip
    assert run(pair, 2) == [2, 1, 0]
    assert len(pair.texts("adopted")) == 1


def test_through_the_other_host_it_is_refused(pair: Pair) -> None:
    goose(pair, 1, 0, 1)
    with pytest.raises(RefusedError, match=f"it is on {pair.label(1)} alone; nothing was written") as caught:
        run(pair, 2)
    assert f"connect to {pair.label(1)}" in str(caught.value.hint)
    assert pair.ask("SELECT name FROM system.tables WHERE name = 'greylag_lock'") == [[], []]


def test_two_histories_are_a_persons_to_compare(pair: Pair) -> None:
    goose(pair, 1, 0, 1)
    goose(pair, 2, 0, 1)
    with pytest.raises(RefusedError, match="may have one of its own") as caught:
        run(pair, 1)
    assert "RENAME TABLE" in str(caught.value.hint)


def test_with_a_host_down_it_is_not_known_to_be_the_only_one(pair: Pair) -> None:
    goose(pair, 1, 0, 1)
    pair.cluster.node(2).kill()
    with pytest.raises(RefusedError, match=f"{pair.label(2)} may have one of its own"):
        run(pair, 1)


def test_broken_off_between_the_two_names(pair: Pair) -> None:
    goose(pair, 1, 0, 1)
    run(pair, 1)
    pair.cluster.node(1).query("RENAME TABLE goose_db_version TO goose_db_version_replicated", pair.database)
    pair.cluster.node(2).query("RENAME TABLE goose_db_version TO goose_db_version_replicated", pair.database)
    assert run(pair, 2) == [1, 0]


def test_a_host_that_is_new_to_the_cluster_gets_them(pair: Pair) -> None:
    run(pair, 1)
    pair.cluster.node(2).query("DROP TABLE greylag_journal SYNC", pair.database)
    assert run(pair, 1) == [0]
    assert [name for name, _ in pair.ask(ENGINES)[1]] == ["goose_db_version", "greylag_journal"]
