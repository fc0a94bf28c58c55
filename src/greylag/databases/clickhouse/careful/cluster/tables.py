"""greylag's tables on a cluster: replicated on a path without the shard, so that all hosts have all rows."""

from __future__ import annotations

from time import monotonic

from greylag.databases.clickhouse import history
from greylag.databases.clickhouse.careful.place import identifier, literal, split_name
from greylag.errors import DatabaseError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from greylag.databases.clickhouse.careful.place import Place
    from greylag.databases.clickhouse.link import Link

REPLICA = "'{shard}_{replica}'"
"""Unlike on every host of a cluster, whatever its shards are: replicas of one shard differ in the second."""

_SECONDS, _PAUSE = 10, 0.1
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


def catch_up(link: Link, tables: Iterable[str], pause: Callable[[float], None]) -> None:
    """Let this node fetch what the others wrote. Raises DatabaseError where a row is on a host that is down.

    After this a plain SELECT shows all there is. select_sequential_consistency would hide rows that were
    written while a host was down, and what is done would be done again.
    """
    gives_up = link.query("SELECT hasColumnInTable('system', 'tables', 'comment')").rows == [["1"]]
    for table in tables:
        try:
            if gives_up:
                link.execute(f"SYSTEM SYNC REPLICA {table}", settings={"receive_timeout": str(_SECONDS)})
            elif not _arrives(link, table, pause):
                raise _behind(link, table)
        except DatabaseError as error:
            if error.number == _TIMEOUT:
                raise _behind(link, table) from None
            if error.number == 0:
                raise
            # it is not replicated, or not there, or this user may not say so: the rows that are here count


def _arrives(link: Link, table: str, pause: Callable[[float], None]) -> bool:
    """Wait for the rows of a table on a server whose SYSTEM SYNC REPLICA waits for ever: those of 2018 do."""
    database, name = split_name(table)
    where = f"database = {literal(database) if database else 'currentDatabase()'} AND table = {literal(name)}"
    question = (
        "SELECT sum(left) FROM ("
        f"SELECT count() AS left FROM system.replication_queue WHERE {where} AND type != 'MERGE_PARTS' "
        "UNION ALL SELECT count() FROM system.replicas "
        f"WHERE {where} AND log_pointer <= log_max_index AND log_max_index > 0)"
    )
    began = monotonic()
    while link.query(question).rows != [["0"]]:
        if monotonic() - began > _SECONDS:
            return False
        pause(_PAUSE)
    return True


def _behind(link: Link, table: str) -> DatabaseError:
    text = (
        f"{link.address} does not have all rows of {table} yet: another host wrote them and is down, or slow"
    )
    hint = "start the host that is down (system.replication_queue names it), or go on through that host"
    return DatabaseError(text, driver_text=text, hint=hint)
