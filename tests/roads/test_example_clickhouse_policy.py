"""The example's ClickHouse files read: the team's policy, and what greylag.toml says of the same tables."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from greylag.environments.workspace import load
from greylag.migrations.files import collect
from greylag.migrations.parser import ParseOptions, parse
from greylag.sql.clickhouse.facts import examine

if TYPE_CHECKING:
    from collections.abc import Callable

    from greylag.model.deeds import Deeds
    from greylag.model.migration import Direction

EXAMPLE = Path(__file__).parents[2] / "examples" / "my-girok"
FOLDERS = {
    "audit_db": EXAMPLE / "services/audit-service/migrations",
    "analytics_db": EXAMPLE / "services/analytics-service/migrations",
}


def statements(direction: Direction) -> list[tuple[str, str, Deeds]]:
    found = []
    for migration in (migration for folder in FOLDERS.values() for migration in collect(str(folder))):
        for statement in parse(migration, direction, ParseOptions()).statements:
            deeds = examine(statement.text).deeds
            assert deeds is not None and deeds.kind, statement.text
            found.append((migration.name, statement.text, deeds))
    return found


EVERY = [*statements("up"), *statements("down")]
CREATED = [each for each in EVERY if each[2].kind == "create table"]
UNGUARDED = ("insert select", "exchange tables")
"""ClickHouse has no guard for these."""
ZONELESS = re.compile(r"\bDateTime\b(?!\('UTC'\))|\bDateTime64\((?!3, 'UTC'\))")

POLICY: dict[str, Callable[[str, Deeds], bool]] = {
    "changes go to the whole cluster": lambda text, deeds: (
        deeds.cluster == ("" if deeds.kind == "insert select" else "my_cluster")
    ),
    "what can be guarded is": lambda text, deeds: (
        deeds.kind in UNGUARDED or examine(text).repeatable
    ),
    "one statement to a block": lambda text, deeds: text.rstrip().removesuffix(";").count(";\n") == 0,
    "tables are replicated, under the cluster's own path": lambda text, deeds: (
        not re.search(r"ENGINE = (?!Replicated\w*MergeTree(\(last_seen_at\))?\n)", text)
    ),
    "times are UTC": lambda text, deeds: not ZONELESS.search(text),
    "ids are UUIDv7 and never lead a key": lambda text, deeds: (
        "generateUUIDv4" not in text and not re.search(r"ORDER BY \(?id\b", text)
    ),
    "nothing is Nullable, nothing is populated": lambda text, deeds: not re.search(r"Nullable\(|POPULATE", text),
    "views have a target": lambda text, deeds: (
        deeds.kind != "create materialized view" or "\nTO analytics_db." in text
    ),
    "mutations are waited for": lambda text, deeds: (
        not re.search(r"MATERIALIZE INDEX|CLEAR INDEX|DELETE WHERE", text) or "mutations_sync = 2" in text
    ),
    "names are whole": lambda text, deeds: (
        all((deed.database or deeds.database) in FOLDERS for deed in deeds.deeds)
        and not re.search(r"\b(FROM|INTO) (?!\w+_db\.)\w", text)
    ),
}  # fmt: skip


@pytest.mark.parametrize("rule", POLICY)
def test_files_follow_the_policy(rule: str) -> None:
    assert len(EVERY) > 30
    assert [name for name, text, deeds in EVERY if not POLICY[rule](text, deeds)] == []


def test_tables_have_partitions_a_limit_and_whole_parts_to_drop() -> None:
    assert len(CREATED) == 6
    for name, text, _ in CREATED:
        assert re.search(
            r"\nPARTITION BY toYYYYMM\(\w+\)\nORDER BY \(\w+, .+\)\nTTL .+ \+ INTERVAL \d+ (DAY|YEAR)\n", text
        ), name
        assert "\nSETTINGS ttl_only_drop_parts = 1" in text, name


def test_a_swap_stands_alone_and_an_index_is_materialized_in_its_own_file() -> None:
    ups = statements("up")
    for kind in ("exchange tables", "alter table materialize index"):
        ((name, _, _),) = [each for each in ups if each[2].kind == kind]
        assert len([each for each in ups if each[0] == name]) == 1


def test_the_config_keeps_what_the_tables_keep() -> None:
    services = load(str(EXAMPLE / "greylag.toml")).services
    audit = services["audit-service"].databases["audit_db"]
    analytics = services["analytics-service"].databases["analytics_db"]
    assert (audit.engine, audit.cluster, analytics.engine, analytics.cluster) == (
        "clickhouse",
        "my_cluster",
    ) * 2
    assert audit.retention is not None and analytics.retention is not None
    day = 86400
    assert (audit.retention.min.seconds, audit.retention.max.seconds) == (1825 * day, 1825 * day)
    assert (analytics.retention.min.seconds, analytics.retention.max.seconds) == (90 * day, 365 * day)
