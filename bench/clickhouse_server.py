"""What the ClickHouse cases run against: the embedded engine behind the HTTP interface that the tests use."""

from __future__ import annotations

import contextlib
import importlib.util
import itertools
import json
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

import servers
from measure import FailedError

if TYPE_CHECKING:
    from collections.abc import Iterator

START_SECONDS = 60


class Clickhouse:
    """A server on 127.0.0.1 that writes down what arrives."""

    def __init__(self, port: int, log: Path) -> None:
        self.port = port
        self._log = log
        self._numbers = itertools.count(1)

    def ask(self, text: str) -> None:
        """Run a statement. Raises OSError."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"http://127.0.0.1:{self.port}/", text.encode(), START_SECONDS) as answer:
            answer.read()

    def fresh(self) -> str:
        """The name of a new database."""
        name = f"bench_{next(self._numbers)}"
        self.ask(f"CREATE DATABASE {name}")
        return name

    def requests(self, database: str) -> int:
        """How many named this database."""
        return sum(json.loads(line)["database"] == database for line in self._log.read_text().splitlines())


@contextlib.contextmanager
def clickhouse() -> Iterator[Clickhouse]:
    """Start one for the time of the block. Raises FailedError."""
    if importlib.util.find_spec("chdb") is None:
        raise FailedError("the package chdb is not installed: pip install 'greylag[clickhouse]'")
    with tempfile.TemporaryDirectory(prefix="greylag-bench-ch-") as folder:
        port, data = servers.free_port(), Path(folder, "data")
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.plugins.clickhouse_shim", str(port), str(data)],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            cwd=servers.HERE.parent,
        )  # fmt: skip
        try:
            server = Clickhouse(port, Path(f"{data}.log"))
            _await(server, process)
            yield server
        finally:
            process.kill()
            process.wait()


def _await(server: Clickhouse, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            server.ask("SELECT 1")
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise FailedError("the ClickHouse of the tests does not start")
