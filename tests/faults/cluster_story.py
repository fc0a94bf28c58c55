"""A service whose tables are on a cluster, and greylag run on it through one node or the other."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from tests.faults.clickhouse_gate import SECONDS, Gate, Said

if TYPE_CHECKING:
    from pathlib import Path

    from tests.plugins.cluster18 import Cluster18, Node
    from tests.plugins.emulated_cluster import EmulatedCluster, EmulatedNode

CONFIG = """
[workspace]
name = "logs"

[environments.dev]

[services.audit.databases.{database}]
engine = "clickhouse"
cluster = "{cluster}"
"""
UP = (
    """CREATE TABLE hits ON CLUSTER my_cluster (id UInt64, kind String)
    ENGINE = ReplicatedMergeTree('/{database}/hits', '{{replica}}') ORDER BY id""",
    "ALTER TABLE hits ON CLUSTER my_cluster ADD COLUMN weight UInt32 DEFAULT 1",
    "INSERT INTO hits (id, kind) SELECT number, 'old' FROM numbers(10)",
)
DOWN = "DROP TABLE hits ON CLUSTER my_cluster"


class Logs:
    """``folder`` holds the migrations of the one service; its database is named as the test's."""

    def __init__(self, cluster: Cluster18 | EmulatedCluster, database: str, base: Path) -> None:
        self.cluster, self.database, self.base = cluster, database, base
        self.folder = base / "services" / "audit" / "migrations"
        self.folder.mkdir(parents=True)
        self.started: list[subprocess.Popen[str]] = []
        self.opened: list[NodeGate] = []
        self.configure("my_cluster")

    def configure(self, cluster: str) -> None:
        (self.base / "greylag.toml").write_text(CONFIG.format(database=self.database, cluster=cluster))

    def write(self, name: str, *up: str, down: str = "") -> None:
        text = ";\n".join(each.format(database=self.database) for each in up)
        (self.folder / name).write_text(f"-- +goose Up\n{text};\n\n-- +goose Down\n{down};\n")

    def start(self, dsn: str, verb: str, *options: str) -> subprocess.Popen[str]:
        words = [*verb.split(), "audit@dev", "--dsn", dsn, *options]
        process = subprocess.Popen(
            [sys.executable, "-m", "greylag", *words],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            start_new_session=True, cwd=self.base,
            env={**os.environ, "GIT_CEILING_DIRECTORIES": str(self.base.parent), "NO_COLOR": "1"},
        )  # fmt: skip
        self.started.append(process)
        return process

    def run(self, number: int, verb: str, *options: str) -> Said:
        """Run it through a node; the first is 1."""
        return end(self.start(self.dsn(number), verb, *options))

    def dsn(self, number: int) -> str:
        """The server looks for the hosts that are down no longer than it has to."""
        return self.cluster.node(number).http_dsn(self.database, distributed_ddl_task_timeout="1")

    def ask(self, text: str) -> list[list[list[Any]]]:
        """Each node's own answer."""
        return self.cluster.everywhere(text, self.database)

    def columns(self, table: str = "hits") -> list[list[str]]:
        """Of each node, empty where the table is not."""
        text = f"SELECT name FROM system.columns WHERE database = '{self.database}' AND table = '{table}'"
        return [[name for (name,) in rows] for rows in self.ask(text)]

    def versions(self) -> list[list[int]]:
        """What is applied, by each node's own table."""
        text = "SELECT version_id FROM goose_db_version WHERE is_applied ORDER BY version_id"
        return [[version for (version,) in rows] for rows in self.ask(text)]

    def gate(self, number: int) -> NodeGate:
        """A way to a node on which greylag can be killed."""
        self.opened.append(NodeGate(self, self.cluster.node(number)))
        return self.opened[-1]

    def close(self) -> None:
        for gate in self.opened:
            gate.http.shutdown()
            gate.http.server_close()
        for process in self.started:
            if process.poll() is None:
                process.kill()
                process.communicate()


class NodeGate(Gate):
    """Between greylag and one node of the cluster: ``greylag up`` is killed at a statement of its choice."""

    def __init__(self, logs: Logs, node: Node | EmulatedNode) -> None:
        super().__init__(node, logs.database, logs.folder)  # type: ignore[arg-type]  # of it the port alone is used
        self.logs = logs

    def start(self, verb: str, *words: str) -> subprocess.Popen[str]:
        dsn = f"http://127.0.0.1:{self.http.server_address[1]}/{self.database}"
        return self.logs.start(dsn, verb, *words)


def end(process: subprocess.Popen[str]) -> Said:
    """A traceback is a fault of the program whatever the test is about."""
    text, _ = process.communicate(timeout=SECONDS)
    assert "Traceback" not in text, text
    return Said(process.returncode, text)


def apart_from_the_node(said: Said) -> str:
    """What was said below the line that names the node."""
    return said.text.partition("\n")[2]
