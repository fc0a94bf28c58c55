"""A real ClickHouse for tests: the embedded engine in a process of its own, behind its HTTP interface."""

from __future__ import annotations

import atexit
import functools
import importlib.util
import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.plugins.postgres import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

REPOSITORY = Path(__file__).resolve().parents[2]
SECONDS = 60
MISSING = "the package chdb is not installed: pip install 'greylag[clickhouse]'"

_numbers = itertools.count(1)


def is_there() -> bool:
    return importlib.util.find_spec("chdb") is not None


class Refused(Exception):  # noqa: N818  # reads as what it is
    """The server said no."""


@dataclass
class ClickhouseServer:
    """One node on 127.0.0.1 without users."""

    base: Path
    port: int
    process: subprocess.Popen[bytes]

    def url(self, database: str = "default") -> str:
        return f"http://127.0.0.1:{self.port}/{database}"

    def ask(self, text: str, database: str = "default") -> list[list[Any]]:
        """Rows of a query. Raises Refused."""
        address = f"http://127.0.0.1:{self.port}/?database={database}&default_format=JSONCompact"
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(address, text.encode(), SECONDS) as answer:
                said = answer.read()
        except urllib.error.HTTPError as error:
            with error:
                raise Refused(error.read().decode()) from None
        return json.loads(said)["data"] if said else []

    def statements(self, database: str) -> list[dict[str, Any]]:
        """What arrived for a database, in order."""
        lines = (self.base / "data.log").read_text().splitlines()
        return [line for line in map(json.loads, lines) if line["database"] == database]

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
        assert self.process.stdin is not None
        self.process.stdin.close()
        shutil.rmtree(self.base, ignore_errors=True)


def new_clickhouse() -> ClickhouseServer:
    """Start a server over a folder of its own."""
    base = Path(tempfile.mkdtemp(prefix="greylag-test-ch-"))
    port = free_port()
    with (base / "said").open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.plugins.clickhouse_shim", str(port), str(base / "data")],
            stdin=subprocess.PIPE, stdout=said, stderr=said, cwd=REPOSITORY,
            env={**os.environ, "TZ": "UTC"}, start_new_session=True,
        )  # fmt: skip
    server = ClickhouseServer(base, port, process)
    until = time.monotonic() + SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            server.ask("SELECT 1")
        except OSError:
            time.sleep(0.05)
        else:
            return server
    server.process.kill()
    raise AssertionError((base / "said").read_text())


@functools.cache
def shared_clickhouse() -> ClickhouseServer:
    """The server of this process, stopped when it ends."""
    server = new_clickhouse()
    atexit.register(server.stop)
    return server


@pytest.fixture
def clickhouse() -> ClickhouseServer:
    """Skipped where the engine is not installed."""
    if not is_there():
        pytest.skip(MISSING)
    return shared_clickhouse()


@pytest.fixture
def clickhouse_database(clickhouse: ClickhouseServer) -> Iterator[str]:
    """The name of a fresh database."""
    name = f"t_{os.getpid()}_{next(_numbers)}"
    clickhouse.ask(f"CREATE DATABASE {name}")
    yield name
    clickhouse.ask(f"DROP DATABASE IF EXISTS {name} SYNC")
