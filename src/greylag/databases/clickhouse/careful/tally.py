"""The version table as it is meant: one state a version, whatever was written into it how often.

goose deletes rows on the way down. Other tools append rows with ``is_applied`` 0, an INSERT that is tried
again leaves its row twice, and a first run that was killed leaves a table without any.
"""

from __future__ import annotations

from greylag.databases.clickhouse.rows import read_flag, read_version
from greylag.databases.stepwise import ScanError
from greylag.errors import DatabaseError
from greylag.model.history import Applied
from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from greylag.databases.clickhouse.link import Link


class Count(NamedTuple):
    """Rows of one version with one flag; ``newest`` is the time of the last, in seconds since 1970."""

    version: int
    applied: bool
    rows: int
    newest: int


class Tally(NamedTuple):
    """``rows`` are the versions that are applied, highest first. ``newest`` has the time of each one's row.

    ``rolled_back`` are versions whose last row says so; ``shadowed`` are applied ones with such a row before;
    ``repeated`` are applied ones with several rows. ``empty``: there is not a single row.
    """

    rows: list[Applied]
    newest: dict[int, int]
    rolled_back: list[int]
    shadowed: list[int]
    repeated: list[int]
    empty: bool


def read_tally(link: Link, table: str) -> Tally:
    """Ask the version table. Raises DatabaseError."""
    answer = link.query(
        "SELECT version_id, is_applied, toString(count()), toString(toUnixTimestamp(max(tstamp))) "
        f"FROM {table} GROUP BY version_id, is_applied"
    )
    version_type, flag_type = answer.types[:2] if answer.types else ("", "")
    try:
        return tally(
            Count(
                read_version(version, version_type), read_flag(flag, flag_type), int(rows or 0), int(at or 0)
            )
            for version, flag, rows, at in answer.rows
        )
    except ScanError as error:
        text = str(error)
        raise DatabaseError(text, driver_text=text, hint="correct that row of the version table") from error


def tally(counts: Iterable[Count]) -> Tally:
    """Tell the state of every version. Of rows from the same second the flag counts that is there more often.

    (Applied and rolled back leave one row each, applied once more a second one.)
    """
    on: dict[int, Count] = {}
    off: dict[int, Count] = {}
    for count in counts:
        (on if count.applied else off)[count.version] = count
    applied = {
        version: count
        for version, count in on.items()
        if version not in off or _order(count) > _order(off[version])
    }
    # version 0 is the first row of the table: no tool takes it back
    applied |= {0: on[0]} if 0 in on else {}
    return Tally(
        [Applied(version, True) for version in sorted(applied or (0,), reverse=True)],
        {version: count.newest for version, count in applied.items()},
        sorted(off.keys() - applied.keys()),
        sorted(off.keys() & applied.keys()),
        sorted(version for version, count in applied.items() if count.rows > 1),
        not on and not off,
    )


def _order(count: Count) -> tuple[int, int]:
    return count.newest, count.rows
