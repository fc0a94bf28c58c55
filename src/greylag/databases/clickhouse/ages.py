"""How old the rows of tables are, and which of them should be gone: from system.parts, or counted."""

from __future__ import annotations

from greylag.databases.clickhouse.careful.place import identifier, literal
from greylag.databases.clickhouse.catalog.hosts import known_name
from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.databases.clickhouse.link import Link

_COUNTING_SECONDS = 60
"""How long counting rows of one table may take."""


class Age(NamedTuple):
    """What the parts of a table say. Times are text in UTC, empty where the parts do not tell.

    ``overdue_*`` is what is in parts whose last row's time to be deleted is over since ``overdue_since``;
    ``uncomputed_rows`` are in parts written before there was a TTL.
    """

    rows: int = 0
    bytes: int = 0
    oldest: str = ""
    overdue_rows: int = 0
    overdue_bytes: int = 0
    overdue_since: str = ""
    overdue_seconds: int = 0
    uncomputed_rows: int = 0


def reach_of(link: Link, cluster: str) -> str:
    """How to ask all shards of ``cluster``, ``{}`` being the table; this server alone where there is one.

    Raises DatabaseError.
    """
    if not cluster:
        return "{}"
    cluster = known_name(link, cluster)
    text = f"SELECT toString(uniqExact(shard_num)) FROM system.clusters WHERE cluster = {literal(cluster)}"
    shards = int(link.query(text).rows[0][0] or 0)
    return f"cluster({literal(cluster)}, {{}})" if shards > 1 else "{}"


def read_ages(link: Link, reach: str = "{}") -> dict[tuple[str, str], Age] | None:
    """Ages by database and table; None for a server that knows no TTL. Raises DatabaseError."""
    known = link.query(
        "SELECT count() FROM system.columns WHERE database = 'system' AND table = 'parts' "
        "AND name = 'delete_ttl_info_max'"
    ).rows
    if known == [["0"]]:
        return None
    ends = "toUnixTimestamp(delete_ttl_info_max)"
    over = f"{ends} > 0 AND delete_ttl_info_max < now()"
    first = "least(if(toUnixTimestamp(min_time) > 0, min_time, toDateTime(4294967295, 'UTC')), "
    first += "if(toUInt16(min_date) > 0, toDateTime(min_date, 'UTC'), toDateTime(4294967295, 'UTC')))"
    rows = link.query(
        f"SELECT database, table, sum(rows), sum(bytes_on_disk), toUnixTimestamp(min({first})), "
        f"toString(min({first}), 'UTC'), sumIf(rows, {over}), sumIf(bytes_on_disk, {over}), "
        f"toString(minIf(delete_ttl_info_max, {over}), 'UTC'), "
        f"toUnixTimestamp(now()) - minIf({ends}, {over}), sumIf(rows, {ends} = 0) "
        f"FROM {reach.format('system.parts')} WHERE active AND database != 'system' GROUP BY database, table"
    ).rows
    return {(row[0] or "", row[1] or ""): _age([value or "" for value in row[2:]]) for row in rows}


def _age(row: list[str]) -> Age:
    rows, size, first, oldest, overdue, overdue_bytes, since, seconds, uncomputed = row
    known = int(first) < 4294967295
    return Age(
        int(rows),
        int(size),
        oldest if known else "",
        int(overdue),
        int(overdue_bytes),
        since if int(overdue) else "",
        int(seconds) if int(overdue) else 0,
        int(uncomputed),
    )


def count_due(
    link: Link, schema: str, table: str, expression: str, reach: str = "{}", *, since_seconds: int = 0
) -> int:
    """Rows for which ``expression``, a TTL's, is over. Raises DatabaseError, after a minute too."""
    source = reach.format(f"{identifier(schema)}.{identifier(table)}")
    text = f"SELECT count() FROM {source} WHERE {expression} <= now() - {since_seconds}"
    found = link.query(text, settings={"max_execution_time": str(_COUNTING_SECONDS)})
    return int(found.rows[0][0] or 0)
