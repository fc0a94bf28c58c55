"""Reading the journal for people, without writing or locking anything."""

from __future__ import annotations

from greylag.databases.clickhouse.careful.ground import read_ground
from greylag.databases.clickhouse.careful.lines import CLOSED
from greylag.databases.clickhouse.careful.place import literal
from greylag.databases.clickhouse.careful.reading import moment, read_memory
from greylag.databases.clickhouse.careful.tally import read_tally
from greylag.model.care import Entry, Opening

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.databases.clickhouse.careful.reading import Row
    from greylag.databases.clickhouse.session import ClickhouseSession

_COLUMNS = (
    "toString(id), run, toString(version), direction, file, toString(statement), state, who, host, tool, "
    "toString(started), toString(finished), toString(lock_wait), toString(retries), toString(code), error, "
    "raw_hash, hash, if(content = '', '', '1')"
)
_THING = "history, run, version, direction, statement"
_ENDED = "state IN ('done', 'failed')"


class JournalReader:
    """See the Protocol Journal."""

    def __init__(self, session: ClickhouseSession) -> None:
        self._session = session

    def opening(self) -> Opening:
        """The versions that are applied and what is known of them."""
        self._session.freshen()
        link = self._session.link()
        ground = read_ground(link, self._session.table)
        if not ground.history:
            return Opening([], {}, (), form="clickhouse")
        tally = read_tally(link, self._session.table)
        memory = read_memory(link, ground, tally)
        return Opening(tally.rows, memory.known, memory.unfinished, form="clickhouse")

    def entries(self, *, version: int | None = None, limit: int | None = None) -> list[Entry]:
        """Rows of the journal, newest first; of two about one thing the one that tells its end."""
        condition = "" if version is None else f" AND version = {version}"
        condition += (
            f" AND NOT (state = 'begun' AND ({_THING}) IN (SELECT {_THING} FROM {{}} WHERE {_ENDED}))"
        )
        bound = "" if limit is None else f" LIMIT {limit}"
        return [_entry(row) for row in self._select(_COLUMNS, f"{condition} ORDER BY id DESC{bound}")]

    def content(self, version: int, *, begun: bool = False) -> tuple[str, bytes] | None:
        """Name and text of the file that made ``version``, or of the run that was broken off in it."""
        states = "state IN ('begun', 'failed')" if begun else f"direction = 'up' AND state IN {CLOSED}"
        rows = self._select(
            "file, content",
            f" AND version = {version} AND statement = 0 AND content != '' AND {states} "
            "ORDER BY id DESC LIMIT 1",
        )
        if not rows:
            return None
        import zlib
        from binascii import a2b_base64

        name, packed = rows[0]
        return name or "", zlib.decompress(a2b_base64(packed or ""))

    def _select(self, columns: str, rest: str) -> list[Row]:
        self._session.freshen()
        link = self._session.link()
        ground = read_ground(link, self._session.table)
        if not ground.journal:
            return []
        history = literal(ground.place.history)
        rest = rest.format(ground.place.journal)
        return link.query(
            f"SELECT {columns} FROM {ground.place.journal} WHERE history = {history}{rest}"
        ).rows


def _entry(row: Row) -> Entry:
    text = [value or "" for value in row]
    return Entry(
        id=int(text[0]),
        run=text[1],
        version=int(text[2]),
        direction="up" if text[3] == "up" else "down",
        file=text[4],
        statement=int(text[5]) or None,
        state=text[6],
        who=text[7],
        host=text[8],
        tool=text[9],
        started=moment(int(text[10])),
        finished=moment(int(text[11])) if text[11] != "0" else None,
        lock_wait_seconds=float(text[12]),
        retries=int(text[13]),
        sqlstate=text[14] if text[14] != "0" else "",
        error=text[15],
        raw_hash=bytes.fromhex(text[16]),
        hash=bytes.fromhex(text[17]),
        kept=bool(text[18]),
    )
