"""Reading the journal: what is known of applied files, and which files were broken off where."""

from __future__ import annotations

from greylag.databases.clickhouse.careful.lines import CLOSED
from greylag.databases.clickhouse.careful.place import literal
from greylag.model.care import Attempt, Known, Unfinished
from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from greylag.databases.clickhouse.careful.ground import Ground
    from greylag.databases.clickhouse.careful.tally import Tally
    from greylag.databases.clickhouse.link import Link
    from greylag.model.migration import Direction

    Row = list[str | None]

_SLACK = 2
"""Seconds by which a version row may be newer than the journal's row of the same run."""


class Past(NamedTuple):
    """A statement of an earlier run, not known to be done. ``started`` is in microseconds since 1970."""

    query_id: str
    node: str
    started: int
    before: str
    hash: bytes = b""


class Memory(NamedTuple):
    """What the journal knows. ``pasts`` is by version, direction and number; ``newest`` is the last id."""

    known: Mapping[int, Known]
    unfinished: list[Unfinished]
    pasts: Mapping[tuple[int, str, int], Past]
    newest: int


NOTHING = Memory({}, [], {}, 0)


def read_memory(link: Link, ground: Ground, tally: Tally) -> Memory:
    """Ask the journal, if there is one. Raises DatabaseError."""
    if not ground.journal:
        return NOTHING
    history = literal(ground.place.history)
    rows = link.query(
        "SELECT toString(version), direction, state, file, raw_hash, hash, toString(started), toString(id), "
        f"if(state IN {CLOSED}, '1', '') AS closed FROM {ground.place.journal} "
        f"WHERE history = {history} AND statement = 0 ORDER BY id DESC LIMIT 1 BY version, direction, closed"
    ).rows
    newest = max((int(row[7] or 0) for row in rows), default=0)
    known = _known(rows, tally)
    open_ = sorted(_open(rows))
    if not open_:
        return Memory(known, [], {}, newest)
    parts = link.query(
        "SELECT toString(version), direction, file, toString(statement), state, hash, who, host, node, "
        "query_id, before, toString(started), toString(code), error, toString(id) "
        f"FROM {ground.place.journal} WHERE history = {history} "
        f"AND version IN ({', '.join(map(str, open_))}) ORDER BY id"
    ).rows
    newest = max(newest, *(int(row[14] or 0) for row in parts))
    stories = _stories(parts)
    applied = {row.version for row in tally.rows}
    # goose or a person may have ended it by other means
    left = [each for each in stories if (each.version in applied) == (each.direction == "down")]
    pasts = {key: past for each in left for key, past in each.pasts.items()}
    return Memory(known, [each.unfinished() for each in left], pasts, newest)


def _known(rows: list[Row], tally: Tally) -> dict[int, Known]:
    """Closed files whose version row is there and was not written anew by another tool since."""
    found: dict[int, Known] = {}
    ups = {int(row[0] or 0): row for row in rows if row[8] and row[1] == "up"}
    downs = {int(row[0] or 0): int(row[7] or 0) for row in rows if row[8] and row[1] == "down"}
    for version, row in ups.items():
        noted = int(row[7] or 0)
        written = tally.newest.get(version)
        if written is None or noted < downs.get(version, 0) or written > noted // 1_000_000 + _SLACK:
            continue
        found[version] = Known(
            version, row[3] or "", bytes.fromhex(row[4] or ""), bytes.fromhex(row[5] or "")
        )
    return found


def _open(rows: list[Row]) -> set[int]:
    """Versions whose newest row about the whole file does not close it."""
    newest: dict[int, tuple[int, bool]] = {}
    for row in rows:
        version, at = int(row[0] or 0), (int(row[7] or 0), not row[8])
        newest[version] = max(newest.get(version, (0, False)), at)
    return {version for version, (_, is_open) in newest.items() if is_open}


class _Story:
    """What happened to one file since it was begun."""

    def __init__(self, version: int, direction: Direction) -> None:
        self.version, self.direction = version, direction
        self.file = self.who = self.host = ""
        self.started: datetime | None = None
        self.attempts: dict[int, Attempt] = {}
        self.pasts: dict[tuple[int, str, int], Past] = {}
        self.following = 0

    def unfinished(self) -> Unfinished:
        attempts = tuple(self.attempts[number] for number in sorted(self.attempts))
        return Unfinished(
            self.version, self.direction, self.file, self.started, self.who, self.host, 0, "", attempts,
            self.following,
        )  # fmt: skip

    def add(self, row: Row) -> None:
        text = [value or "" for value in row]
        number, state = int(text[3]), text[4]
        self.file, self.who, self.host = text[2], text[6], text[7]
        self.started = moment(int(text[11]))
        if state == "resolved":
            self.following = number
            if number == 1:
                self.attempts.clear()
        elif number:
            self.following = 0
            code = text[12] if text[12] != "0" else ""
            self.attempts[number] = Attempt(number, bytes.fromhex(text[5]), state, True, code, text[13])
            key = (self.version, self.direction, number)
            self.pasts[key] = Past(text[9], text[8], int(text[11]), text[10], bytes.fromhex(text[5]))


def _stories(rows: list[Row]) -> list[_Story]:
    """The files that are open at the end of ``rows``, which are in the order they were written in."""
    found: dict[int, _Story] = {}
    for row in rows:
        version, direction, state = int(row[0] or 0), row[1], row[4] or ""
        story = found.get(version)
        if row[3] == "0" and state in CLOSED:
            found.pop(version, None)
            continue
        if story is None or story.direction != direction:
            story = found[version] = _Story(version, "up" if direction == "up" else "down")
        story.add(row)
    return list(found.values())


def moment(microseconds: int) -> datetime:
    """Aware UTC."""
    from datetime import UTC, datetime

    return datetime.fromtimestamp(microseconds / 1_000_000, UTC)
