"""greylag's tables on a cluster: replicated on a path without the shard, so that all hosts have all rows."""

from __future__ import annotations

from greylag.databases.clickhouse import history
from greylag.databases.clickhouse.careful.place import identifier, literal
from greylag.errors import DatabaseError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from greylag.databases.clickhouse.careful.place import Place
    from greylag.databases.clickhouse.link import Link

REPLICA = "'{shard}_{replica}'"
"""Unlike on every host of a cluster, whatever its shards are: replicas of one shard differ in the second."""

_SECONDS = "10"
_TIMEOUT = 159


def on_cluster(cluster: str) -> str:
    """The clause, with a blank before it."""
    return f" ON CLUSTER {identifier(cluster)}"


def engine(kind: str, cluster: str, place: Place, table: str) -> str:
    """``ReplicatedMergeTree`` or the like for a table of greylag's, with its place in the keeper."""
    path = f"/clickhouse/greylag/{cluster}/{place.database}/{table}"
    return f"{kind}({literal(path)}, {REPLICA})"


def create_history(cluster: str, place: Place, name: str) -> str:
    """The version table as goose has it, on all hosts with the same rows; ``name`` is its name at first."""
    table = place.of(name)
    text = history.create_table(table).replace(f"{table} (", f"{table}{on_cluster(cluster)} (", 1)
    return text.replace("MergeTree()", engine("ReplicatedMergeTree", cluster, place, place.table))


def catch_up(link: Link, tables: Iterable[str]) -> None:
    """Let this node fetch what the others wrote. Raises DatabaseError where a row is on a host that is down.

    After this a plain SELECT shows all there is. select_sequential_consistency would hide rows that were
    written while a host was down, and what is done would be done again.
    """
    for table in tables:
        try:
            link.execute(f"SYSTEM SYNC REPLICA {table}", settings={"receive_timeout": _SECONDS})
        except DatabaseError as error:
            if error.number == _TIMEOUT:
                raise _behind(link, table) from None
            if error.number == 0:
                raise
            # it is not replicated, or not there, or this user may not say so: the rows that are here count


def _behind(link: Link, table: str) -> DatabaseError:
    text = (
        f"{link.address} does not have all rows of {table} yet: another host wrote them and is down, or slow"
    )
    hint = "start the host that is down (system.replication_queue names it), or go on through that host"
    return DatabaseError(text, driver_text=text, hint=hint)
