"""The facade of the embedded server; the story is in tests/roads/test_server.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from greylag.databases.postgres.embedded import places, supervisor
from greylag.databases.postgres.embedded.accounts import caller
from greylag.errors import EmbeddedError
from greylag.operations import server


@pytest.fixture(autouse=True)
def as_ordinary_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "server_account", lambda made=None: caller())
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "xdg"))


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    folder.mkdir()
    return folder


def test_nothing_runs_before_the_first_start(workspace: Path) -> None:
    assert server.stop(workspace) is None
    assert not server.status(workspace).running
    log = server.logs(workspace)
    assert (log.path, log.lines) == (str(workspace / ".greylag" / "postgres" / "server.log"), [])


def test_the_log_is_read_from_its_end(workspace: Path) -> None:
    log = Path(server.logs(workspace).path)
    log.parent.mkdir(parents=True)
    log.write_text("".join(f"line {number}\n" for number in range(100)))
    assert server.logs(workspace, 2).lines == ["line 98", "line 99"]
    assert len(server.logs(workspace).lines) == 50


@pytest.mark.parametrize(
    "call",
    [
        server.start,
        server.stop,
        server.status,
        lambda root: server.local_dsn(root, "x"),
        lambda root: server.psql(root, "x"),
    ],
)
def test_what_the_file_system_refuses_is_told(workspace: Path, monkeypatch: pytest.MonkeyPatch, call) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", "/w/.greylag/postgres/lock")

    for name in ("find_place", "make_place"):
        monkeypatch.setattr(supervisor, name, refuse)
    with pytest.raises(EmbeddedError) as refusal:
        call(workspace)
    assert (
        refusal.value.message
        == "the embedded server's files cannot be used: /w/.greylag/postgres/lock: Permission denied"
    )
    assert refusal.value.hint == "greylag server status shows where they are"


def test_install_takes_a_folder_by_any_name(workspace: Path) -> None:
    with pytest.raises(EmbeddedError, match="holds no PostgreSQL"):
        server.install(str(workspace))
