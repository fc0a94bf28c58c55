"""Reading the journal without writing or locking anything."""

from __future__ import annotations

import zlib

from greylag.databases.postgres.careful import opening
from greylag.databases.postgres.careful.place import literal
from greylag.databases.postgres.encoding import sql_bytes
from greylag.databases.postgres.failures import text
from greylag.errors import DatabaseError
from greylag.model.care import Entry, Opening

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.databases.postgres.channel import Channel
    from greylag.databases.postgres.session import PostgresSession

_COLUMNS = (
    "id, run, version, direction, file, statement, state, who, host, tool, "
    f"{opening.utc('started')}, {opening.utc('finished')}, lock_wait, retries, sqlstate, error, "
    "pg_catalog.encode(raw_hash, 'hex'), pg_catalog.encode(hash, 'hex'), content IS NOT NULL"
)


class JournalReader:
    """See the Protocol Journal."""

    def __init__(self, session: PostgresSession) -> None:
        self._session = session

    def opening(self) -> Opening:
        """The version table's rows and what is known of them."""
        return self._session.ask(self._opening)

    def _opening(self, channel: Channel) -> Opening:
        ground = opening.read_ground(channel, self._session.table)
        if ground.history is None:
            return Opening([], {}, ())
        rows = self._session.history()
        if ground.place is None:
            return Opening(rows, {}, (), closed=ground.closed)
        kept = opening.read_kept(channel, ground.place, ground.history)
        return Opening(
            rows,
            kept.known,
            opening.find_unfinished(kept, rows),
            opening.read_unchecked(channel),
        )

    def entries(self, *, version: int | None = None, limit: int | None = None) -> list[Entry]:
        """Rows of the journal, newest first."""
        condition = "" if version is None else f" AND version = {version}"
        bound = "" if limit is None else f" LIMIT {limit}"
        return [_entry(values) for values in self._select(_COLUMNS, f"{condition} ORDER BY id DESC{bound}")]

    def content(self, version: int, *, begun: bool = False) -> tuple[str, bytes] | None:
        """Name and text of the file that made ``version``, or of the run that was broken off in it."""
        states = "open" if begun else "direction = 'up' AND state IN ('done', 'adopted', 'marked')"
        rows = self._select(
            "file, pg_catalog.encode(content, 'hex')",
            f" AND version = {version} AND content IS NOT NULL AND {states} ORDER BY id DESC LIMIT 1",
        )
        if not rows:
            return None
        name, packed = rows[0]
        return text(name), zlib.decompress(bytes.fromhex(text(packed)))

    def _select(self, columns: str, rest: str) -> list[tuple[bytes | None, ...]]:
        return self._session.ask(lambda channel: self._rows(channel, columns, rest))

    def _rows(self, channel: Channel, columns: str, rest: str) -> list[tuple[bytes | None, ...]]:
        ground = opening.read_ground(channel, self._session.table)
        if ground.place is None or ground.history is None:
            return []
        history = literal(ground.history.name)
        query = f"SELECT {columns} FROM {ground.place.journal} WHERE history = {history}{rest}"
        return channel.fetch(sql_bytes(query), binary=False).rows


def _entry(values: tuple[bytes | None, ...]) -> Entry:
    words = [text(value) for value in values]
    started = opening.moment(values[10])
    if started is None:
        raise DatabaseError("the journal holds a row without a start", driver_text="")
    return Entry(
        id=int(words[0]),
        run=words[1],
        version=int(words[2]),
        direction="up" if words[3] == "up" else "down",
        file=words[4],
        statement=None if values[5] is None else int(words[5]),
        state=words[6],
        who=words[7],
        host=words[8],
        tool=words[9],
        started=started,
        finished=opening.moment(values[11]),
        lock_wait_seconds=float(words[12]),
        retries=int(words[13]),
        sqlstate=words[14],
        error=words[15],
        raw_hash=bytes.fromhex(words[16]),
        hash=bytes.fromhex(words[17]),
        kept=words[18] == "t",
    )
