"""The parts of the supervisor that need no server; the story is in tests/roads/test_server.py."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from greylag.databases.postgres.embedded import places, supervisor
from greylag.databases.postgres.embedded.accounts import caller
from greylag.databases.postgres.embedded.places import Place
from greylag.databases.postgres.embedded.postmaster import Postmaster
from greylag.databases.postgres.embedded.supervisor import (
    EmbeddedServer,
    find_running,
    stop,
    touch_used,
    unused_for,
)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path, tmp_path, caller())


def test_the_url_holds_the_password_and_its_repr_does_not(place: Place) -> None:
    place.pgpass.write_text("*:*:*:postgres:s3cret\n")
    server = EmbeddedServer(place, Postmaster(1, place.data, 0.0, 20001, Path("/run"), True))
    assert (
        server.dsn("a b/ü?") == "postgres://postgres:s3cret@127.0.0.1:20001/a%20b%2F%C3%BC%3F?sslmode=disable"
    )
    assert "s3cret" not in repr(server)


def test_time_unused_begins_anew_with_each_use(place: Place) -> None:
    assert unused_for(place) == 0, "never used, so just made"
    touch_used(place)
    assert unused_for(place) < 60
    os.utime(place.used_file, (time.time() - 500,) * 2)
    assert 500 <= unused_for(place) < 560
    os.utime(place.used_file, (time.time() + 500,) * 2)
    assert unused_for(place) == 0, "the clock was set back"
    touch_used(place)
    assert place.used_file.stat().st_mtime <= time.time() + 1


def test_looking_and_stopping_make_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "server_account", lambda made=None: caller())
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "xdg"))
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    assert find_running(workspace) is None
    assert stop(workspace) is None
    assert list(workspace.iterdir()) == [] and not (tmp_path / "xdg").exists()


def test_fifteen_minutes() -> None:
    assert supervisor.IDLE_SECONDS == 15 * 60
