"""A node of an emulated cluster, one shim per node: ``python -m tests.plugins.emulated_node PORT FOLDER CLUSTER``.

``CLUSTER`` is JSON: its name and the ports of its nodes. The engine can neither run ON CLUSTER nor write to
Replicated tables. So a node strips the clause, gives the statement to every node, and answers a row per host as
a server of today does; a Replicated table is a local one, of which each change is given to the other nodes.
``POST /emulated/down`` lets a node play dead; what it misses it does at ``/emulated/up``.
"""

from __future__ import annotations

import fcntl
import json
import re
import sys
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.plugins.clickhouse_shim import Engine, Handler, serve

if TYPE_CHECKING:
    from collections.abc import Iterator

TIMEOUT, TOO_FEW = 159, 285
ROWS = "RowBinaryWithNamesAndTypes"
"""How a table travels: with its columns even where it is empty."""
AS_THEY_ARE = "use_structure_from_insertion_table_in_table_functions = 0"
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
CONFIG = """<clickhouse><logger><level>none</level></logger>
<macros><cluster>{name}</cluster><shard>1</shard><replica>r{number}</replica></macros>
<remote_servers><{name}><shard><internal_replication>true</internal_replication>{replicas}</shard></{name}></remote_servers>
</clickhouse>"""
REPLICA = "<replica><host>127.0.0.1</host><port>{}</port></replica>"

NAME = r"(?:`[^`]+`|\"[^\"]+\"|\w+)"
QUOTED = r"'(?:[^'\\]|\\.|'')*'|--[^\n]*|/\*.*?\*/"
CLAUSE = re.compile(rf"({QUOTED})|\sON\s+CLUSTER\s+('[^']*'|{NAME})", re.IGNORECASE | re.DOTALL)
SPACE = r"(?:\s|--[^\n]*(?:\n|\Z)|/\*.*?\*/)*"
CHANGE = re.compile(
    rf"{SPACE}(?:INSERT\s+INTO|ALTER\s+TABLE|OPTIMIZE\s+TABLE|TRUNCATE\s+TABLE|DELETE\s+FROM|UPDATE)\s+"
    rf"(?:TABLE\s+)?(?:IF\s+EXISTS\s+)?(?:({NAME})\.)?({NAME})",
    re.IGNORECASE | re.DOTALL,
)
CREATE = re.compile(
    rf"{SPACE}CREATE\s+(?:OR\s+REPLACE\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?(?:({NAME})\.)?({NAME})",
    re.IGNORECASE | re.DOTALL,
)
REPLICATED = re.compile(
    r"\bReplicated(\w*MergeTree)\b(?:\s*\(\s*'([^']*)'\s*,\s*'([^']*)'\s*,?\s*)?", re.IGNORECASE
)
SYSTEM = re.compile(
    rf"(?:clusterAllReplicas\(\s*'(\w+)'\s*,\s*system\.(\w+)\s*\))|({QUOTED})"
    r"|\bsystem\.(clusters|tables|replicas|distributed_ddl_queue)\b",
    re.IGNORECASE | re.DOTALL,
)
FILLED = re.compile(
    rf"({SPACE}INSERT\s+INTO\s+(?:TABLE\s+)?(?:{NAME}\.)?{NAME}\s*(?:\([^)]*\))?)\s*((?:SELECT|WITH)\b.*)",
    re.IGNORECASE | re.DOTALL,
)
QUORUM = re.compile(r"\binsert_quorum\s*=\s*'?(\w+)'?", re.IGNORECASE)
HOSTS = (
    "host String, port UInt16, status Nullable(Int64), error Nullable(String), num_hosts_remaining UInt64, "
    "num_hosts_active UInt64"
)
TABLES = {
    "replicas": (
        "database String, table String, is_leader UInt8, is_readonly UInt8, is_session_expired UInt8, "
        "queue_size UInt32, absolute_delay UInt64, total_replicas UInt8, active_replicas UInt8, "
        "zookeeper_path String, replica_name String, zookeeper_exception String, last_queue_update_exception String"
    ),
    "distributed_ddl_queue": (
        "entry String, cluster String, query String, host String, port UInt16, "
        "status Enum8('Inactive' = 0, 'Active' = 1, 'Finished' = 2, 'Removing' = 3, 'Unknown' = 4), "
        "exception_code UInt16, exception_text String"
    ),
}
"""Of the tables that only a cluster fills, the columns that are of use."""


class Node(Engine):
    """``port`` is its name in the cluster. ``missed`` is what it has to do when it is up again."""

    def __init__(self, port: int, folder: str, cluster: str, ports: list[int]) -> None:
        self.port, self.cluster, self.ports = port, cluster, ports
        self.shared = Path(folder).parent
        self.replicas = [REPLICA.format(each) for each in ports]
        config = Path(f"{folder}.xml")
        words = {"name": cluster, "number": ports.index(port) + 1, "replicas": "".join(self.replicas)}
        config.write_text(CONFIG.format(**words))
        super().__init__(folder, f"?config-file={config}")
        self.replicated: dict[str, tuple[str, str]] = {}
        self.is_down = False
        self.missed: list[tuple[str, str, dict[str, str]]] = []

    # -- what clients send ----------------------------------------------------------------------------------

    def _run(self, text: str, parameters: dict[str, str], fallback: str) -> tuple[bytes, str]:
        found = next((each for each in CLAUSE.finditer(text) if each[2]), None)
        if found and found[2].strip("'`\"") in (self.cluster, "{cluster}"):
            bare = text[: found.start()] + text[found.end() :]
            return self.everywhere(text, bare, parameters, fallback)
        if self.is_replicated(text, parameters):
            return self.replicate(text, parameters, fallback)
        return self.here(text, parameters, fallback)

    def here(self, text: str, parameters: dict[str, str], fallback: str) -> tuple[bytes, str]:
        """Run it in this engine. Raises RuntimeError."""
        text = SYSTEM.sub(lambda found: self.seen(found, parameters), text)
        engine, table = REPLICATED.search(text), CREATE.match(text)
        if engine is None or table is None:
            return super()._run(text, parameters, fallback)
        before = self.uuid(table, parameters)
        answer = super()._run(REPLICATED.sub(_local, text), parameters, fallback)
        if (uuid := self.uuid(table, parameters)) != before:
            self.replicated[uuid] = (engine[2] or "", engine[3] or "")
        return answer

    def everywhere(
        self, text: str, bare: str, parameters: dict[str, str], fallback: str
    ) -> tuple[bytes, str]:
        """Run it on each host, as the queue does: one statement after the other, in one order for all."""
        with self.queue() as queue:
            entry = f"query-{len(queue):010d}"
            hosts = {port: self.ask(port, entry, bare, parameters) for port in self.ports}
            queue.append({"entry": entry, "query": text, "hosts": {str(each): hosts[each] for each in hosts}})
        done = {port: said for port, said in hosts.items() if said is not None}
        left = len(hosts)
        rows: list[tuple[object, ...]] = []
        for port, error in done.items():
            left -= 1
            rows.append(("127.0.0.1", port, _code(error), error, left, 0))
        mode = parameters.get("distributed_ddl_output_mode", "throw")
        for port, error in done.items():
            if error and mode != "never_throw":
                name = re.search(r"\((\w+)\)(?: \(version [^)]*\))?\s*$", error)
                said = (
                    f"There was an error on [127.0.0.1:{port}]: {error}. ({name[1] if name else 'UNKNOWN'})"
                )
                raise RuntimeError(f"Code: {_code(error)}. DB::Exception: {said}")
        if left and not mode.endswith("_only_active"):
            if mode in ("throw", "none"):
                seconds = float(parameters.get("distributed_ddl_task_timeout", "180"))
                raise RuntimeError(
                    f"Code: {TIMEOUT}. DB::Exception: Distributed DDL task /clickhouse/task_queue/ddl/{entry} is not "
                    f"finished on {left} of {len(hosts)} hosts (0 of them are currently executing the task, {left} are "
                    f"inactive). They are going to execute the query in background. Was waiting for {seconds:.3f} "
                    "seconds, which is longer than distributed_ddl_task_timeout. (TIMEOUT_EXCEEDED)"
                )
            rows += [("127.0.0.1", port, None, None, left, 0) for port in hosts if port not in done]
        if mode.startswith("none") or parameters.get("distributed_ddl_task_timeout") == "0":
            rows = []
        return super()._run(f"SELECT * FROM {_values(HOSTS, rows)}", {}, fallback)

    def replicate(self, text: str, parameters: dict[str, str], fallback: str) -> tuple[bytes, str]:
        """Change a replicated table: here, and on every other node when it is up."""
        others = [port for port in self.ports if port != self.port]
        wanted = QUORUM.search(text)
        quorum = wanted[1] if wanted else parameters.get("insert_quorum", "0")
        needed = len(self.ports) // 2 + 1 if quorum == "auto" else int(quorum)
        if needed > 1 and text.lstrip()[:6].upper() == "INSERT":
            alive = 1 + sum(self.ask(port, "alive", "", {}) is not None for port in others)
            if alive < needed:
                raise RuntimeError(
                    f"Code: {TOO_FEW}. DB::Exception: Number of alive replicas ({alive}) is less than requested quorum "
                    f"({needed}/{len(self.ports)}). (TOO_FEW_LIVE_REPLICAS)"
                )
        if found := FILLED.match(text):
            # it is rows that replicas give each other, not where they came from
            rows = super()._run(found[2], parameters, ROWS)[0]
            file = self.shared / f"{self.port}-{len(list(self.shared.iterdir()))}.rows"
            file.write_bytes(rows)
            text = f"{found[1]} SELECT * FROM file('{file}', '{ROWS}') SETTINGS {AS_THEY_ARE}"
        answer = self.here(text, parameters, fallback)
        for port in others:
            self.ask(port, "change", text, parameters)
        return answer

    # -- what nodes say to each other -----------------------------------------------------------------------

    def ask(self, port: int, what: str, text: str, parameters: dict[str, str]) -> str | None:
        """What a node answered: empty, an error's text, or None from one that is down."""
        parameters = {name: value for name, value in parameters.items() if name not in ("query", "query_id")}
        if port == self.port:
            return self.told(what, text, parameters)
        address = f"http://127.0.0.1:{port}/emulated/{what}?{urlencode(parameters)}"
        try:
            with DIRECT.open(address, text.encode()) as answer:
                return str(answer.read().decode())
        except urllib.error.HTTPError as error:
            error.close()
            return None

    def told(self, what: str, text: str, parameters: dict[str, str]) -> str | None:
        """Obey another node, or a test."""
        if what in ("down", "up"):
            self.is_down = what == "down"
            if not self.is_down:
                self.catch_up()
            return ""
        if what == "dump" and not self.is_down:
            table, _, file = text.partition("\n")
            number = self.ports.index(self.port) + 1
            source = self.rows_of(table) if table in (*TABLES, "clusters", "tables") else f"system.{table}"
            shown = f"SELECT *, toUInt32({number}) AS _shard_num FROM {source}"
            Path(file).write_bytes(super()._run(shown, {}, ROWS)[0])
            return ""
        if what == "dump":
            return None
        if not self.is_down:
            return self.carry_out(text, parameters) if text else ""
        if text:
            self.missed.append((what, text, parameters))
        return None

    def carry_out(self, text: str, parameters: dict[str, str]) -> str:
        try:
            self.here(text, parameters, "Null")
        except RuntimeError as error:
            return f"{error} (version {self.version})"
        return ""

    def catch_up(self) -> None:
        for what, text, parameters in self.missed:
            said = self.carry_out(text, parameters)
            with self.queue() as queue:
                for entry in queue:
                    if entry["entry"] == what:
                        entry["hosts"][str(self.port)] = said
        self.missed = []

    @contextmanager
    def queue(self) -> Iterator[list[dict[str, Any]]]:
        """Every ON CLUSTER statement so far; held by one node at a time."""
        file = self.shared / "queue.json"
        with (self.shared / "queue.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            queue = json.loads(file.read_text()) if file.exists() else []
            yield queue
            file.write_text(json.dumps(queue))

    # -- what they know -------------------------------------------------------------------------------------

    def is_replicated(self, text: str, parameters: dict[str, str]) -> bool:
        table = CHANGE.match(text)
        return table is not None and self.uuid(table, parameters) in self.replicated

    def uuid(self, table: re.Match[str], parameters: dict[str, str]) -> str:
        database = (table[1] or parameters.get("database") or "default").strip('`"')
        name = table[2].strip('`"')
        text = f"SELECT uuid FROM system.tables WHERE database = '{database}' AND name = '{name}'"
        return super()._run(text, {}, "TSVRaw")[0].decode().strip()

    def seen(self, found: re.Match[str], parameters: dict[str, str]) -> str:
        """What stands for a system table in a query."""
        if found[1] == self.cluster:
            return self.of_all(found[2].lower(), parameters)
        return self.rows_of(found[4].lower()) if found[4] else found[0]

    def of_all(self, table: str, parameters: dict[str, str]) -> str:
        """A system table of every host."""
        files = []
        for port in self.ports:
            file = self.shared / f"{self.port}-{port}-{len(list(self.shared.iterdir()))}.rows"
            if self.ask(port, "dump", f"{table}\n{file}", {}) is not None:
                files.append(f"SELECT * FROM file('{file}', '{ROWS}')")
            elif parameters.get("skip_unavailable_shards", "0") in ("0", "false"):
                said = f"All connection tries failed. Log: Connection refused (127.0.0.1:{port})."
                raise RuntimeError(f"Code: 279. DB::NetException: {said} (ALL_CONNECTION_TRIES_FAILED)")
        return f"({' UNION ALL '.join(files)})"

    def engines(self) -> str:
        """What to show of the tables' engines."""
        uuids = ", ".join(map(_literal, ("", *self.replicated)))
        words = ", ".join(_literal(f"'{path}', '{replica}'") for path, replica in self.replicated.values())
        words = f"transform(toString(uuid), [{uuids}], ['', {words}], '')" if words else "''"
        name = f"if({words} = '', engine, concat('Replicated', engine))"
        opened = f"concat('Replicated\\\\1(', {words}, if(position(engine_full, '(') = length(engine) + 1, ', ', ')'))"
        whole = f"if({words} = '', engine_full, replaceRegexpOne(engine_full, '^(\\\\w+)\\\\(?', {opened}))"
        return f"{name} AS engine, {whole} AS engine_full"

    def rows_of(self, table: str) -> str:
        """A table that only a real cluster fills."""
        rows: list[tuple[object, ...]] = []
        if table == "clusters":
            # the engine has no port of the native protocol to know itself by
            return f"(SELECT * REPLACE(toUInt8(port = {self.port}) AS is_local) FROM system.clusters)"
        if table == "tables":
            return f"(SELECT * REPLACE({self.engines()}) FROM system.tables)"
        if table == "replicas":
            alive = sum(
                port == self.port or self.ask(port, "alive", "", {}) is not None for port in self.ports
            )
            names = super()._run("SELECT uuid, database, name FROM system.tables", {}, "JSONCompactEachRow")[
                0
            ]
            for uuid, database, name in map(json.loads, names.splitlines()):
                if uuid in self.replicated:
                    path, replica = self.replicated[uuid]
                    count = (len(self.ports), alive)
                    rows.append((database, name, 1, 0, 0, 0, 0, *count, path, replica, "", ""))
            return _values(TABLES[table], rows)
        with self.queue() as queue:
            for entry in queue:
                for port, said in entry["hosts"].items():
                    state = "Inactive" if said is None else "Finished"
                    told = (_code(said or ""), said or "")
                    rows.append(
                        (entry["entry"], self.cluster, entry["query"], "127.0.0.1", int(port), state, *told)
                    )
        return _values(TABLES[table], rows)


class NodeHandler(Handler):
    """Beside clients it hears other nodes, and the test that lets it play dead."""

    engine: Node

    def do_POST(self) -> None:
        address = urlsplit(self.path)
        if not address.path.startswith("/emulated/"):
            if self.engine.is_down:
                self.close_connection = True
            else:
                super().do_POST()
            return
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        parameters = dict(parse_qsl(address.query, keep_blank_values=True))
        said = self.engine.told(address.path.rpartition("/")[2], body, parameters)
        self.reply(503 if said is None else 200, (said or "").encode())


def _local(engine: re.Match[str]) -> str:
    return engine[1] + ("" if engine[2] is None else "(")


def _code(error: str) -> int:
    found = re.match(r"Code: (\d+)", error)
    return int(found[1]) if found else 0


def _values(columns: str, rows: list[tuple[object, ...]]) -> str:
    """A table of these rows, for a FROM."""
    shape = _literal(columns)
    if not rows:
        return f"(SELECT * FROM null({shape}))"
    listed = ", ".join(f"({', '.join(map(_literal, row))})" for row in rows)
    return f"(SELECT * FROM values({shape}, {listed}))"


def _literal(value: object) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, int):
        return str(value)
    return "'" + str(value).replace("\\", "\\\\").replace("'", "\\'") + "'"


if __name__ == "__main__":
    told = json.loads(sys.argv[3])
    NodeHandler.engine = Node(int(sys.argv[1]), sys.argv[2], told["name"], told["ports"])
    serve(int(sys.argv[1]), NodeHandler)
