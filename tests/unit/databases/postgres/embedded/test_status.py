"""What is said about a server."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from greylag.databases.postgres.embedded import places, status
from greylag.databases.postgres.embedded.accounts import caller
from greylag.databases.postgres.embedded.databases import Contents, Database
from greylag.databases.postgres.embedded.places import Place
from greylag.databases.postgres.embedded.postmaster import Postmaster
from greylag.databases.postgres.embedded.started import Start, write_start
from greylag.databases.postgres.embedded.status import ServerFacts, server_facts, server_status
from greylag.databases.postgres.embedded.supervisor import EmbeddedServer, touch_used


@pytest.fixture
def server(tmp_path: Path) -> EmbeddedServer:
    place = Place(tmp_path, tmp_path / "place", caller(), "because")
    place.folder.mkdir()
    touch_used(place)
    return EmbeddedServer(
        place, Postmaster(7, place.data, 1700000000.0, 20001, Path("/run/x"), True), fresh=True
    )


def test_without_its_contents_the_server_is_not_asked(server: EmbeddedServer) -> None:
    write_start(server.place, Start("wheel", "16.14", "/programs", 900))
    place = server.place
    assert server_facts(server) == ServerFacts(
        running=True, data=str(place.data), log=str(place.log), user=caller().name, outside="because",
        host="127.0.0.1", port=20001, pid=7, version="16.14", source="wheel", bin="/programs", socket="/run/x",
        since=datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC), fresh=True, idle_seconds=900,
    )  # fmt: skip


def test_contents_and_what_is_left_of_the_idle_time(
    server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_start(server.place, Start("wheel", "16.14", "/programs", 900))
    held = Contents((Database("legal", 8_000_000),), 0)
    monkeypatch.setattr(status, "list_contents", lambda _: held)
    os.utime(server.place.used_file, (time.time() - 300,) * 2)
    facts = server_facts(server, contents=True)
    assert (facts.databases, facts.connections) == (held.databases, 0)
    assert facts.idle_stop_in_seconds is not None and 540 <= facts.idle_stop_in_seconds <= 600
    os.utime(server.place.used_file, (time.time() - 3000,) * 2)
    assert server_facts(server, contents=True).idle_stop_in_seconds == 0
    held = Contents((), 2)
    assert server_facts(server, contents=True).idle_stop_in_seconds is None


def test_a_server_whose_origin_was_not_written_down(server: EmbeddedServer) -> None:
    facts = server_facts(server)
    assert facts.running and (facts.source, facts.version, facts.idle_seconds) == (None, None, None)


def test_a_workspace_without_a_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "server_account", lambda made=None: caller())
    place = tmp_path / ".greylag" / "postgres"
    facts = server_status(tmp_path)
    assert facts == ServerFacts(False, str(place / "data"), str(place / "server.log"), caller().name, "")
    assert list(tmp_path.iterdir()) == []
