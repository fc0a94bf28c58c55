"""Folders of migrations without a workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.environments.environ import Environ
from greylag.environments.plain_folder import (
    DRIVERS,
    connection_in,
    folder_of,
    project_of,
    target_of_folder,
    with_dsn,
)
from greylag.errors import TargetError
from greylag.model.dsn import Dsn

if TYPE_CHECKING:
    from pathlib import Path


def environ(folder: Path, **variables: str) -> Environ:
    return Environ(variables, str(folder))


def test_a_given_folder_wins(tmp_path: Path) -> None:
    variables = environ(tmp_path, GOOSE_MIGRATION_DIR="named")
    assert folder_of(str(tmp_path), "given/../x", variables) == str(tmp_path / "x")
    assert folder_of(str(tmp_path), None, variables) == str(tmp_path / "named")
    assert folder_of(str(tmp_path), "/abs", variables) == "/abs"


@pytest.mark.parametrize(
    ("files", "folders", "found"),
    [
        ([], [], "."),
        ([], ["migrations"], "migrations"),
        (["1_a.sql"], ["migrations"], "."),
        (["migrations/1_a.sql"], ["db/migrations"], "migrations"),
        (["db/migrations/1_a.sql"], ["migrations"], "db/migrations"),
        (["README.md"], ["db/migrations"], "db/migrations"),
    ],
)
def test_the_folder_with_migrations_is_found(
    tmp_path: Path, files: list[str], folders: list[str], found: str
) -> None:
    for name in folders:
        (tmp_path / name).mkdir(parents=True)
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert folder_of(str(tmp_path), None, environ(tmp_path)) == str((tmp_path / found).resolve())


@pytest.mark.parametrize(
    ("folder", "project", "database"),
    [
        ("/src/Shop-API/migrations", "/src/Shop-API", "shop_api"),
        ("/src/shop/db/migrations", "/src/shop", "shop"),
        ("/src/shop", "/src/shop", "shop"),
        ("/migrations", "/", "app"),
        ("/src/" + "x" * 80, "/src/" + "x" * 80, "x" * 63),
        ("/src/é", "/src/é", "app"),
    ],
)
def test_a_folder_is_its_projects_database(tmp_path: Path, folder: str, project: str, database: str) -> None:
    assert project_of(folder) == project
    target = target_of_folder(folder, "/src", environ(tmp_path))
    assert (target.database, target.environment, target.engine, target.folder) == (
        database,
        "local",
        "postgres",
        folder,
    )
    assert (target.service, target.secrets, target.dsn, target.protected) == ("", None, None, False)


def test_a_folder_that_cannot_be_listed_holds_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: str) -> None:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "migrations").mkdir()
    monkeypatch.setattr("os.scandir", refuse)
    assert folder_of(str(tmp_path), None, environ(tmp_path)) == str(tmp_path / "migrations")


def test_a_target_is_called_as_its_folder_is_typed(tmp_path: Path) -> None:
    target = target_of_folder(
        "/src/shop/migrations", "/src/shop", environ(tmp_path, GOOSE_TABLE="app.versions")
    )
    assert (target.name, target.table) == ("migrations", "app.versions")
    assert target_of_folder("/src", "/src", environ(tmp_path)).table == "goose_db_version"


def test_with_a_connection_string_it_is_that_database(tmp_path: Path) -> None:
    target = with_dsn(target_of_folder("/a", "/a", environ(tmp_path)), Dsn("x.db"), "--dsn")
    assert (target.environment, target.engine, target.database, target.source) == (
        "",
        "sqlite",
        "x.db",
        "--dsn",
    )


def test_gooses_variable_comes_first(tmp_path: Path) -> None:
    both = {"GOOSE_DBSTRING": "postgres://h/goose", "DATABASE_URL": "postgres://h/app"}
    assert connection_in(environ(tmp_path, **both)) == (Dsn("postgres://h/goose"), "GOOSE_DBSTRING")
    (tmp_path / ".env").write_text("DATABASE_URL=postgres://h/file\n")
    assert connection_in(environ(tmp_path)) == (Dsn("postgres://h/file"), "DATABASE_URL in .env")
    assert connection_in(environ(tmp_path, DATABASE_URL="")) is None


@pytest.mark.parametrize(("driver", "engine"), DRIVERS.items())
def test_gooses_driver_says_the_engine(tmp_path: Path, driver: str, engine: str) -> None:
    found = connection_in(environ(tmp_path, GOOSE_DRIVER=driver, GOOSE_DBSTRING="anything"))
    assert found is not None
    assert found[0].engine == engine


def test_gooses_driver_is_not_for_the_other_variable(tmp_path: Path) -> None:
    found = connection_in(environ(tmp_path, GOOSE_DRIVER="mysql", DATABASE_URL="postgres://h/d"))
    assert found == (Dsn("postgres://h/d"), "DATABASE_URL")


def test_drivers_without_an_engine_and_contradictions_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TargetError, match=r"^GOOSE_DRIVER is 'mysql', which no engine here speaks$"):
        connection_in(environ(tmp_path, GOOSE_DRIVER="mysql", GOOSE_DBSTRING="u:hidden@/d"))
    with pytest.raises(TargetError, match=r"^GOOSE_DRIVER is 'sqlite3', but GOOSE_DBSTRING is for postgres$"):
        connection_in(environ(tmp_path, GOOSE_DRIVER="sqlite3", GOOSE_DBSTRING="postgres://u:hidden@h/d"))
