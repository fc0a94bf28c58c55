"""Whether what a statement does stands in the server's system tables."""

from __future__ import annotations

from greylag.databases.clickhouse.careful.before import read_table
from greylag.databases.clickhouse.careful.mutations import Table
from greylag.databases.clickhouse.careful.place import identifier, literal
from greylag.errors import DatabaseError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from greylag.databases.clickhouse.link import Link
    from greylag.model.deeds import Deed, Deeds

_SLACK = 2
"""Seconds by which a file's time of change may be older than the moment its statement was noted."""

_NAMES = {
    "database": "SELECT 1 FROM system.databases WHERE name = {}",
    "function": "SELECT 1 FROM system.functions WHERE name = {} AND origin = 'SQLUserDefined'",
    "user": "SELECT 1 FROM system.users WHERE name = {}",
    "role": "SELECT 1 FROM system.roles WHERE name = {}",
    "quota": "SELECT 1 FROM system.quotas WHERE name = {}",
    "settings profile": "SELECT 1 FROM system.settings_profiles WHERE name = {}",
    "named collection": "SELECT 1 FROM system.named_collections WHERE name = {}",
    "workload": "SELECT 1 FROM system.workloads WHERE name = {}",
    "resource": "SELECT 1 FROM system.resources WHERE name = {}",
}
"""Kind of a deed outside tables to the question whether it is there."""

_PARTS = {
    "column": "system.columns",
    "index": "system.data_skipping_indices",
    "projection": "system.projections",
}


class Effects:
    """Asks about one statement, which was noted at ``since`` (seconds since 1970)."""

    def __init__(self, link: Link, deeds: Deeds, database: str, since: int) -> None:
        self._link = link
        self._deeds = deeds
        self._database = database
        self._since = since

    def of(self, deed: Deed) -> bool | None:
        """True when it stands, False when it does not; None where the server does not tell."""
        try:
            return self._find(deed)
        except DatabaseError as error:
            if error.number in (0, 60, 497):  # a table of newer servers, or one this user may not read
                return None
            raise

    def moved(self, deed: Deed) -> bool | None:
        """Of a deed with a new name: True under that alone, False under the old one; None: both, or none."""
        database = deed.to_database or deed.database
        old = self._stands(deed)
        if deed.kind == "table":
            new = self._stands(deed._replace(database=database, table=deed.to))
        else:
            new = self._stands(deed._replace(name=deed.to))
        return None if old == new else new

    def _find(self, deed: Deed) -> bool | None:
        if deed.to:
            return self.moved(deed)
        stands = self._stands(deed)
        if stands and deed.present and self._is_older(deed):
            return False  # it was there before: the statement never ran, or it would have failed
        return stands == deed.present

    def _stands(self, deed: Deed) -> bool:
        if deed.kind == "table":
            return bool(self._rows("SELECT 1 FROM system.tables WHERE", deed, "name"))
        if deed.kind == "constraint":
            named = [f"CONSTRAINT {name} " for name in (deed.name, identifier(deed.name))]
            shown = " OR ".join(f"position(create_table_query, {literal(each)}) > 0" for each in named)
            return bool(self._rows(f"SELECT 1 FROM system.tables WHERE ({shown}) AND", deed, "name"))
        if deed.kind in _PARTS:
            start = f"SELECT 1 FROM {_PARTS[deed.kind]} WHERE name = {literal(deed.name)} AND"
            return bool(self._rows(start, deed, "table"))
        return bool(self._link.query(_NAMES[deed.kind].format(literal(deed.name))).rows)

    def _is_older(self, deed: Deed) -> bool:
        """Whether the table was last changed before the statement was noted: CREATE and ALTER change it."""
        if not deed.table or not self._deeds.kind.startswith(("create", "alter")):
            return False
        start = "SELECT toString(toUnixTimestamp(metadata_modification_time)) FROM system.tables WHERE"
        rows = self._rows(start, deed, "name")
        changed = int(rows[0][0] or 0) if rows else 0
        return 0 < changed < self._since - _SLACK

    def _rows(self, start: str, deed: Deed, column: str) -> list[list[str | None]]:
        table = Table(deed.database or self._database, deed.table)
        return self._link.query(
            f"{start} database = {literal(table.database)} AND {column} = {literal(table.name)}"
        ).rows


def grew(link: Link, table: Table, since: int) -> bool | None:
    """Whether a table got parts since a moment (microseconds since 1970), by whomever; None: it has none.

    Raises DatabaseError.
    """
    if "MergeTree" not in read_table(link, table)[0]:
        return None
    rows = link.query(
        f"SELECT 1 FROM system.parts WHERE database = {literal(table.database)} "
        f"AND table = {literal(table.name)} "
        f"AND toUnixTimestamp(modification_time) >= {since // 1_000_000 - 1} LIMIT 1"
    ).rows
    return bool(rows)


def told(deeds: Deeds, moved: Callable[[Deed], bool | None]) -> str:
    """Of a RENAME of several that failed: which have their new name, name by name; empty for all or none."""
    states = [(deed, moved(deed)) for deed in deeds.deeds if deed.to]
    done = [deed for deed, state in states if state]
    if not done or len(done) == len(deeds.deeds):
        return ""
    lines = [f"{_name(deed)} is renamed to {deed.to}" for deed in done]
    lines += [f"{_name(deed)} is not renamed to {deed.to}" for deed, state in states if not state]
    return "half of it is done, because a RENAME of several is not atomic:\n" + "\n".join(lines)


def _name(deed: Deed) -> str:
    return deed.table or deed.name
