"""Starting, and the ways it may fail, with a pg_ctl that does as it is told."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from greylag.databases.postgres.embedded import launch
from greylag.databases.postgres.embedded.accounts import caller
from greylag.databases.postgres.embedded.launch import (
    PortTakenError,
    StillHeldError,
    port_is_free,
    start_postmaster,
)
from greylag.databases.postgres.embedded.places import Place
from greylag.databases.postgres.embedded.postmaster import Postmaster
from greylag.databases.postgres.embedded.sources import Source
from greylag.databases.postgres.embedded.started import read_start
from greylag.errors import EmbeddedError


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place(tmp_path, tmp_path / "place", caller())
    place.data.mkdir(parents=True)
    (place.data / "PG_VERSION").write_text("16\n")
    return place


def pg_ctl(tmp_path: Path, lines: str) -> Source:
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "pg_ctl").write_text(f"#!/bin/sh\n{lines}\n")
    (folder / "pg_ctl").chmod(0o755)
    return Source("stand-in", folder, "16.0")


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (
            'LOG:  could not bind IPv4 address "127.0.0.1": Address already in use\nFATAL:  could not create any TCP/IP sockets',
            PortTakenError,
        ),
        ("FATAL:  pre-existing shared memory block (key 1, ID 2) is still in use", StillHeldError),
        ('FATAL:  lock file "postmaster.pid" already exists', StillHeldError),
    ],
)
def test_some_refusals_are_worth_another_try(
    tmp_path: Path, place: Place, said: str, kind: type[EmbeddedError]
) -> None:
    source = pg_ctl(tmp_path, f"cat <<'X'\n{said}\nX\nexit 1")
    with pytest.raises(kind):
        start_postmaster(place, source, 5432, Path("/run"))


def test_others_are_told_with_the_reason_of_this_start(tmp_path: Path, place: Place) -> None:
    place.log.write_text("FATAL:  a reason of yesterday\n")
    source = pg_ctl(tmp_path, "echo 'FATAL:  no room'; echo 'LOG:  database system is shut down'; exit 1")
    with pytest.raises(EmbeddedError, match=r"^PostgreSQL did not start: FATAL:  no room$") as refusal:
        start_postmaster(place, source, 5432, Path("/run"))
    assert refusal.value.hint == f"the whole log: {place.log}"
    assert type(refusal.value) is EmbeddedError


def test_one_that_says_nothing_and_one_that_is_not_there(tmp_path: Path, place: Place) -> None:
    with pytest.raises(EmbeddedError, match="did not start: it said nothing"):
        start_postmaster(place, pg_ctl(tmp_path, "exit 1"), 5432, Path("/run"))
    with pytest.raises(EmbeddedError, match=r"pg_ctl cannot be run as .*: No such file or directory"):
        start_postmaster(place, Source("gone", tmp_path / "gone", "16.0"), 5432, Path("/run"))


def test_odd_folders_pass_through_the_shell_of_pg_ctl(tmp_path: Path, place: Place) -> None:
    # as pg_ctl does: it hands the options to a shell
    source = pg_ctl(
        tmp_path, f'eval "printf \'%s\\n\' $7" > {tmp_path}/words; echo "$PGDATA" >> {tmp_path}/words; exit 1'
    )
    with pytest.raises(EmbeddedError):
        start_postmaster(place, source, 5432, Path("/r'u\"n/$HOME, x"))
    words = (tmp_path / "words").read_text().splitlines()
    assert "port=5432" in words and "listen_addresses=127.0.0.1" in words
    assert 'unix_socket_directories="/r\'u""n/$HOME, x"' in words
    assert words[-1] == str(place.data)


def test_a_port_is_free_or_not() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert not port_is_free(port)
    assert port_is_free(port)


def test_the_port_is_kept_until_somebody_takes_it(place: Place) -> None:
    port = launch._port(place)
    assert 20_000 <= port < 32_000 and place.port_file.read_text() == f"{port}\n"
    assert launch._port(place) == port
    with socket.create_server(("127.0.0.1", port)):
        other = launch._port(place)
    assert other != port and place.port_file.read_text() == f"{other}\n"
    place.port_file.write_text("nonsense")
    assert launch._port(place) in range(20_000, 32_000)


@pytest.fixture
def tries(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[EmbeddedError | Postmaster]:
    """What each call of start_postmaster gives, in turn."""
    answers: list[EmbeddedError | Postmaster] = []

    def start(*_: object) -> Postmaster:
        answer = answers.pop(0)
        if isinstance(answer, EmbeddedError):
            raise answer
        return answer

    monkeypatch.setattr(launch, "start_postmaster", start)
    monkeypatch.setattr(launch, "_PAUSE", 0)
    monkeypatch.setattr(launch, "make_socket_folder", lambda place: tmp_path)
    monkeypatch.setattr(launch, "find_source", lambda setting: Source(str(setting), tmp_path, "16.0"))
    monkeypatch.setattr(launch, "reachable", lambda source, account: source)
    return answers


def test_tries_that_are_worth_it_are_repeated(place: Place, tries: list[EmbeddedError | Postmaster]) -> None:
    running = Postmaster(1, place.data, 0.0, 5432, Path("/run"), True)
    tries += [PortTakenError(""), StillHeldError(""), running]
    assert launch.launch(place, "pg/bin", 7) == running
    start = read_start(place)
    assert start is not None and (start.source, start.idle_seconds) == (str(place.root / "pg" / "bin"), 7)
    tries += [running]
    launch.launch(place, "/absolute/bin", 7)
    start = read_start(place)
    assert start is not None and start.source == "/absolute/bin"


def test_tries_end_some_time(place: Place, tries: list[EmbeddedError | Postmaster]) -> None:
    tries += [StillHeldError("") for _ in range(20)]
    with pytest.raises(EmbeddedError, match="did not start in 20 tries"):
        launch.launch(place, None, 7)
    assert tries == []


def test_a_start_that_fails_leaves_no_socket_folder(
    place: Place, tries: list[EmbeddedError | Postmaster], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "socket"
    folder.mkdir()
    (folder / ".s.PGSQL.5432.lock").write_text("of a server that was killed")
    monkeypatch.setattr(launch, "make_socket_folder", lambda place: folder)
    tries += [EmbeddedError("no")]
    with pytest.raises(EmbeddedError, match=r"^no$"):
        launch.launch(place, None, 7)
    assert not folder.exists()
