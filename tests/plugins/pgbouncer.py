"""A real pgbouncer in front of the test server, where this machine has one."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.plugins.postgres import free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.plugins.postgres import PostgresServer

    Pooled = Callable[..., str]

SECONDS = 20
UNPACKED = Path(__file__).resolve().parents[2] / ".peers" / "pgbouncer"
NONE = "no pgbouncer on this machine: make peers"


@pytest.fixture
def pooled(postgres: PostgresServer) -> Iterator[Pooled]:
    """Give a URL of the shared server, a pool mode and settings; get the same database through pgbouncer."""
    if not is_there():
        pytest.skip(NONE)
    with poolers(postgres.port) as start:
        yield start


def is_there() -> bool:
    """Whether this machine has a pgbouncer."""
    return shutil.which("pgbouncer") is not None or (UNPACKED / "run").exists()


@contextlib.contextmanager
def poolers(server_port: int) -> Iterator[Pooled]:
    """As the fixture ``pooled``, in front of the server at a port of this machine."""
    program = shutil.which("pgbouncer")
    base = Path(tempfile.mkdtemp(prefix="greylag-test-pgbouncer-"))
    if program is None:  # a copy, for a checkout under a folder closed to the user it runs as
        program = str(shutil.copytree(UNPACKED, base / "program", symlinks=True) / "run")
    running: list[subprocess.Popen[bytes]] = []

    def start(url: str, mode: str, *settings: str) -> str:
        role, _, place = url.partition("://")[2].partition("@")
        name = place.partition("/")[2].partition("?")[0]
        port = free_port()
        config = base / f"{port}.ini"
        config.write_text(
            f"[databases]\n{name} = user={role} host=127.0.0.1 port={server_port}\n"
            f"[pgbouncer]\nlisten_addr=127.0.0.1\nlisten_port={port}\nunix_socket_dir=\n"
            f"auth_type=any\npool_mode={mode}\nlogfile={base}/{port}.log\n"
            "ignore_startup_parameters=extra_float_digits,options\n" + "\n".join(settings)
        )
        ids: dict[str, object] = {}
        if os.geteuid() == 0:  # it refuses to run as root
            nobody = pwd.getpwnam("nobody")
            os.chown(base, nobody.pw_uid, nobody.pw_gid)
            ids = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        running.append(subprocess.Popen([program, str(config)], cwd="/", **quiet, **ids))
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.02)
        else:
            raise AssertionError((base / f"{port}.log").read_text())
        return f"postgres://{role}@127.0.0.1:{port}/{name}?sslmode=disable"

    try:
        yield start
    finally:
        for process in running:
            process.kill()
            process.wait()
        shutil.rmtree(base, ignore_errors=True)
