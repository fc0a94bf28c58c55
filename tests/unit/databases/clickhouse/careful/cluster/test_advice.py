"""Statements that leave hosts unlike one another."""

from __future__ import annotations

import pytest

from greylag.databases.clickhouse.careful.cluster.advice import advise
from greylag.model.deeds import Deeds
from greylag.sql.clickhouse.facts import examine


def said(text: str) -> str:
    return advise(text, examine(text).deeds or Deeds(), "c", "h:1")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("CREATE TABLE t (x Int8) ENGINE = ReplicatedMergeTree('/p', 'r') ORDER BY x", "done on h:1 alone"),
        ("ALTER TABLE t ADD COLUMN x Int8", "has no ON CLUSTER"),
        ("DROP TABLE t", "has no ON CLUSTER"),
        (
            "CREATE TABLE t ON CLUSTER c (x Int8) ENGINE = MergeTree ORDER BY x",
            "a ReplicatedMergeTree shares",
        ),
        (
            "CREATE TABLE t ON CLUSTER c (x Int8) engine=SummingMergeTree() ORDER BY x",
            "ReplicatedSummingMergeTree",
        ),
    ],
)
def test_told(text: str, words: str) -> None:
    assert words in said(text)


@pytest.mark.parametrize(
    "text",
    [
        "INSERT INTO t SELECT 1",
        "SELECT 1",
        "SET x = 1",
        "CREATE TABLE t ON CLUSTER c (x Int8) ENGINE = ReplicatedMergeTree ORDER BY x",
        "CREATE TABLE t ON CLUSTER c (x Int8) ENGINE = SharedMergeTree ORDER BY x",
        "CREATE TABLE t ON CLUSTER c (x Int8) ENGINE = Memory",
        "ALTER TABLE t ON CLUSTER c ADD COLUMN x Int8",
    ],
)
def test_silent(text: str) -> None:
    assert said(text) == ""
