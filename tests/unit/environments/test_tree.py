"""What a repository's folders say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.environments.tree import FoundDatabase, scan

if TYPE_CHECKING:
    from pathlib import Path


def grow(root: Path, *files: str, text: str = "-- +goose Up\nSELECT 1;\n") -> None:
    for name in files:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


def test_services_in_the_order_of_their_names(tmp_path: Path) -> None:
    grow(
        tmp_path,
        "services/b/migrations/1_x.sql",
        "services/a/migrations/1_x.sql",
        "services/a/migrations/2_y.sql",
    )
    assert scan(str(tmp_path)) == [
        FoundDatabase("a", "services/a", "migrations", "", "postgres", "", 2),
        FoundDatabase("b", "services/b", "migrations", "", "postgres", "", 1),
    ]


@pytest.mark.parametrize(
    ("file", "found"),
    [
        ("apps/web/migrations/1_x.sql", ("web", "apps/web", "migrations", "")),
        ("apps/web/db/migrations/1_x.sql", ("web", "apps/web", "db/migrations", "")),
        ("migrations/1_x.sql", ("shop", ".", "migrations", "")),
        ("db/migrations/1_x.sql", ("shop", ".", "db/migrations", "")),
        ("services/id/migrations/auth/1_x.sql", ("id", "services/id", "migrations/auth", "auth")),
    ],
)
def test_where_migrations_are_looked_for(tmp_path: Path, file: str, found: tuple[str, ...]) -> None:
    grow(tmp_path / "shop", file)
    assert [each[:4] for each in scan(str(tmp_path / "shop"))] == [found]


def test_a_subfolder_is_a_database_only_beside_no_migrations(tmp_path: Path) -> None:
    grow(tmp_path, "services/a/migrations/1_x.sql", "services/a/migrations/archive/1_x.sql")
    grow(tmp_path, "services/b/migrations/two/1_x.sql", "services/b/migrations/one/1_x.sql")
    assert [each.migrations for each in scan(str(tmp_path))] == [
        "migrations",
        "migrations/one",
        "migrations/two",
    ]


@pytest.mark.parametrize("name", ["seed.sql", "1_x.go", "20250101000000_init/migration.sql"])
def test_what_is_no_migration(tmp_path: Path, name: str) -> None:
    grow(tmp_path, f"services/a/migrations/{name}")
    assert scan(str(tmp_path)) == []


@pytest.mark.parametrize("files", [[], [".gitkeep"]])
def test_an_empty_folder_waits_for_its_first_migration(tmp_path: Path, files: list[str]) -> None:
    (tmp_path / "services" / "shop" / "migrations").mkdir(parents=True)
    grow(tmp_path / "services" / "shop" / "migrations", *files)
    (tmp_path / "services" / "bare").mkdir()
    assert scan(str(tmp_path)) == [
        FoundDatabase("shop", "services/shop", "migrations", "", "postgres", "", 0)
    ]


def test_other_folders_of_services(tmp_path: Path) -> None:
    grow(tmp_path, "srv/a/migrations/1_x.sql", "services/b/migrations/1_x.sql")
    assert [each.service_folder for each in scan(str(tmp_path), ("srv", "srv"))] == ["srv/a"]


@pytest.mark.parametrize(
    ("text", "engine", "cluster"),
    [
        ("CREATE TABLE t (id serial);", "postgres", ""),
        ("CREATE TABLE t (id Int8) ENGINE = MergeTree() ORDER BY id;", "clickhouse", ""),
        (
            "CREATE TABLE t ON CLUSTER 'my_cluster' (a Int8) engine=ReplicatedMergeTree(...)",
            "clickhouse",
            "my_cluster",
        ),
        ("create database d on cluster main;", "clickhouse", "main"),
        ("CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT);", "sqlite", ""),
        ("PRAGMA foreign_keys = ON;", "sqlite", ""),
        ("CREATE TABLE t (a TEXT) STRICT;", "sqlite", ""),
        ("\udce9".encode("utf-8", "surrogateescape").decode("latin-1"), "postgres", ""),
    ],
)
def test_the_engine_is_told_by_words_only_it_knows(
    tmp_path: Path, text: str, engine: str, cluster: str
) -> None:
    grow(tmp_path, "services/a/migrations/1_first.sql")
    grow(tmp_path, "services/a/migrations/2_second.sql", text=text)
    (found,) = scan(str(tmp_path))
    assert (found.engine, found.cluster, found.files) == (engine, cluster, 2)


def test_a_file_that_cannot_be_read_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "migrations" / "1_x.sql").mkdir(parents=True)
    (found,) = scan(str(tmp_path))
    assert found.engine == "postgres"
