"""goose's version table in PostgreSQL: reading it, making it, and the SQL of its rows."""

from __future__ import annotations

from struct import Struct

from greylag.databases.postgres.channel import Channel, Row
from greylag.databases.postgres.encoding import sql_bytes
from greylag.databases.postgres.failures import text
from greylag.errors import DatabaseError, LostError
from greylag.model.digest import sha256
from greylag.model.history import Applied, Stamp
from greylag.model.numbers import parse_int

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime

    from greylag.model.migration import Direction

_ROW, _MOMENT = Struct(">q?"), Struct(">qq")
_NO_TABLE = "42P01"
NOT_THERE = (_NO_TABLE, "3F000")
"""What the server answers where the version table, or its schema, does not exist."""
_TRUTHS = {b"t": True, b"f": False, b"1": True, b"0": False, b"true": True, b"false": False}
_UNITS = {1114: "microseconds", 1184: "here", 1082: "days"}
"""Type of the time stamp (timestamp, timestamptz, date) to what its binary form counts since 2000."""
_UNREADABLE = (
    'sql: Scan error on column index 0, name "tstamp": unsupported Scan, '
    "storing driver.Value type {} into type *time.Time"
)


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
    return b"stmtcache_" + sha256(sql).hexdigest().encode()[:48]


def read_rows(channel: Channel, table: str) -> list[Applied]:
    """All rows, newest id first. Raises DatabaseError with the words of goose's own query."""
    # One value for all rows: ten thousand of them cost a few milliseconds instead of a hundred.
    packed = (
        f"SELECT count(*), pg_catalog.string_agg(pg_catalog.int8send(version_id::bigint) || "
        f"pg_catalog.boolsend(is_applied), ''::bytea ORDER BY id DESC) FROM {table}"
    )
    if not _is_name(table):
        return _read_plainly(channel, table)
    try:
        ((count, rows),) = channel.fetch(sql_bytes(packed)).rows
    except LostError:
        raise
    except DatabaseError as error:
        if error.sqlstate == _NO_TABLE:
            raise
        return _read_plainly(channel, table)
    blob = rows or b""
    if len(blob) != int.from_bytes(count or b"", "big") * _ROW.size:
        return _read_plainly(channel, table)  # a NULL somewhere
    return list(map(Applied._make, _ROW.iter_unpack(blob)))


def _read_plainly(channel: Channel, table: str) -> list[Applied]:
    query = f"SELECT version_id, is_applied from {table} ORDER BY id DESC"
    return [
        Applied(_number(version), _truth(applied))
        for version, applied in channel.fetch(sql_bytes(query), binary=False).rows
    ]


def _number(value: bytes | None) -> int:
    said = text(value)
    try:
        return parse_int(said)
    except ValueError as error:
        what = f'converting driver.Value type string ("{said}") to a int64: {error}'
        if value is None:
            what = "converting NULL to int64 is unsupported"
        raise _scan_error(f'index 0, name "version_id": {what}') from None


def _truth(value: bytes | None) -> bool:
    if value is None:
        what = "sql/driver: couldn't convert <nil> (<nil>) into type bool"
    elif value in _TRUTHS:
        return _TRUTHS[value]
    else:
        what = f'sql/driver: couldn\'t convert "{text(value)}" into type bool'
    raise _scan_error(f'index 1, name "is_applied": {what}')


def _scan_error(what: str) -> DatabaseError:
    said = f"sql: Scan error on column {what}"
    return DatabaseError(said, driver_text=said, hint="the version table is not as goose makes it")


def read_stamps(channel: Channel, table: str) -> list[Stamp]:
    """The newest row of every version. Raises DatabaseError with the words of goose's own query."""
    query = (
        "SELECT DISTINCT ON (version_id) version_id::bigint, is_applied::boolean, tstamp FROM {} "
        "ORDER BY version_id, tstamp DESC{}"
    )
    try:
        # Of rows with one time stamp goose's LIMIT 1 takes the first in the table.
        answer = channel.fetch(sql_bytes(query.format(table, ", ctid")))
    except LostError:
        raise
    except DatabaseError:
        answer = channel.fetch(sql_bytes(query.format(table, "")))
    unit = _UNITS.get(answer.types[2], "")
    stamps: list[Stamp] = []
    for version, applied, value in answer.rows:
        at, fault = _moment(value, unit)
        stamps.append(
            Stamp(int.from_bytes(version or b"", "big", signed=True), applied == b"\x01", at, fault)
        )
    return stamps


def read_moments(channel: Channel, table: str) -> dict[int, datetime | None]:
    """The newest time stamp of every version. Raises DatabaseError with the words of goose's own query."""
    from datetime import datetime, timedelta

    packed = (
        "SELECT count(*), pg_catalog.string_agg(pg_catalog.int8send(v) || pg_catalog.timestamp_send(t), "
        "''::bytea) FROM (SELECT DISTINCT ON (version_id) version_id::bigint AS v, tstamp AS t "
        f"FROM {table} ORDER BY version_id, tstamp DESC) newest"
    )
    try:
        ((count, rows),) = channel.fetch(sql_bytes(packed)).rows
    except LostError:
        raise
    except DatabaseError:  # a column of another type, or no table
        rows, count = None, b"\x01"
    blob = rows or b""
    if len(blob) == int.from_bytes(count or b"", "big") * _MOMENT.size:  # else there is a NULL somewhere
        start = datetime(2000, 1, 1)
        try:
            return {v: start + timedelta(microseconds=t) for v, t in _MOMENT.iter_unpack(blob)}
        except OverflowError:  # infinity
            pass
    return {stamp.version: stamp.at for stamp in read_stamps(channel, table)}


def _moment(value: bytes | None, unit: str) -> tuple[datetime | None, str]:
    """A time stamp from its binary form, or what Go says when it cannot read it."""
    from datetime import UTC, datetime, timedelta

    if value is None:
        return None, _UNREADABLE.format("<nil>")
    number = int.from_bytes(value, "big", signed=True)
    ends = 1 << (8 * len(value) - 1)
    if not unit or number in (-ends, ends - 1):  # infinity
        return None, _UNREADABLE.format("string")
    start = datetime(2000, 1, 1)
    try:
        if unit == "days":
            return start + timedelta(days=number), ""
        if unit == "here":
            return (start.replace(tzinfo=UTC) + timedelta(microseconds=number)).astimezone(), ""
        return start + timedelta(microseconds=number), ""
    except OverflowError:
        return None, "tstamp lies outside the years 1 to 9999"


def create_table(channel: Channel, table: str) -> None:
    """Make the table and the row of version 0 in one transaction. Raises DatabaseError."""
    definition = (
        f"CREATE TABLE {table} (\n"
        "\t\tid integer PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY,\n"
        "\t\tversion_id bigint NOT NULL,\n"
        "\t\tis_applied boolean NOT NULL,\n"
        "\t\ttstamp timestamp NOT NULL DEFAULT now()\n\t)"
    )
    try:
        if _is_name(table):
            row = f"INSERT INTO {table} (version_id, is_applied) VALUES (0, true)"
            channel.execute(sql_bytes(f"begin; {definition}; {row}; commit"))
            return
        channel.execute(b"begin")
        channel.execute(sql_bytes(definition))
        channel.record(RowWriter(table).row(0, "up"))
    except DatabaseError:
        if channel.usable and channel.in_transaction:
            channel.roll_back()
        raise
    channel.commit()


def _is_name(table: str) -> bool:
    """Whether a table is a name and nothing else: only then statements around it may be put together."""
    return all(character.isalnum() or character in '_."' for character in table)
