"""What counts as a table that somebody made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.databases.postgres import history
from greylag.databases.postgres.relations import has_relations

if TYPE_CHECKING:
    from greylag.databases.postgres.channel import Channel


@pytest.mark.parametrize(
    "made",
    [
        "CREATE TABLE t (id int)",
        "CREATE SCHEMA s; CREATE TABLE s.t (id int)",
        "CREATE VIEW v AS SELECT 1 AS one",
        "CREATE MATERIALIZED VIEW m AS SELECT 1 AS one",
        "CREATE TABLE p (id int) PARTITION BY LIST (id)",
        "CREATE SCHEMA pgx; CREATE TABLE pgx.t (id int)",
    ],
)
def test_tables_and_views_count_wherever_they_are(channel: Channel, made: str) -> None:
    assert not has_relations(channel, "goose_db_version")
    channel.execute(made.encode())
    assert has_relations(channel, "goose_db_version")


@pytest.mark.parametrize(
    "made",
    [
        "CREATE SCHEMA s; CREATE SEQUENCE q; CREATE TYPE e AS ENUM ('a')",
        "CREATE SCHEMA greylag; CREATE TABLE greylag.journal (id int)",
        "CREATE TABLE greylag_journal (id int); CREATE TABLE greylag_journal_version (id int)",
    ],
)
def test_other_things_and_the_journal_do_not(channel: Channel, made: str) -> None:
    channel.execute(made.encode())
    assert not has_relations(channel, "goose_db_version")


@pytest.mark.parametrize("name", ["versions", '"My Versions"', "public.versions", '"o\'b\\x"'])
def test_the_version_table_does_not_whatever_it_is_called(channel: Channel, name: str) -> None:
    channel.execute(f"CREATE TABLE {name} (id int)".encode())
    assert not has_relations(channel, name)
    assert has_relations(channel, "goose_db_version")


def test_what_an_extension_brought_does_not(channel: Channel) -> None:
    channel.execute(b"CREATE TABLE brought (id int)")
    channel.execute(b"ALTER EXTENSION plpgsql ADD TABLE brought")
    assert not has_relations(channel, "goose_db_version")
    history.create_table(channel, "goose_db_version")
    assert not has_relations(channel, "goose_db_version")
