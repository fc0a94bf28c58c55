"""What to look for after a statement that runs outside transactions."""

from __future__ import annotations

import pytest

from greylag.model.facts import Effect
from greylag.sql.effects import effect
from greylag.sql.postgres import commands

CASES = [
    ("CREATE INDEX CONCURRENTLY i ON a.t (x)", Effect("index built", "a", "i", "a.t")),
    ("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS I ON ONLY T (x)", Effect("index built", "", "i", "t")),
    ('CREATE INDEX CONCURRENTLY "My I" ON "A"."T t" (x)', Effect("index built", "A", "My I", '"A"."T t"')),
    ("CREATE INDEX CONCURRENTLY ON t (x)", Effect("index built", "", "", "t")),
    ("CREATE INDEX i ON t (x)", None),
    ("DROP INDEX CONCURRENTLY a.i", Effect("index dropped", "a", "i", present=False)),
    ('DROP INDEX CONCURRENTLY IF EXISTS "I"', Effect("index dropped", "", "I", present=False)),
    ("DROP INDEX i", None),
    ("DROP TABLE t", None),
    ("REINDEX INDEX CONCURRENTLY a.i", Effect("index rebuilt", "a", "i")),
    ("REINDEX (CONCURRENTLY) TABLE a.t", Effect("index rebuilt", "a", "", "a.t")),
    ("REINDEX SCHEMA CONCURRENTLY a", Effect("index rebuilt", "a", "")),
    ("REINDEX DATABASE CONCURRENTLY d", Effect("index rebuilt", "", "")),
    ("REINDEX INDEX i", None),
    ("ALTER TABLE a.m DETACH PARTITION b.m1 CONCURRENTLY", Effect("partition detached", "b", "m1", "a.m")),
    ("ALTER TABLE m DETACH PARTITION m1", None),
    ("ALTER TABLE m ADD x int", None),
    ("CREATE DATABASE d", Effect("database", "", "d")),
    ("DROP DATABASE IF EXISTS d", Effect("database", "", "d", present=False)),
    ("CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p", Effect("subscription", "", "s")),
    ("DROP SUBSCRIPTION s", Effect("subscription", "", "s", present=False)),
    ("VACUUM", None),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_effect(text, expected):
    (command,) = commands(text)
    assert effect(command) == expected


def test_an_unknown_command_leaves_nothing_to_look_for():
    assert effect(("FutureStmt", {})) is None
