"""What goes wrong from outside: programs to kill and a link to cut."""

from __future__ import annotations

import contextlib
import itertools
import os
import socket
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from tests.faults.story import FILES, Teller
from tests.faults.zygote import Zygote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.plugins.postgres import PostgresServer

    Fresh = Callable[..., str]

RUNNER = """
import sys
from greylag.cli.goose.main import main
sys.argv = ["goose", *sys.argv[1:]]
main()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Six migrations; each makes a table and then takes a while."""
    made = tmp_path / "migrations"
    made.mkdir()
    for version in range(1, 7):
        text = f"-- +goose Up\nCREATE TABLE t{version} (n int);\nSELECT pg_sleep(0.7);\n"
        (made / f"{version:05d}_t{version}.sql").write_text(text)
    return made


@pytest.fixture
def goose(folder: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Starts the goose face as a process of its own."""
    started: list[subprocess.Popen[bytes]] = []

    def start(dsn: str, *words: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", RUNNER, "-dir", str(folder), "-env", "none", "postgres", dsn, *words]
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def teller(tmp_path: Path) -> Iterator[Teller]:
    """greylag on the files of the story."""
    made = Teller(tmp_path)
    made.write(FILES)
    yield made
    made.close()


@pytest.fixture(scope="session")
def zygote() -> Iterator[Zygote]:
    made = Zygote()
    yield made
    made.close()


@pytest.fixture
def swift(tmp_path: Path, zygote: Zygote) -> Iterator[Teller]:
    """The same, forked, for tests with hundreds of runs."""
    made = Teller(tmp_path, zygote)
    made.write(FILES)
    yield made
    made.close()


_numbers = itertools.count(1)


@pytest.fixture
def fresh(postgres: PostgresServer) -> Iterator[Fresh]:
    """Makes databases of the shared server, each empty or a copy of another, and gives their URLs."""
    made: list[str] = []

    def make(template: str = "template1") -> str:
        name = f"fault_{os.getpid()}_{next(_numbers)}"
        ask(
            postgres.url(), f"CREATE DATABASE {name} TEMPLATE {template.rpartition('/')[2].partition('?')[0]}"
        )
        made.append(name)
        return postgres.url(name)

    yield make
    for name in made:
        ask(postgres.url(), f"DROP DATABASE {name} WITH (FORCE)")


def ask(dsn: str, query: str) -> list[Any]:
    with psycopg.connect(dsn, autocommit=True) as connection:
        cursor = connection.execute(query)
        return cursor.fetchall() if cursor.description else []


def tables(dsn: str) -> set[str]:
    return {row[0] for row in ask(dsn, "SELECT tablename FROM pg_tables WHERE tablename ~ '^t[0-9]+$'")}


def history(dsn: str) -> list[int]:
    return [row[0] for row in ask(dsn, "SELECT version_id FROM goose_db_version ORDER BY id")]


def wait_until(what: Callable[[], object], seconds: float = 30) -> None:
    """Wait for something that is bound to come; a test fails when it does not."""
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.02)


def wait_for_sleep(dsn: str, version: int) -> None:
    """Wait until the files before ``version`` stand and the server is inside that one."""
    other = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'"
    made = "SELECT to_regclass('goose_db_version')"
    wait_until(lambda: ask(dsn, made) != [(None,)] and max(history(dsn), default=0) == version - 1)
    wait_until(lambda: ask(dsn, other))


def wait_for_silence(dsn: str) -> None:
    """Wait until no other connection to the database is left."""
    others = (
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
        "AND backend_type = 'client backend'"
    )
    wait_until(lambda: not ask(dsn, others))


class Link:
    """A TCP proxy in front of a server, which can be cut: nothing passes any more in either direction."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._cut = 0
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self._target))
            self._pairs.append((client, server))
            for pair in ((client, server), (server, client)):
                thread = threading.Thread(target=self._pump, args=pair, daemon=True)
                self._threads.append(thread)
                thread.start()

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        if (source, sink) in self._pairs[: self._cut]:
            return
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def cut(self) -> None:
        """Break the client's side of what is open: the server is not told, and goes on with what it has."""
        self._cut = len(self._pairs)
        for client, _ in self._pairs:
            with contextlib.suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for pair in self._pairs:
            for end in pair:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(10)
        for pair in self._pairs:
            for end in pair:
                end.close()
