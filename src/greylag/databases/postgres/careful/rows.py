"""The SQL of what a careful run writes: version row and journal row, guarded by the backend's id."""

from __future__ import annotations

from greylag.databases.postgres.careful.place import literal
from greylag.databases.postgres.careful.secrecy import Secrecy
from greylag.databases.postgres.channel import Row
from greylag.databases.postgres.encoding import sql_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from greylag.databases.postgres.careful.place import History, Place
    from greylag.model.care import Record, Runner
    from greylag.model.migration import Direction

STRANGER = "another server process: a transaction pooler stands between"
"""What the guard puts in for a timeout, so that the server refuses with these words."""

_COLUMNS = (
    "history, run, version, direction, state, version_row, file, content, raw_hash, hash, "
    "who, host, tool, started, finished, retries, lock_wait"
)
_VALUES = (
    "{history}, '{run}', $1::bigint, '{direction}', 'done', {row}, $2, $3::bytea, $4::bytea, $5::bytea, "
    "{who}, {host}, {tool}, pg_catalog.transaction_timestamp(), pg_catalog.clock_timestamp(), "
    "$6::integer, $7::double precision"
)


_OWN = (
    b"SELECT pg_catalog.set_config('greylag.role', pg_catalog.current_setting('role'), true), "
    b"pg_catalog.set_config('role', $1, true)"
)
_BACK = b"SELECT pg_catalog.set_config($1, pg_catalog.current_setting('greylag.role'), true)"


def _hex(value: bytes) -> bytes:
    return b"\\x" + value.hex().encode()


class CarefulRows:
    """Makes the statements of one run on one backend. ``pid`` is that of the process that holds the lock.

    ``role`` is the setting the connection came with: a file may leave another one behind.
    """

    def __init__(
        self,
        history: History,
        place: Place,
        runner: Runner,
        pid: int,
        role: str = "none",
        secrecy: Secrecy | None = None,
    ) -> None:
        self._history = history
        self._secrecy = secrecy or Secrecy("")
        self._place = place
        self._pid = pid
        self._role = role
        self._who = {
            "history": literal(history.name),
            "run": runner.run,
            "who": literal(runner.who),
            "host": literal(runner.host),
            "tool": literal(runner.tool),
        }
        # a connection that serves a second run has prepared the first one's rows, with its name on them
        self._suffix = runner.run[:13].encode()
        stranger = f"pg_catalog.pg_backend_pid() = {pid}"
        up = _VALUES.format(**self._who, direction="up", row="made.id")
        down = _VALUES.format(**self._who, direction="down", row="(SELECT max(id) FROM gone)")
        self._up = sql_bytes(
            f"WITH made AS (INSERT INTO {history.table} (version_id, is_applied) SELECT $1::bigint, true "
            f"WHERE {stranger} RETURNING id::bigint AS id) "
            f"INSERT INTO {place.journal} ({_COLUMNS}) SELECT {up} FROM made"
        )
        self._down = sql_bytes(
            f"WITH gone AS (DELETE FROM {history.table} WHERE version_id = $1::bigint "
            f"AND {stranger} RETURNING id::bigint AS id) "
            f"INSERT INTO {place.journal} ({_COLUMNS}) SELECT {down}"
        )
        self._guard = sql_bytes(
            "SELECT pg_catalog.set_config('lock_timeout', CASE WHEN "
            f"{stranger} THEN coalesce($1, pg_catalog.current_setting('lock_timeout')) "
            f"ELSE {literal(STRANGER)} END, true)"
        )

    def guard(self, timeout: str | None) -> Row:
        """Fail unless this is the process that holds the lock; set lock_timeout for this transaction."""
        return Row(b"greylag_guard", self._guard, [None if timeout is None else timeout.encode()])

    def file(self, record: Record, direction: Direction, *, retries: int = 0, waited: float = 0.0) -> Row:
        """The version row and the journal's row of a file that runs in a transaction."""
        values = [
            str(record.version).encode(),
            sql_bytes(record.file.replace("\0", "")),
            _hex(kept) if (kept := self._secrecy.content(record.content)) else None,
            _hex(record.raw_hash),
            _hex(record.hash),
            str(retries).encode(),
            f"{waited:.3f}".encode(),
        ]
        if direction == "up":
            return Row(b"greylag_up_" + self._suffix, self._up, values)
        return Row(b"greylag_down_" + self._suffix, self._down, values)

    def own(self, row: Row) -> list[Row]:
        """``row`` written as the role that the run began with, whatever a file has set, and goes on with."""
        return [Row(b"greylag_own", _OWN, [self._role.encode()]), row, Row(b"greylag_back", _BACK, [b"role"])]

    def as_self(self, sql: str) -> str:
        """The same for statements of the simple protocol, up to the end of their transaction."""
        return f"SELECT pg_catalog.set_config('role', {literal(self._role)}, true); {sql}"

    def guarded_begin(self, timeout: str | None) -> bytes:
        """BEGIN with the guard, for the simple protocol."""
        value = "pg_catalog.current_setting('lock_timeout')" if timeout is None else literal(timeout)
        return sql_bytes(
            "begin; SELECT pg_catalog.set_config('lock_timeout', CASE WHEN "
            f"pg_catalog.pg_backend_pid() = {self._pid} THEN {value} ELSE {literal(STRANGER)} END, true)"
        )

    def note(
        self,
        record: Record,
        direction: Direction,
        state: str,
        *,
        statement: int | None = None,
        hash: bytes | None = None,  # noqa: A002  # the column's name
        apart: bool = False,
        is_open: bool = False,
        content: bool = True,
        version_row: str = "NULL",
        since: str = "",
        started: str = "pg_catalog.clock_timestamp()",
        finished: bool = True,
        retries: int = 0,
        waited: float = 0.0,
        sqlstate: str = "",
        error: str = "",
    ) -> str:
        """INSERT of one journal row, as text that stands alone."""
        number = "NULL" if statement is None else str(statement)
        packed = self._secrecy.content(record.content) if content else b""
        kept = f"'\\x{packed.hex()}'::bytea" if packed else "NULL"
        return (
            f"INSERT INTO {self._place.journal} (history, run, version, direction, statement, state, apart, "
            "open, version_row, file, content, raw_hash, hash, who, host, tool, backend_since, started, "
            "finished, retries, lock_wait, sqlstate, error) SELECT "
            f"{self._who['history']}, '{self._who['run']}', {record.version}, '{direction}', {number}, "
            f"'{state}', {apart}, {is_open}, {version_row}, {literal(record.file)}, {_bytea(kept)}, "
            f"{_bytea_of(record.raw_hash)}, {_bytea_of(hash or record.hash)}, {self._who['who']}, "
            f"{self._who['host']}, {self._who['tool']}, {literal(since)}, {started}, "
            f"{'pg_catalog.clock_timestamp()' if finished else 'NULL'}, {retries}, {waited:.3f}, "
            f"{literal(sqlstate)}, {literal(error)} WHERE pg_catalog.pg_backend_pid() = {self._pid}"
        )

    def adopted(self, record: Record) -> str:
        """One file as a row of VALUES, for adoption()."""
        packed = self._secrecy.content(record.content)
        kept = f"pg_catalog.decode('{packed.hex()}', 'hex')" if packed else "NULL::bytea"
        return (
            f"({record.version}::bigint, {literal(record.file)}, {kept}, "
            f"{_bytea_of(record.raw_hash)}, {_bytea_of(record.hash)})"
        )

    def missing(self, versions: Sequence[int]) -> str:
        """INSERT of the version rows of versions that do not stand as applied."""
        numbers = ",".join(map(str, versions))
        return (
            f"WITH newest AS MATERIALIZED (SELECT DISTINCT ON (version_id) version_id, is_applied FROM "
            f"{self._history.table} ORDER BY version_id, id DESC) "
            f"INSERT INTO {self._history.table} (version_id, is_applied) SELECT f.version, true "
            f"FROM pg_catalog.unnest('{{{numbers}}}'::bigint[]) WITH ORDINALITY f (version, place) "
            "LEFT JOIN newest ON newest.version_id = f.version WHERE newest.is_applied IS NOT TRUE "
            f"AND pg_catalog.pg_backend_pid() = {self._pid} ORDER BY f.place"
        )

    def adoption(self, files: Sequence[str], state: str = "adopted") -> str:
        """INSERT of the journal rows of applied files; the version table is read once for all of them."""
        return (
            f"WITH applied AS MATERIALIZED (SELECT version_id, max(id) AS id FROM {self._history.table} "
            f"WHERE is_applied GROUP BY version_id) INSERT INTO {self._place.journal} (history, run, "
            "version, direction, state, version_row, file, content, raw_hash, hash, who, host, tool, "
            "finished) SELECT "
            f"{self._who['history']}, '{self._who['run']}', f.version, 'up', '{state}', applied.id, f.file, "
            f"f.content, f.raw_hash, f.hash, {self._who['who']}, {self._who['host']}, {self._who['tool']}, "
            f"pg_catalog.clock_timestamp() FROM (VALUES {', '.join(files)}) "
            "f (version, file, content, raw_hash, hash) JOIN applied ON applied.version_id = f.version "
            "ORDER BY f.version"
        )

    def end_statement(
        self,
        version: int,
        direction: Direction,
        number: int,
        state: str,
        *,
        sqlstate: str = "",
        error: str = "",
    ) -> str:
        """UPDATE of a statement's row when it ended."""
        return (
            f"UPDATE {self._place.journal} SET state = '{state}', finished = pg_catalog.clock_timestamp(), "
            f"sqlstate = {literal(sqlstate)}, error = {literal(error)} "
            f"WHERE {self._open(version, direction)} AND statement = {number} AND state = 'begun' "
            f"AND run = '{self._who['run']}'"
        )

    def end_file(
        self,
        version: int,
        direction: Direction,
        *,
        retries: int = 0,
        waited: float = 0.0,
        state: str = "done",
    ) -> str:
        """Version row and journal row of a file that ran outside transactions, nothing left open."""
        if direction == "up":
            change = (
                f"INSERT INTO {self._history.table} (version_id, is_applied) SELECT {version}, true "
                f"WHERE pg_catalog.pg_backend_pid() = {self._pid} RETURNING id::bigint AS id"
            )
        else:
            change = (
                f"DELETE FROM {self._history.table} WHERE version_id = {version} "
                f"AND pg_catalog.pg_backend_pid() = {self._pid} RETURNING id::bigint AS id"
            )
        ended = (
            f"WITH changed AS ({change}) UPDATE {self._place.journal} SET state = '{state}', "
            f"finished = pg_catalog.clock_timestamp(), version_row = (SELECT max(id) FROM changed), "
            f"retries = {retries}, lock_wait = {waited:.3f} "
            f"WHERE {self._open(version, direction)} AND statement IS NULL AND run = '{self._who['run']}'"
        )
        return f"{ended}; {self.close(version)}"

    def fail_file(
        self, version: int, direction: Direction, *, retries: int, waited: float, sqlstate: str, error: str
    ) -> str:
        """UPDATE of the row of a file outside transactions that failed; it stays open."""
        return (
            f"UPDATE {self._place.journal} SET state = 'failed', finished = pg_catalog.clock_timestamp(), "
            f"retries = {retries}, lock_wait = {waited:.3f}, sqlstate = {literal(sqlstate)}, "
            f"error = {literal(error)} WHERE {self._open(version, direction)} AND statement IS NULL "
            f"AND run = '{self._who['run']}'"
        )

    def close(self, *versions: int) -> str:
        """UPDATE that leaves nothing of these versions open."""
        numbers = ", ".join(map(str, versions))
        return (
            f"UPDATE {self._place.journal} SET open = false WHERE history = {self._who['history']} "
            f"AND version IN ({numbers}) AND open"
        )

    def _open(self, version: int, direction: Direction) -> str:
        return (
            f"history = {self._who['history']} AND version = {version} AND direction = '{direction}' AND open"
        )


def _bytea_of(value: bytes) -> str:
    return _bytea(f"'\\x{value.hex()}'::bytea")


def _bytea(kept: str) -> str:
    """bytea in hex is read alike by both settings of standard_conforming_strings only when escaped so."""
    return kept if kept == "NULL" else f"pg_catalog.decode('{kept[3:-8]}', 'hex')"
