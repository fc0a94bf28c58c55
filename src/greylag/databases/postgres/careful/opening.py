"""What a run finds in a database, in as few questions as it takes."""

from __future__ import annotations

from struct import Struct

from greylag.databases.postgres.careful.place import History, Place, beside, identifier, literal, own
from greylag.databases.postgres.encoding import sql_bytes
from greylag.databases.postgres.failures import text
from greylag.errors import DatabaseError
from greylag.model.care import Attempt, Known, Unfinished
from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from greylag.databases.postgres.channel import Channel
    from greylag.model.history import Applied
    from greylag.model.migration import Direction


class Ground(NamedTuple):
    """Facts of a connection. ``place`` and ``history`` are None where there is no such table yet.

    ``closed`` names a journal that is there and that this role may not use; ``role`` is the setting of that
    name the connection came with.

    ``pid`` and ``since`` (as utc() has it) name the server process; ``default_wait`` is the lock_timeout
    the connection came with; ``schema`` is the version table's, empty where there is none.
    """

    pid: int
    since: str
    default_wait: str
    schema: str
    history: History | None
    place: Place | None
    closed: str = ""
    role: str = "none"


def read_ground(channel: Channel, table: str) -> Ground:
    """One question for all of it. Raises DatabaseError."""
    return enter_ground(channel, table, "NULL")[0]


def enter_ground(channel: Channel, table: str, enter: str) -> tuple[Ground, str]:
    """The same, and what the SQL expression ``enter`` gives, as text: what opens a run goes along."""
    query = f"""
SELECT {enter}, pg_catalog.pg_backend_pid(),
       (SELECT {utc("backend_start")} FROM pg_catalog.pg_stat_activity
         WHERE pid = pg_catalog.pg_backend_pid()),
       pg_catalog.current_setting('lock_timeout'), pg_catalog.current_setting('role'),
       n.nspname, c.relname,
       (SELECT {_RIGHTS} FROM pg_catalog.pg_class j JOIN pg_catalog.pg_namespace s ON s.oid = j.relnamespace
         WHERE s.nspname = 'greylag' AND j.relname = 'journal'),
       (SELECT {_RIGHTS} FROM pg_catalog.pg_class j JOIN pg_catalog.pg_namespace s ON s.oid = j.relnamespace
         WHERE s.oid = c.relnamespace AND j.relname = 'greylag_journal')
  FROM (SELECT pg_catalog.to_regclass({literal(table)}) AS oid) asked
  LEFT JOIN pg_catalog.pg_class c ON c.oid = asked.oid
  LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"""
    ((entered, pid, since, wait, role, space, name, of_own, of_beside),) = channel.fetch(
        sql_bytes(query), binary=False
    ).rows
    history = None if name is None else _history(text(space), text(name))
    rights = {own(): of_own, beside(text(space)): of_beside}
    place = next((each for each, right in rights.items() if right == b"t"), None)
    closed = next((each.journal for each, right in rights.items() if right == b"f"), "")
    ground = Ground(
        int(pid or 0),
        text(since),
        text(wait),
        text(space),
        history,
        place,
        "" if place else closed,
        text(role),
    )
    return ground, text(entered)


_RIGHTS = (
    "pg_catalog.has_schema_privilege(s.oid, 'USAGE') AND pg_catalog.has_table_privilege(j.oid, 'SELECT')"
)
"""What it takes to read a journal; who may read it and not write it is told by the first row."""


def _history(space: str, name: str) -> History:
    return History(f"{identifier(space)}.{identifier(name)}", f"{space}.{name}")


_HASHES = Struct(">q32s32si")


class Kept(NamedTuple):
    """What a journal holds: the newest of its own migrations, what is known, and its open rows."""

    made: int
    known: dict[int, Known]
    open_rows: list[tuple[bytes | None, ...]]


def read_kept(channel: Channel, place: Place, history: History) -> Kept:
    """All of it in one round trip. Raises DatabaseError."""
    name = literal(history.name)
    # One value for all files, as for the version table itself: ten thousand of them are real.
    known = f"""
SELECT pg_catalog.string_agg(pg_catalog.int8send(j.version) || j.raw_hash || j.hash
         || pg_catalog.int4send(pg_catalog.octet_length(j.file)) || pg_catalog.convert_to(j.file, 'UTF8'), '')
  FROM (SELECT DISTINCT ON (version) version, raw_hash, hash, file, version_row
          FROM {place.journal}
         WHERE history = {name} AND statement IS NULL
           AND direction = 'up' AND state IN ('done', 'adopted', 'marked')
         ORDER BY version, id DESC) j
  JOIN {history.table} h ON h.id = j.version_row AND h.version_id = j.version AND h.is_applied"""
    unfinished = f"""
SELECT version, direction, file, statement, state, apart,
       pg_catalog.encode(hash, 'hex'), sqlstate, error, who, host, backend_pid,
       backend_since, {utc("started")}
  FROM {place.journal} WHERE history = {name} AND open ORDER BY version, id"""
    made = f"SELECT coalesce(max(version_id), 0) FROM {place.versions}"
    newest, packed, rows = channel.fetch_all(
        [(sql_bytes(made), False), (sql_bytes(known), True), (sql_bytes(unfinished), False)]
    )
    return Kept(int(newest.rows[0][0] or 0), _unpack(packed.rows[0][0] or b""), rows.rows)


def _unpack(blob: bytes) -> dict[int, Known]:
    known: dict[int, Known] = {}
    start, size = 0, _HASHES.size
    while start < len(blob):
        version, raw_hash, file_hash, length = _HASHES.unpack_from(blob, start)
        start += size + length
        known[version] = Known(version, blob[start - length : start].decode(), raw_hash, file_hash)
    return known


def find_unfinished(kept: Kept, rows: Iterable[Applied]) -> list[Unfinished]:
    """Files that were begun and not ended, oldest first; those that ended by other means are left out."""
    if not kept.open_rows:
        return []
    states: dict[int, bool] = {}
    for row in rows:
        states.setdefault(row.version, row.applied)
    files: dict[tuple[int, str], list[tuple[bytes | None, ...]]] = {}
    for values in kept.open_rows:
        files.setdefault((int(values[0] or 0), text(values[1])), []).append(values)
    return [
        _unfinished(version, "up" if direction == "up" else "down", parts)
        for (version, direction), parts in files.items()
        if states.get(version, False) == (direction == "down")
    ]


def _unfinished(version: int, direction: Direction, parts: list[tuple[bytes | None, ...]]) -> Unfinished:
    attempts: dict[int, Attempt] = {}
    following = 0
    for values in parts:
        number, state = values[3], text(values[4])
        if state == "resolved":
            following = int(number or 1)
            if following == 1:
                attempts.clear()
        elif number is not None:
            following = 0
            attempts[int(number)] = Attempt(
                int(number),
                bytes.fromhex(text(values[6])),
                state,
                values[5] == b"t",
                text(values[7]),
                text(values[8]),
            )
    last = parts[-1]
    return Unfinished(
        version,
        direction,
        text(last[2]),
        moment(last[13]),
        text(last[9]),
        text(last[10]),
        int(last[11] or 0),
        text(last[12]),
        tuple(attempts[number] for number in sorted(attempts)),
        following,
    )


def utc(column: str) -> str:
    """SQL for a timestamptz as text that does not depend on the session's settings; see moment()."""
    return f"pg_catalog.to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US')"


def moment(value: bytes | None) -> datetime | None:
    """What utc() gives as aware UTC; None for NULL."""
    from datetime import UTC, datetime

    return None if value is None else datetime.fromisoformat(text(value)).replace(tzinfo=UTC)


def read_unchecked(channel: Channel) -> list[str]:
    """Constraints that are NOT VALID, as ``table.constraint``. Empty where they cannot be read."""
    query = (
        b"SELECT c.conrelid::pg_catalog.regclass || '.' || pg_catalog.quote_ident(c.conname) "
        b"FROM pg_catalog.pg_constraint c WHERE NOT c.convalidated AND c.conrelid <> 0 AND c.conparentid = 0 "
        b"ORDER BY 1"
    )
    try:
        return [text(name) for (name,) in channel.fetch(query, binary=False).rows]
    except DatabaseError:
        return []
