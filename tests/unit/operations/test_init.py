"""greylag init: safe to run twice, and what it writes works."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import psycopg
import pytest

from greylag.environments.workspace import load
from greylag.errors import WorkspaceError
from greylag.operations.init import init
from greylag.operations.write import write

if TYPE_CHECKING:
    from pathlib import Path

NOW = 1_767_225_600  # 2026-01-01 00:00:00 UTC


def test_an_existing_tree_is_described(tmp_path: Path) -> None:
    migrations = tmp_path / "services" / "auth" / "migrations"
    migrations.mkdir(parents=True)
    (migrations / "1_a.sql").touch()
    done = init(str(tmp_path), {}, now=NOW)
    assert (done.config, done.existed, done.scaffolded) == (str(tmp_path / "greylag.toml"), False, None)
    assert [each.service for each in done.found] == [each.service for each in done.added] == ["auth"]
    assert not (tmp_path / "greylag.toml").exists(), "only write() writes"
    write(done.edits)
    assert load(done.config).services["auth"].databases["auth"].folder == str(migrations)


def test_the_second_run_finds_all_and_changes_nothing(tmp_path: Path) -> None:
    write(init(str(tmp_path), {}, now=NOW).edits)
    before = (tmp_path / "greylag.toml").read_bytes()
    again = init(str(tmp_path / "services"), {}, now=NOW + 1)
    assert (again.config, again.existed) == (str(tmp_path / "greylag.toml"), True)
    assert ([each.service for each in again.found], again.added, again.edits) == (["app"], [], [])
    assert (tmp_path / "greylag.toml").read_bytes() == before


def test_a_service_that_came_later_is_added(tmp_path: Path) -> None:
    config = tmp_path / "greylag.toml"
    config.write_text("# mine\n[workspace]\nservices = 'srv'\n")
    (tmp_path / "srv" / "new" / "migrations").mkdir(parents=True)
    (tmp_path / "srv" / "new" / "migrations" / "1_a.sql").touch()
    done = init(str(tmp_path), {}, now=NOW)
    assert [each.service for each in done.added] == ["new"]
    write(done.edits)
    assert config.read_text() == "# mine\n[workspace]\nservices = 'srv'\n\n[services.new.databases.new]\n"


def test_a_config_elsewhere_is_the_one_extended(tmp_path: Path) -> None:
    (tmp_path / "other.toml").touch()
    done = init(str(tmp_path), {"GREYLAG_CONFIG": "other.toml"}, now=NOW)
    assert (done.config, done.existed, done.edits) == (str(tmp_path / "other.toml"), True, [])


def test_mistakes_in_the_file_are_told_and_nothing_is_made(tmp_path: Path) -> None:
    (tmp_path / "greylag.toml").write_text("[aply]\n")
    with pytest.raises(WorkspaceError):
        init(str(tmp_path), {}, now=NOW)


def test_an_empty_tree_gets_a_service_whose_first_migration_goes_up_and_down(
    tmp_path: Path, database: str
) -> None:
    done = init(str(tmp_path), {}, now=NOW)
    path = tmp_path / "services" / "app" / "migrations" / "20260101000000_create_notes.sql"
    assert done.scaffolded == str(path)
    assert write(done.edits) == [done.config, str(path)]
    assert list(load(done.config).services["app"].databases) == ["app"]
    up, down = path.read_text().split("-- +goose Down\n")
    with psycopg.connect(database, autocommit=True) as connection:
        for _ in range(2):
            connection.execute(up)
            connection.execute("INSERT INTO notes (body) VALUES ('first')")
            assert connection.execute("SELECT count(*) FROM notes WHERE id <> ''").fetchone() == (1,)
            connection.execute(down)
        assert connection.execute("SELECT to_regclass('notes')").fetchone() == (None,)


PACKAGE = '{\n  "devDependencies": {"prisma": "^6"}\n}\n'


def paths(base: Path, done: object) -> list[str]:
    return [os.path.relpath(path, base) for path in done.packages]  # type: ignore[attr-defined]


def test_packages_that_depend_on_prisma_get_a_script(tmp_path: Path) -> None:
    for service, up in (
        ("auth", "SELECT 1"),
        ("audit", "CREATE TABLE a (b Int8) ENGINE = MergeTree"),
        ("web", ""),
    ):
        folder = tmp_path / "services" / service / "migrations"
        folder.mkdir(parents=True)
        (folder / "1_a.sql").write_text(up)
        (folder.parent / "package.json").write_text(PACKAGE if service != "web" else "{}")
    (tmp_path / "package.json").write_text(PACKAGE)
    done = init(str(tmp_path), {}, now=NOW)
    assert paths(tmp_path, done) == ["package.json", "services/auth/package.json"]
    write(done.edits)
    assert json.loads((tmp_path / "package.json").read_text())["scripts"] == {"prisma": "greylag prisma"}
    assert init(str(tmp_path), {}, now=NOW).edits == []


def test_a_package_can_be_left_alone_and_one_that_cannot_be_read_is(tmp_path: Path) -> None:
    (tmp_path / "migrations").mkdir()
    (tmp_path / "package.json").write_text(PACKAGE)
    assert init(str(tmp_path), {}, now=NOW, packages=False).packages == ()
    assert paths(tmp_path, init(str(tmp_path), {}, now=NOW)) == ["package.json"]
    (tmp_path / "package.json").write_bytes(b"\xff" + PACKAGE.encode())
    assert init(str(tmp_path), {}, now=NOW).packages == ()


def test_a_tree_without_migrations_keeps_its_packages(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text(PACKAGE)
    assert init(str(tmp_path), {}, now=NOW).packages == ()
