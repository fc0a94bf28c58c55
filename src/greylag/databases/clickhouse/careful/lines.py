"""The journal of statements: its table, and what is written into it. Rows are only ever added.

Two rows belong to a statement: one before it is sent, one when its end is known. The newest row counts.
"""

from __future__ import annotations

from greylag.databases.clickhouse.careful.cluster.quorum import Quorum
from greylag.databases.clickhouse.careful.place import literal
from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.databases.clickhouse.careful.ground import Ground
    from greylag.databases.clickhouse.link import Link
    from greylag.model.care import Record, Runner
    from greylag.model.migration import Direction

# Types that servers of every age know, so that one definition does for all.
_DEFINITION = """CREATE TABLE IF NOT EXISTS {journal}{clause} (
    id UInt64,
    history String,
    run String,
    version Int64,
    direction String,
    statement UInt32,
    state String,
    file String,
    content String,
    raw_hash String,
    hash String,
    who String,
    host String,
    tool String,
    node String,
    query_id String,
    before String,
    started UInt64,
    finished UInt64,
    started_at DateTime('UTC') ALIAS toDateTime(intDiv(started, 1000000), 'UTC'),
    lock_wait Float64,
    retries UInt32,
    code Int32,
    error String
) ENGINE = {engine} ORDER BY (history, version, id)"""

COLUMNS = (
    "id, history, run, version, direction, statement, state, file, content, raw_hash, hash, who, host, tool, "
    "node, query_id, before, started, finished, lock_wait, retries, code, error"
)
CLOSED = ("done", "adopted", "marked")
"""States of a whole file behind which nothing of it is open. As text it is SQL's list, too."""

_BATCH = 1024 * 1024


class Line(NamedTuple):
    """One row. ``statement`` is 0 for the whole file; times are microseconds since 1970, 0 for none."""

    record: Record
    direction: Direction
    state: str
    statement: int = 0
    hash: bytes = b""
    content: bool = False
    query_id: str = ""
    before: str = ""
    started: int = 0
    finished: int = 0
    code: int = 0
    error: str = ""


class Lines:
    """Writes the rows of one run. Rows wait until flush(): they travel with the next one that cannot wait."""

    def __init__(
        self, link: Link, ground: Ground, runner: Runner, newest: int, quorum: Quorum | None = None
    ) -> None:
        self._link = link
        self._quorum = quorum or Quorum(1, lambda _: None)
        self._ground = ground
        self._newest = newest
        self._waiting: list[str] = []
        self._size = 0
        self._who = ", ".join(map(literal, (runner.who, runner.host, runner.tool, ground.node)))
        self._run = literal(runner.run)
        self.lock_wait = 0.0

    def add(self, line: Line) -> None:
        """Let a row wait."""
        # rows are put in order by their id, and a clock may be set back
        self._newest = max(self._newest + 1, self._ground.clock.now())
        record = line.record
        content = _base64(record.content) if line.content else ""
        waited = 0.0 if line.statement else self.lock_wait
        values = (
            f"({self._newest}, {literal(self._ground.place.history)}, {self._run}, {record.version}, "
            f"'{line.direction}', {line.statement}, '{line.state}', {literal(record.file)}, '{content}', "
            f"'{record.raw_hash.hex()}', '{(line.hash or record.hash).hex()}', {self._who}, "
            f"{literal(line.query_id)}, {literal(line.before)}, {line.started or self._newest}, "
            f"{line.finished}, {waited:.3f}, 0, {line.code}, {literal(line.error)})"
        )
        self._waiting.append(values)
        self._size += len(values)
        if self._size > _BATCH:
            self.flush()

    def flush(self, query_id: str = "") -> None:
        """Write what waits, in one block. Raises DatabaseError."""
        if not self._waiting:
            return
        values = ", ".join(self._waiting)
        self._waiting, self._size = [], 0
        self._quorum.insert(
            self._link,
            f"INSERT INTO {self._ground.place.journal} ({COLUMNS}) VALUES {values}",
            query_id=query_id,
            settings=self._ground.known(async_insert="0"),
        )


def define_journal(table: str, engine: str = "MergeTree()", clause: str = "") -> str:
    """What makes the journal's table, named ready for SQL, unless it is there."""
    return _DEFINITION.format(journal=table, engine=engine, clause=clause)


def _base64(data: bytes) -> str:
    from binascii import b2a_base64

    return b2a_base64(data, newline=False).decode()
