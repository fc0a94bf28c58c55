"""What has to be right on every host of a cluster before anything is written."""

from __future__ import annotations

from greylag.databases.clickhouse.careful.cluster.tables import on_cluster
from greylag.databases.clickhouse.careful.place import JOURNAL, identifier, literal
from greylag.errors import RefusedError
from greylag.model.event import Notice
from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from greylag.databases.clickhouse.careful.cluster.cluster import Cluster
    from greylag.databases.clickhouse.careful.cluster.hosts import Host
    from greylag.databases.clickhouse.careful.place import Place

    Row = list[str | None]

FRESH = "_replicated"
"""Behind the name of a table that is to take the place of one that is on one host alone."""
_MACROS = ("shard", "replica")
_NOTHING = "nothing was written"


class Found(NamedTuple):
    """``down`` are the hosts that do not answer. ``tables`` has engines, by host and table of greylag's.

    ``engine`` is the database's.
    """

    down: list[Host]
    tables: dict[Host, dict[str, str]]
    engine: str = ""

    def lacking(self, name: str) -> list[Host]:
        """Hosts that answer and do not have a table."""
        return [host for host, tables in self.tables.items() if name not in tables]

    def plain(self, name: str) -> list[Host]:
        """Hosts where a table is not replicated."""
        return [
            host
            for host, tables in self.tables.items()
            if not tables.get(name, "Replicated").startswith("Replicated")
        ]


def look(cluster: Cluster, place: Place, tell: Callable[[Notice], None]) -> Found:
    """Ask every host, with one question each. Raises RefusedError, DatabaseError."""
    if cluster.own is None:
        hosts = ", ".join(host.label for host in cluster.hosts)
        raise RefusedError(
            f"the node that is connected to is no host of cluster {cluster.name} ({hosts}): {_NOTHING}",
            hint="let the connection string lead to one of them: the journal is on these",
        )
    rows = cluster.ask(_question(place))
    facts = {host: _facts(found) for host, found in rows.items() if found is not None}
    down = [host for host, found in rows.items() if found is None]
    _check_macros({host: found.get("macro", {}) for host, found in facts.items()})
    _check_database(cluster, place, {host: found.get("database", {}) for host, found in facts.items()})
    _check_replicas(place, {host: found.get("replica", {}) for host, found in facts.items()})
    cluster.is_whole = not down
    if down:
        names = ", ".join(host.label for host in down)
        tell(
            Notice(
                "hosts",
                f"{names} {'does' if len(down) == 1 else 'do'} not answer: what is sent to the cluster is "
                "done there when it is back",
                {"hosts": [host.label for host in down]},
            )
        )
    tables = {host: found.get("table", {}) for host, found in facts.items()}
    return Found(down, tables, facts[cluster.own].get("database", {}).get(place.database, ""))


def _question(place: Place) -> str:
    names = (place.table, JOURNAL, place.table + FRESH, JOURNAL + FRESH)
    database = literal(place.database)
    return (
        "SELECT 'macro', macro, substitution FROM system.macros "
        f"UNION ALL SELECT 'database', name, engine FROM system.databases WHERE name = {database} "
        "UNION ALL SELECT 'replica', table, toString(is_readonly + is_session_expired) FROM system.replicas "
        f"WHERE database = {database} "
        f"UNION ALL SELECT 'table', name, engine FROM system.tables WHERE database = {database} "
        f"AND name IN ({', '.join(map(literal, names))})"
    )


def _facts(rows: list[Row]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for kind, name, value in rows:
        found.setdefault(kind or "", {})[name or ""] = value or ""
    return found


def _check_macros(macros: dict[Host, dict[str, str]]) -> None:
    taken: dict[tuple[str, ...], Host] = {}
    for host, known in macros.items():
        missing = [name for name in _MACROS if not known.get(name)]
        if missing:
            raise RefusedError(
                f"{host.label} has no macro {' and none '.join(missing)}: {_NOTHING}",
                hint="give every host its own in the server's configuration, as in "
                "<macros><shard>01</shard><replica>host-1</replica></macros>",
            )
        words = tuple(known[name] for name in _MACROS)
        if words in taken:
            raise RefusedError(
                f"{taken[words].label} and {host.label} have the same macros (shard {words[0]}, replica "
                f"{words[1]}), so that they would be one replica: {_NOTHING}",
                hint="give each host of a shard a <replica> of its own in the server's configuration",
            )
        taken[words] = host


def _check_database(cluster: Cluster, place: Place, databases: dict[Host, dict[str, str]]) -> None:
    without = [host.label for host, found in databases.items() if place.database not in found]
    if without:
        raise RefusedError(
            f"database {place.database} is not on {', '.join(without)}: {_NOTHING}",
            hint="make it: CREATE DATABASE IF NOT EXISTS "
            f"{identifier(place.database)}{on_cluster(cluster.name)}",
        )


def _check_replicas(place: Place, replicas: dict[Host, dict[str, str]]) -> None:
    for host, found in replicas.items():
        broken = [name for name, fault in found.items() if fault != "0"]
        if broken:
            raise RefusedError(
                f"{host.label} can only read {', '.join(broken)} of {place.database}: it has lost the "
                f"keeper, or its tables do not fit what is there: {_NOTHING}",
                hint="on that host look at zookeeper_exception in system.replicas, then SYSTEM RESTART "
                f"REPLICA {place.of(broken[0])}",
            )
