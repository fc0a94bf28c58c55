"""Reading the pid file, believing it or not, stopping; real servers are met in tests/roads/test_server.py."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from greylag.databases.postgres.embedded import postmaster
from greylag.databases.postgres.embedded.accounts import caller
from greylag.databases.postgres.embedded.places import Place
from greylag.databases.postgres.embedded.postmaster import (
    Postmaster,
    find_postmaster,
    is_running,
    read_pid_file,
    remove_socket_folder,
    stop_postmaster,
)
from greylag.errors import EmbeddedError

if TYPE_CHECKING:
    from collections.abc import Iterator

NOBODY = 999_999_999


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place(tmp_path, tmp_path, caller())
    place.data.mkdir()
    return place


def write(
    place: Place,
    pid: int,
    *,
    data: Path | None = None,
    port: int = 1,
    folder: str = "",
    status: str = "ready   ",
) -> None:
    lines = [
        str(pid),
        str(data or place.data),
        "1700000000",
        str(port),
        folder,
        "127.0.0.1",
        "  12345  6",
        status,
    ]
    (place.data / "postmaster.pid").write_text("\n".join(lines) + "\n")


@pytest.fixture
def stand_in(place: Place) -> Iterator[subprocess.Popen[bytes]]:
    """A process in the data folder, as a server is, that ends on SIGINT and removes the pid file."""
    code = (
        "import os, signal, sys\n"
        "def end(*_):\n    os.unlink('postmaster.pid'); os._exit(0)\n"
        "signal.signal(signal.SIGINT, end); print('up', flush=True)\n"
        "while True: signal.pause()\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code], cwd=place.data, stdout=subprocess.PIPE)
    assert process.stdout is not None and process.stdout.readline() == b"up\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


@pytest.fixture
def short() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        yield Path(folder)


def listen(folder: Path, port: int) -> socket.socket:
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(folder / f".s.PGSQL.{port}"))
    listening.listen()
    return listening


def test_the_lines_of_a_pid_file(place: Place) -> None:
    assert read_pid_file(place) is None
    write(place, 42, port=5433, folder="/run/x")
    assert read_pid_file(place) == Postmaster(42, place.data, 1700000000.0, 5433, Path("/run/x"), True)
    write(place, 42, status="starting")
    seen = read_pid_file(place)
    assert seen is not None and not seen.ready


@pytest.mark.parametrize(
    "text", ["", "42", "42\n/data\n", "x\n/data\n17\n5432\n\n", "42\n/data\n17\nport\n/run\n"]
)
def test_half_a_pid_file_says_nothing(place: Place, text: str) -> None:
    (place.data / "postmaster.pid").write_text(text)
    assert read_pid_file(place) is None
    assert find_postmaster(place) is None and stop_postmaster(place) is None


def test_a_first_moments_pid_file_has_no_status(place: Place) -> None:
    (place.data / "postmaster.pid").write_text(f"42\n{place.data}\n17\n5432\n/run\n")
    seen = read_pid_file(place)
    assert seen is not None and (seen.pid, seen.ready) == (42, False)


def test_a_process_that_is_gone(place: Place) -> None:
    write(place, NOBODY)
    before = (place.data / "postmaster.pid").read_text()
    assert find_postmaster(place) is None
    assert not is_running(place)
    assert stop_postmaster(place) is None
    assert (place.data / "postmaster.pid").read_text() == before, "PostgreSQL itself knows what to do with it"


def test_a_server_that_answers_on_its_socket(
    place: Place, short: Path, stand_in: subprocess.Popen[bytes]
) -> None:
    write(place, stand_in.pid, port=7, folder=str(short))
    with listen(short, 7):
        assert find_postmaster(place) == read_pid_file(place)
        assert is_running(place)


def test_another_process_of_that_number_is_disowned(place: Place) -> None:
    write(place, os.getpid())
    assert find_postmaster(place) is None
    lines = (place.data / "postmaster.pid").read_text().splitlines()
    assert lines[0] == str(NOBODY)
    assert lines[1:] == [str(place.data), "1700000000", "1", "", "127.0.0.1", "  12345  6", "ready   "]
    assert sorted(path.name for path in place.data.iterdir()) == ["postmaster.pid"]
    write(place, os.getpid())
    assert stop_postmaster(place) is None, "and is not stopped"


def test_without_its_socket_a_server_is_found_by_its_port(
    place: Place, stand_in: subprocess.Popen[bytes]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        write(
            place,
            stand_in.pid,
            port=listening.getsockname()[1],
            folder="/nowhere",
            data=Path("/before/it/moved"),
        )
        assert find_postmaster(place) == read_pid_file(place)


def test_a_server_that_starts_is_waited_for(
    place: Place, short: Path, stand_in: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(place, stand_in.pid, port=7, folder=str(short), status="starting")
    with listen(short, 7):
        monkeypatch.setattr(
            postmaster.time, "sleep", lambda _: write(place, stand_in.pid, port=7, folder=str(short))
        )
        seen = find_postmaster(place)
    assert seen is not None and seen.ready


def test_a_server_that_never_answers(
    place: Place, stand_in: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postmaster, "START_SECONDS", 0.05)
    write(place, stand_in.pid, port=1, folder="/nowhere")
    with pytest.raises(EmbeddedError, match=f"pid {stand_in.pid}\\) does not take connections") as refusal:
        find_postmaster(place)
    assert refusal.value.hint is not None and str(place.log) in refusal.value.hint


def test_a_server_is_stopped_and_its_socket_folder_goes(
    place: Place, short: Path, stand_in: subprocess.Popen[bytes]
) -> None:
    folder = short / "socket"
    folder.mkdir()
    write(place, stand_in.pid, folder=str(folder))
    stopped = stop_postmaster(place)
    assert stopped is not None and stopped.pid == stand_in.pid
    assert stand_in.wait(10) == 0
    assert not folder.exists()


def test_a_server_that_will_not_stop_is_told_more_firmly(
    place: Place, stand_in: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postmaster, "_STOP_SECONDS", 0.05)
    write(place, stand_in.pid)
    sent = []
    monkeypatch.setattr(os, "kill", lambda pid, word: sent.append(word) if word else None)
    with pytest.raises(EmbeddedError, match=rf"the server \(pid {stand_in.pid}\) did not stop"):
        stop_postmaster(place)
    assert sent == [signal.SIGINT, signal.SIGQUIT]


def test_where_there_is_no_proc_ps_is_asked(
    place: Place, stand_in: subprocess.Popen[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postmaster, "_PROC", tmp_path / "no-proc")
    write(place, stand_in.pid)
    assert find_postmaster(place) is None, "a Python is no server"
    commands = {stand_in.pid: b"/usr/lib/postgresql/16/bin/postgres -c port=1\n"}
    monkeypatch.setattr(
        postmaster, "run", lambda _, words: subprocess.CompletedProcess(words, 0, commands[int(words[-1])])
    )
    write(place, stand_in.pid)
    seen = read_pid_file(place)
    assert seen is not None and postmaster._serves(seen, place.data)
    # the number stands in the original's pid file, too: this folder is a copy
    original = tmp_path / "original"
    original.mkdir()
    write(place, stand_in.pid, data=original)
    moved = read_pid_file(place)
    assert moved is not None and postmaster._serves(moved, place.data)
    (original / "postmaster.pid").write_text("")
    assert not postmaster._serves(moved, place.data)


def test_a_socket_folder_with_something_else_in_it_stays(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("")
    remove_socket_folder(tmp_path)
    remove_socket_folder(tmp_path / "none")
    assert (tmp_path / "mine").exists()
