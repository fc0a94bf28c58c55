"""From a target to a session, and nothing is connected to before everything is checked."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from greylag.environments.resolution import Resolution
from greylag.environments.targets import select
from greylag.environments.workspace import parse
from greylag.errors import ConnectError, FilesError, SecretError
from greylag.operations import reach as reaching
from greylag.operations.reach import dsn_of, programs_of, reach

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = """
[environments.dev]
[services.auth.databases.girok]
[services.tiny.databases.tiny]
engine = "sqlite"
"""
CLOSED = "postgres://ann:secret@127.0.0.1:1/girok"


def resolved(root: Path, word: str, config: str = CONFIG) -> Resolution:
    workspace = parse(config, str(root / "greylag.toml"), "greylag.toml")
    return Resolution(list(select(workspace, [word])), workspace, str(root), "", [])


def test_a_local_sqlite_target_is_a_file_whose_folder_is_made(tmp_path: Path) -> None:
    resolution = resolved(tmp_path, "tiny")
    way = reach(resolution.targets[0], resolution, {}, table="versions")
    assert (way.session.table, way.target) == ("versions", resolution.targets[0])
    way.session.create_history()
    way.session.close()
    assert os.path.isfile(dsn_of(resolution.targets[0], resolution, {}))


def test_a_local_clickhouse_target_wants_its_folder_of_migrations_first(tmp_path: Path) -> None:
    resolution = resolved(
        tmp_path, "audit", CONFIG + '[services.audit.databases.log]\nengine = "clickhouse"\n'
    )
    with pytest.raises(FilesError, match="directory does not exist"):
        reach(resolution.targets[0], resolution, {})
    os.makedirs(resolution.targets[0].folder)
    reach(resolution.targets[0], resolution, {}).session.close()
    found = dsn_of(resolution.targets[0], resolution, {})
    assert found == f"chdb://{tmp_path}/.greylag/clickhouse/log?database=log"


def test_nothing_is_connected_to_before_it_is_asked(tmp_path: Path) -> None:
    resolution = resolved(tmp_path, "auth@dev")
    way = reach(resolution.targets[0], resolution, {"AUTH_DEV_URL": CLOSED}, timeout_seconds=5)
    assert way.source
    assert dsn_of(resolution.targets[0], resolution, {"AUTH_DEV_URL": CLOSED}) == CLOSED
    with pytest.raises(ConnectError) as caught:
        way.session.connect()
    assert "secret" not in str(caught.value)
    way.session.close()


def test_no_connection_string(tmp_path: Path) -> None:
    resolution = resolved(tmp_path, "auth@dev")
    for ask in (reach, dsn_of):
        with pytest.raises(SecretError):
            ask(resolution.targets[0], resolution, {})


def test_a_local_postgres_target_asks_for_the_embedded_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(
        reaching, "embedded_dsn", lambda resolution, database: asked.append(database) or CLOSED
    )
    resolution = resolved(tmp_path, "auth")
    with pytest.raises(FilesError, match="directory does not exist"):
        reach(resolution.targets[0], resolution, {})
    assert asked == [], "no server is started for a folder that is not there"
    os.makedirs(resolution.targets[0].folder)
    reach(resolution.targets[0], resolution, {}).session.close()
    assert dsn_of(resolution.targets[0], resolution, {}) == CLOSED
    assert asked == ["girok", "girok"]


def test_where_the_servers_programs_are(tmp_path: Path) -> None:
    assert programs_of(resolved(tmp_path, "auth")) is None
    assert programs_of(resolved(tmp_path, "auth", '[local]\nbin = "/pg/bin"\n' + CONFIG)) == "/pg/bin"
    assert programs_of(resolved(tmp_path, "auth")._replace(workspace=None)) is None
