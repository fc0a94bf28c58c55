"""What a run finds on a server, in one question."""

from __future__ import annotations

from greylag.databases.clickhouse.careful.clock import Clock
from greylag.databases.clickhouse.careful.older import COLUMNS
from greylag.databases.clickhouse.careful.place import JOURNAL, Place, literal, split_name
from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.databases.clickhouse.link import Link

_SETTINGS = (
    "async_insert", "mutations_sync", "alter_sync", "lightweight_deletes_sync", "insert_deduplicate",
    "insert_deduplication_token", "distributed_ddl_task_timeout", "distributed_ddl_output_mode",
)  # fmt: skip


class Ground(NamedTuple):
    """``node`` is what the server calls itself, ``session_database`` where unqualified names lead.

    ``settings`` are those of interest that this server knows; ``history`` and ``journal`` say whether the
    tables are there. ``lacks`` are columns of system tables that this server is too old for.
    """

    place: Place
    session_database: str
    node: str
    clock: Clock
    settings: frozenset[str]
    history: bool
    journal: bool
    lacks: frozenset[str] = frozenset()

    def known(self, **settings: str) -> dict[str, str]:
        """Those of ``settings`` that this server knows: it refuses the others."""
        return {name: value for name, value in settings.items() if name in self.settings}


def read_ground(link: Link, table: str) -> Ground:
    """Ask. ``table`` is the version table as goose puts it into SQL. Raises DatabaseError."""
    database, name = split_name(table)
    where = literal(database) if database else "currentDatabase()"
    settings = ", ".join(map(literal, _SETTINGS))
    lacks = ", ".join(
        f"if(hasColumnInTable('system', '{home}', '{name}'), '', ' {name}')" for name, home in COLUMNS.items()
    )
    answer = link.query(
        "SELECT currentDatabase(), hostName(), toUnixTimestamp(now()), "
        f"(SELECT arrayStringConcat(groupArray(name), ',') FROM system.settings WHERE name IN ({settings})), "
        "(SELECT arrayStringConcat(groupArray(name), ',') FROM system.tables "
        f"WHERE database = {where} AND name IN ({literal(name)}, {literal(JOURNAL)})), "
        f"concat({lacks})"
    )
    current, node, now, known, tables, lacking = (value or "" for value in answer.rows[0])
    there = tables.split(",")
    return Ground(
        Place(database or current, name),
        current,
        node,
        Clock(int(now)),
        frozenset(known.split(",")),
        name in there,
        JOURNAL in there,
        frozenset(lacking.split()),
    )
