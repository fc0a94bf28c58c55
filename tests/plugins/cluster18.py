"""A real cluster: two nodes of Debian 12's ClickHouse 18.16 and a ZooKeeper, on 127.0.0.1 (make peers).

``my_cluster`` is one shard of two replicas, ``my_shards`` two shards. Each node's macros are ``{cluster}``,
``{shard}`` and ``{replica}``. Of SQL this server knows what was there in 2018: no DateTime64, TTL, LowCardinality.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.plugins.clickhouse import Refused
from tests.plugins.postgres import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

SECONDS = 60
UNPACKED = Path(__file__).resolve().parents[2] / ".peers" / "clickhouse18"
NONE = "no ClickHouse 18.16 on this machine: tools/clickhouse18 unpacks Debian 12's packages"
CLUSTER, SHARDS = "my_cluster", "my_shards"

END_WITH_PARENT = ("setpriv", "--pdeathsig", "KILL", "--")
"""Debian has it wherever it has these packages."""
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))

_numbers = itertools.count(1)


class Speaker:
    """A node over HTTP."""

    port: int

    def http_dsn(self, database: str = "default", **parameters: str) -> str:
        """What a user gives as a DSN."""
        words = "&".join(f"{name}={value}" for name, value in parameters.items())
        return f"http://127.0.0.1:{self.port}/{database}" + (f"?{words}" if words else "")

    def query(self, text: str, database: str = "default", **settings: object) -> list[list[Any]]:
        """Rows of a statement. Raises Refused, and OSError while the node is down."""
        words = "".join(f"&{name}={value}" for name, value in settings.items())
        address = (
            f"http://127.0.0.1:{self.port}/?database={database}&default_format=JSONCompact"
            f"&output_format_json_quote_64bit_integers=0{words}"
        )
        try:
            with DIRECT.open(address, text.encode(), SECONDS) as answer:
                said = answer.read()
        except urllib.error.HTTPError as error:
            with error:
                raise Refused(error.read().decode()) from None
        return json.loads(said)["data"] if said.strip() else []


def is_there() -> bool:
    """Whether the packages are unpacked here, and a Java with them or on this machine."""
    java = shutil.which("java") or (UNPACKED / "jre" / "bin" / "java").exists()
    return bool(java) and (UNPACKED / "clickhouse-server").exists()


@dataclass
class Program:
    """A process that ends with the tests, however they end."""

    base: Path
    command: list[str]
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def is_up(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.begin()
        self.wait()

    def begin(self) -> None:
        assert not self.is_up
        with (self.base / "said").open("ab") as said:
            self.process = subprocess.Popen(
                [*END_WITH_PARENT, *self.command], cwd=self.base, stdin=subprocess.DEVNULL, stdout=said, stderr=said,
                env={**os.environ, "LD_LIBRARY_PATH": str(UNPACKED / "lib"), "TZ": "UTC"},
                start_new_session=True,
            )  # fmt: skip

    def wait(self) -> None:
        until = time.monotonic() + SECONDS
        while not self.answers():
            assert self.is_up, (self.base / "said").read_text()
            assert time.monotonic() < until, (self.base / "said").read_text()
            time.sleep(0.05)

    def answers(self) -> bool:
        raise NotImplementedError

    def stop(self) -> None:
        """As an administrator would."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """As a power cut would."""
        self._end(signal.SIGKILL)

    def _end(self, number: int) -> None:
        if self.process is not None:
            self.process.send_signal(number)
            try:
                self.process.wait(SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                raise


@dataclass
class Keeper(Program):
    """The ZooKeeper; ``port`` is the one of its clients."""

    def answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), 5) as link:
                link.sendall(b"srvr")
                return b"Mode: standalone" in link.recv(4096)
        except OSError:
            return False


@dataclass
class Node(Program, Speaker):
    """``port`` is the one of HTTP, ``native`` of the native protocol."""

    native: int = 0
    replica: str = ""

    def native_dsn(self, database: str = "default") -> str:
        return f"clickhouse://127.0.0.1:{self.native}/{database}"

    def answers(self) -> bool:
        try:
            return self.query("SELECT count() FROM system.zookeeper WHERE path = '/'") != [[0]]
        except (OSError, Refused):
            return False


@dataclass
class Cluster18:
    """Both nodes and their ZooKeeper. A test that ends a node need not start it again."""

    base: Path
    keeper: Keeper
    nodes: list[Node] = field(default_factory=list)

    def node(self, number: int) -> Node:
        """The first is 1."""
        return self.nodes[number - 1]

    def everywhere(self, text: str, database: str = "default") -> list[list[list[Any]]]:
        """The same question, asked of each node for itself."""
        return [node.query(text, database) for node in self.nodes]

    def start(self) -> None:
        """Start what is down."""
        if not self.keeper.is_up:  # a node that lost it may never look into the queue again
            for node in self.nodes:
                node.kill()
            self.keeper.start()  # nodes end when it is not there yet
        for node in self.nodes:
            if not node.is_up:
                node.begin()
        for node in self.nodes:
            node.wait()

    def stop(self) -> None:
        for program in (*self.nodes, self.keeper):
            program.kill()
        shutil.rmtree(self.base, ignore_errors=True)


_CONFIG = """<yandex>
<path>{base}/data/</path><tmp_path>{base}/tmp/</tmp_path>
<users_config>{base}/users.xml</users_config>
<logger><level>warning</level><console>1</console></logger>
<listen_host>127.0.0.1</listen_host>
<http_port>{port}</http_port><tcp_port>{native}</tcp_port>
<interserver_http_host>127.0.0.1</interserver_http_host><interserver_http_port>{between}</interserver_http_port>
<mark_cache_size>5368709</mark_cache_size>
<zookeeper>
  <node><host>127.0.0.1</host><port>{keeper}</port></node><session_timeout_ms>2000</session_timeout_ms>
</zookeeper>
<distributed_ddl><path>/clickhouse/task_queue/ddl</path></distributed_ddl>
<query_log><database>system</database><table>query_log</table></query_log>
<macros><cluster>my_cluster</cluster><shard>1</shard><replica>{replica}</replica></macros>
<remote_servers>
  <my_cluster><shard><internal_replication>true</internal_replication>{one}{two}</shard></my_cluster>
  <my_shards><shard>{one}</shard><shard>{two}</shard></my_shards>
</remote_servers>
</yandex>
"""
_USERS = """<yandex>
<profiles><default>
  <log_queries>1</log_queries>
</default></profiles>
<users><default>
  <password/><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota>
</default></users>
<quotas><default/></quotas>
</yandex>
"""
_ZOO = "tickTime=500\ndataDir={base}/data\nclientPort={port}\nclientPortAddress=127.0.0.1\nadmin.enableServer=false\n"


def new_cluster() -> Cluster18:
    """Start one in a folder of its own."""
    base = Path(tempfile.mkdtemp(prefix="greylag-test-ch18-"))
    keeper = _new_keeper(base / "keeper")
    replicas = [f"<replica><host>127.0.0.1</host><port>{free_port()}</port></replica>" for _ in range(2)]
    cluster = Cluster18(base, keeper)
    for number, replica in enumerate(replicas, 1):
        folder = base / f"node{number}"
        folder.mkdir()
        native = int(replica.partition("<port>")[2].partition("<")[0])
        node = Node(folder, [], free_port(), native=native, replica=f"r{number}")
        node.command = [str(UNPACKED / "clickhouse-server"), f"--config-file={folder}/config.xml"]
        words = {"base": folder, "port": node.port, "native": native, "replica": node.replica}
        words |= {"between": free_port(), "keeper": keeper.port, "one": replicas[0], "two": replicas[1]}
        (folder / "config.xml").write_text(_CONFIG.format(**words))
        (folder / "users.xml").write_text(_USERS)
        cluster.nodes.append(node)
    try:
        cluster.start()
    except BaseException:
        cluster.stop()
        raise
    return cluster


def _new_keeper(folder: Path) -> Keeper:
    folder.mkdir()
    port = free_port()
    (folder / "zoo.cfg").write_text(_ZOO.format(base=folder, port=port))
    java = shutil.which("java") or str(UNPACKED / "jre" / "bin" / "java")
    command = [
        java, "-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dzookeeper.forceSync=no",
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp", f"{UNPACKED}/jars/*",
        "org.apache.zookeeper.server.quorum.QuorumPeerMain", str(folder / "zoo.cfg"),
    ]  # fmt: skip
    return Keeper(folder, command, port)


@pytest.fixture(scope="session")
def cluster18_of_worker() -> Iterator[Cluster18]:
    """The cluster shared by the tests of one worker."""
    if not is_there():
        pytest.skip(NONE)
    cluster = new_cluster()
    yield cluster
    cluster.stop()


@pytest.fixture
def cluster18(cluster18_of_worker: Cluster18) -> Iterator[Cluster18]:
    """With all of it up; a test may stop and kill nodes."""
    cluster18_of_worker.start()
    yield cluster18_of_worker
    cluster18_of_worker.start()


@pytest.fixture
def cluster_database(cluster18: Cluster18) -> Iterator[str]:
    """The name of a database that is fresh on both nodes."""
    name = f"t_{os.getpid()}_{next(_numbers)}"
    for node in cluster18.nodes:
        node.query(f"CREATE DATABASE {name}")
    yield name
    cluster18.start()
    for node in cluster18.nodes:
        with contextlib.suppress(
            Refused
        ):  # replicas cannot be dropped for ten seconds after the keeper was away
            node.query(f"DROP DATABASE IF EXISTS {name}")
