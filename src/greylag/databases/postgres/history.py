"""goose's version table in PostgreSQL: reading it, making it, and the SQL of its rows."""

from __future__ import annotations

from struct import Struct
from typing import NamedTuple

from greylag.databases.postgres.encoding import sql_bytes
from greylag.errors import DatabaseError, LostError
from greylag.model.history import Applied, Stamp

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime

    from greylag.databases.postgres.channel import Channel
    from greylag.model.migration import Direction

_ROW = Struct(">q?")
_WHOLE_NUMBER = Struct(">q")
_TIMESTAMP, _TIMESTAMPTZ, _DATE = 1114, 1184, 1082
_FOREVER = (-(1 << 63), (1 << 63) - 1)


class Row(NamedTuple):
    """The statement that writes or deletes a version's row; ``name`` is the one pgx prepares it under."""

    name: bytes
    sql: bytes
    values: list[bytes]


class RowWriter:
    """Makes the rows of one version table."""

    def __init__(self, table: str) -> None:
        self._insert = sql_bytes(f"INSERT INTO {table} (version_id, is_applied) VALUES ($1, $2)")
        self._delete = sql_bytes(f"DELETE FROM {table} WHERE version_id=$1")
        self._names = {sql: _statement_name(sql) for sql in (self._insert, self._delete)}

    def row(self, version: int, direction: Direction) -> Row:
        """The row of a file run in ``direction``: written on the way up, deleted on the way down."""
        number = str(version).encode()
        if direction == "up":
            return Row(self._names[self._insert], self._insert, [number, b"true"])
        return Row(self._names[self._delete], self._delete, [number])


def _statement_name(sql: bytes) -> bytes:
    return b"stmtcache_" + _sha256(sql).encode()[:48]


def _sha256(data: bytes) -> str:
    # hashlib loads all of OpenSSL, which costs as much as connecting does.
    for module in ("_sha2", "_sha256", "hashlib"):
        try:
            return str(__import__(module).sha256(data).hexdigest())
        except ImportError:
            continue
    raise AssertionError("hashlib is part of Python")


def read_rows(channel: Channel, table: str) -> list[Applied]:
    """All rows, newest id first. Raises DatabaseError with the words of goose's own query."""
    # One value for all rows: ten thousand of them cost a few milliseconds instead of a hundred.
    packed = (
        f"SELECT count(*), pg_catalog.string_agg(pg_catalog.int8send(version_id::bigint) || "
        f"pg_catalog.boolsend(is_applied), ''::bytea ORDER BY id DESC) FROM {table}"
    )
    try:
        ((count, rows),) = channel.fetch(sql_bytes(packed)).rows
    except LostError:
        raise
    except DatabaseError:
        return _read_plainly(channel, table)
    blob = rows or b""
    if len(blob) != _WHOLE_NUMBER.unpack(count or bytes(8))[0] * _ROW.size:
        return _read_plainly(channel, table)  # a NULL somewhere
    return list(map(Applied._make, _ROW.iter_unpack(blob)))


def _read_plainly(channel: Channel, table: str) -> list[Applied]:
    query = f"SELECT version_id, is_applied from {table} ORDER BY id DESC"
    return [
        Applied(_number("version_id", 0, version), _truth("is_applied", 1, applied))
        for version, applied in channel.fetch(sql_bytes(query)).rows
    ]


def _scan_fault(name: str, index: int, what: str) -> DatabaseError:
    text = f'sql: Scan error on column index {index}, name "{name}": {what}'
    return DatabaseError(text, driver_text=text)


def _number(name: str, index: int, value: bytes | None) -> int:
    if value is None:
        raise _scan_fault(name, index, "converting NULL to int64 is unsupported")
    return int.from_bytes(value, "big", signed=True)


def _truth(name: str, index: int, value: bytes | None) -> bool:
    if value is None:
        raise _scan_fault(name, index, "sql/driver: couldn't convert <nil> (<nil>) into type bool")
    return value == b"\x01"


def read_stamps(channel: Channel, table: str) -> list[Stamp]:
    """The newest row of every version. Raises DatabaseError with the words of goose's own query."""
    query = (
        "SELECT DISTINCT ON (version_id) version_id, is_applied, tstamp FROM {} "
        "ORDER BY version_id, tstamp DESC{}"
    )
    try:
        # Of rows with one time stamp goose's LIMIT 1 takes the first in the table.
        answer = channel.fetch(sql_bytes(query.format(table, ", ctid")))
    except LostError:
        raise
    except DatabaseError:
        answer = channel.fetch(sql_bytes(query.format(table, "")))
    kind = answer.types[2]
    return [
        Stamp(_number("version_id", 0, version), applied == b"\x01", _moment(value, kind))
        for version, applied, value in answer.rows
    ]


def _moment(value: bytes | None, kind: int) -> datetime | None:
    from datetime import UTC, datetime, timedelta

    if value is None:
        return None
    number = int.from_bytes(value, "big", signed=True)
    start = datetime(2000, 1, 1)
    if kind == _DATE:
        return start + timedelta(days=number)
    if kind == _TIMESTAMPTZ:
        return (start.replace(tzinfo=UTC) + timedelta(microseconds=number)).astimezone()
    return start + timedelta(microseconds=number)


def create_table(channel: Channel, table: str) -> None:
    """Make the table and the row of version 0 in one transaction. Raises DatabaseError."""
    channel.execute(b"begin")
    try:
        channel.execute(
            sql_bytes(
                f"CREATE TABLE {table} (\n"
                "\tid integer PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY,\n"
                "\tversion_id bigint NOT NULL,\n"
                "\tis_applied boolean NOT NULL,\n"
                "\ttstamp timestamp NOT NULL DEFAULT now()\n)"
            )
        )
        channel.record(RowWriter(table).row(0, "up"))
    except DatabaseError:
        channel.roll_back()
        raise
    channel.commit()
