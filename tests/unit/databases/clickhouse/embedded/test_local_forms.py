"""Statements for a cluster, as one node can run them."""

from __future__ import annotations

import pytest

from greylag.databases.clickhouse.embedded.local_forms import local_form


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("CREATE TABLE t ON CLUSTER c (n Int8) ENGINE = Memory", "CREATE TABLE t (n Int8) ENGINE = Memory"),
        ("DROP TABLE t ON  CLUSTER '{cluster}' SYNC", "DROP TABLE t SYNC"),
        ("ALTER TABLE t on cluster `my c` ADD COLUMN x Int8", "ALTER TABLE t ADD COLUMN x Int8"),
        ('TRUNCATE TABLE t ON CLUSTER "c"', "TRUNCATE TABLE t"),
        ("CREATE DATABASE d ON CLUSTER {cluster} ENGINE = Replicated('/p', '{shard}', '{replica}')", "CREATE DATABASE d ENGINE = Atomic"),
        ("ENGINE = ReplicatedMergeTree('/t/{shard}', '{replica}') ORDER BY n", "ENGINE = MergeTree() ORDER BY n"),
        ("ENGINE = ReplicatedMergeTree ORDER BY n", "ENGINE = MergeTree ORDER BY n"),
        ("engine=ReplicatedMergeTree() ORDER BY n", "engine=MergeTree() ORDER BY n"),
        ("ENGINE ReplicatedReplacingMergeTree('/p', '{replica}', ver)", "ENGINE ReplacingMergeTree(ver)"),
        ("ENGINE = ReplicatedReplacingMergeTree(ver, deleted)", "ENGINE = ReplacingMergeTree(ver, deleted)"),
        ("ENGINE = ReplicatedSummingMergeTree('/p', 'r', (a, b))", "ENGINE = SummingMergeTree((a, b))"),
        ("/* note */ CREATE TABLE t ON CLUSTER c (n Int8)", "/* note */ CREATE TABLE t (n Int8)"),
    ],
)  # fmt: skip
def test_rewritten(text: str, local: str) -> None:
    found, changed = local_form(text)
    assert (" ".join(found.split()), changed) == (local, True)


def test_what_stays_stays_where_it_is() -> None:
    text = "CREATE TABLE t -- x\n ON CLUSTER\n c (n Int8) ENGINE = ReplicatedSummingMergeTree('/p',\n 'r', n) ORDER BY m"
    found, _ = local_form(text)
    assert found.startswith("CREATE TABLE t -- x\n           \n   (n Int8) ENGINE = SummingMergeTree(n) ")
    for word in ("(n Int8)", "ENGINE", "ORDER BY m"):
        assert found.index(word) == text.index(word)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT 1",
        "SELECT 'ON CLUSTER c', 'it\\'s ON CLUSTER c', 'a '' ON CLUSTER b'",
        "SELECT 1 -- ON CLUSTER c",
        "SELECT 1 # ENGINE = ReplicatedMergeTree",
        'SELECT /* ON CLUSTER c */ `ON CLUSTER c`, "ON CLUSTER c"',
        "SELECT cluster FROM system.clusters",
        "SELECT * FROM system.tables WHERE engine = 'ReplicatedMergeTree'",
        "CREATE TABLE ReplicatedMergeTree (cluster String) ENGINE = MergeTree ORDER BY cluster",
        "SELECT 'unfinished ON CLUSTER c",
    ],
)
def test_left_alone(text: str) -> None:
    assert local_form(text) == (text, False)
