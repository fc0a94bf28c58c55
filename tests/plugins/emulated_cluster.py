"""A cluster of today's SQL: two nodes that emulate ON CLUSTER and replication over the embedded engine."""

from __future__ import annotations

import atexit
import functools
import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.plugins import clickhouse
from tests.plugins.cluster18 import CLUSTER, DIRECT, SECONDS, Speaker
from tests.plugins.postgres import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

_numbers = itertools.count(1)


@dataclass
class EmulatedNode(Speaker):
    """See ``tests.plugins.emulated_node``. Ending it lets it play dead: what it has is still there after."""

    port: int
    log: Path
    process: subprocess.Popen[bytes]
    is_up: bool = True

    def kill(self) -> None:
        self._tell("down")

    stop = kill

    def start(self) -> None:
        """It does what it missed before this returns."""
        self._tell("up")

    def _tell(self, what: str) -> None:
        self.is_up = what == "up"
        DIRECT.open(f"http://127.0.0.1:{self.port}/emulated/{what}", b"").close()

    def statements(self, database: str) -> list[dict[str, Any]]:
        """What clients sent for a database, in order."""
        lines = map(json.loads, self.log.read_text().splitlines())
        return [line for line in lines if line["database"] == database]


@dataclass
class EmulatedCluster:
    """Called ``my_cluster``: one shard of two replicas."""

    base: Path
    nodes: list[EmulatedNode] = field(default_factory=list)

    def node(self, number: int) -> EmulatedNode:
        """The first is 1."""
        return self.nodes[number - 1]

    def everywhere(self, text: str, database: str = "default") -> list[list[list[Any]]]:
        """The same question, asked of each node for itself."""
        return [node.query(text, database) for node in self.nodes]

    def start(self) -> None:
        """Start what is down."""
        for node in self.nodes:
            if not node.is_up:
                node.start()

    def stop(self) -> None:
        for node in self.nodes:
            node.process.kill()
            node.process.wait()
            assert node.process.stdin is not None
            node.process.stdin.close()
        shutil.rmtree(self.base, ignore_errors=True)


def new_cluster() -> EmulatedCluster:
    """Start one in a folder of its own."""
    cluster = EmulatedCluster(Path(tempfile.mkdtemp(prefix="greylag-test-emulated-")))
    ports = [free_port() for _ in range(2)]
    told = json.dumps({"name": CLUSTER, "ports": ports})
    for port in ports:
        folder = cluster.base / str(port)
        with (cluster.base / f"{port}.said").open("wb") as said:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.plugins.emulated_node", str(port), str(folder), told],
                stdin=subprocess.PIPE, stdout=said, stderr=said, cwd=clickhouse.REPOSITORY,
                env={**os.environ, "TZ": "UTC"}, start_new_session=True,
            )  # fmt: skip
        cluster.nodes.append(EmulatedNode(port, cluster.base / f"{port}.log", process))
    until = time.monotonic() + SECONDS
    for node in cluster.nodes:
        while True:
            said = (cluster.base / f"{node.port}.said").read_text()
            assert node.process.poll() is None, said
            assert time.monotonic() < until, said
            try:
                node.query("SELECT 1")
                break
            except OSError:
                time.sleep(0.05)
    return cluster


@functools.cache
def shared_cluster() -> EmulatedCluster:
    """The cluster of this process, stopped when it ends."""
    cluster = new_cluster()
    atexit.register(cluster.stop)
    return cluster


@pytest.fixture
def emulated_cluster() -> Iterator[EmulatedCluster]:
    """Skipped where the engine is not installed. A test may end nodes."""
    if not clickhouse.is_there():
        pytest.skip(clickhouse.MISSING)
    cluster = shared_cluster()
    yield cluster
    cluster.start()


@pytest.fixture
def emulated_database(emulated_cluster: EmulatedCluster) -> Iterator[str]:
    """The name of a database that is fresh on both nodes."""
    name = f"t_{os.getpid()}_{next(_numbers)}"
    for node in emulated_cluster.nodes:
        node.query(f"CREATE DATABASE {name}")
    yield name
    emulated_cluster.start()
    for node in emulated_cluster.nodes:
        node.query(f"DROP DATABASE IF EXISTS {name} SYNC")
