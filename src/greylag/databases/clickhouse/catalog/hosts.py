"""The catalog of every host of a cluster, read through one of them."""

from __future__ import annotations

from greylag.databases.clickhouse.careful.place import literal
from greylag.databases.clickhouse.catalog.questions import Asker
from greylag.databases.clickhouse.catalog.reading import places, read_hosts
from greylag.errors import DatabaseError
from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from greylag.databases.clickhouse.link import Link
    from greylag.model.catalog.catalog import Catalog

_SILENT = (209, 210, 279, 519)
"""Time-out of a socket, connection refused, and what follows from them."""
_UNKNOWN_FUNCTION = 46
_SKIP = {"skip_unavailable_shards": "1"}
_NUMBER = "toString(_shard_num)"


class Host(NamedTuple):
    """A host as the configuration of the cluster names it; ``is_here`` for the one that was asked."""

    name: str
    port: str
    is_here: bool

    @property
    def address(self) -> str:
        """How people and ``remote()`` call it."""
        return f"{self.name}:{self.port}"


class Hosts(NamedTuple):
    """Catalogs by host, ``here`` being the host that was asked. ``silent`` are hosts that did not answer.

    Without catalogs the server does not know the cluster.
    """

    here: str
    catalogs: Mapping[str, Catalog]
    silent: Sequence[str]


def read_cluster(link: Link, cluster: str) -> Hosts:
    """Ask every host of ``cluster``. Raises DatabaseError where the asked one itself does not answer.

    New servers pass a question on to all replicas (clusterAllReplicas), with the user that the cluster's
    configuration names; old ones are asked host by host with remote().
    """
    cluster = known_name(link, cluster)
    hosts = _configured(link, cluster)
    if not hosts:
        return Hosts("", {}, [])
    version, databases = places(link)
    try:
        return _at_once(link, cluster, hosts, version, databases)
    except DatabaseError as error:
        if getattr(error, "number", 0) != _UNKNOWN_FUNCTION:
            raise
        return _one_by_one(link, hosts, version, databases)


def known_name(link: Link, cluster: str) -> str:
    """The name of the cluster; ``{macro}`` is what the server's configuration says. Raises DatabaseError."""
    if not (cluster.startswith("{") and cluster.endswith("}")):
        return cluster
    rows = link.query(f"SELECT substitution FROM system.macros WHERE macro = {literal(cluster[1:-1])}").rows
    return rows[0][0] or cluster if rows else cluster


def _configured(link: Link, cluster: str) -> list[Host]:
    rows = link.query(
        f"SELECT host_name, toString(port), is_local FROM system.clusters WHERE cluster = {literal(cluster)} "
        "ORDER BY shard_num, replica_num"
    ).rows
    return list(dict.fromkeys(Host(name or "", port or "", here == "1") for name, port, here in rows))


def _at_once(
    link: Link, cluster: str, hosts: Sequence[Host], version: str, databases: Sequence[str]
) -> Hosts:
    """Every replica counts as a shard here, numbered in the order of the cluster's configuration."""
    reach = f"clusterAllReplicas({literal(cluster)}, {{}})"
    asker = Asker(link, reach, _NUMBER, settings=_SKIP)
    asker.learn()
    rows = link.query(f"SELECT {_NUMBER} FROM {reach.format('system.one')}", settings=_SKIP).rows
    numbers = sorted(number or "" for (number,) in rows)
    found = read_hosts(asker, version, databases, numbers)
    catalogs = {hosts[int(number) - 1].address: catalog for number, catalog in found.items()}
    return Hosts(_here(hosts), catalogs, [host.address for host in hosts if host.address not in catalogs])


def _here(hosts: Sequence[Host]) -> str:
    return next((host for host in hosts if host.is_here), hosts[0]).address


def _one_by_one(link: Link, hosts: Sequence[Host], version: str, databases: Sequence[str]) -> Hosts:
    catalogs: dict[str, Catalog] = {}
    silent = []
    for host in hosts:
        asker = Asker(link, f"remote({literal(host.address)}, {{}})", literal(host.address))
        try:
            asker.learn()
            catalogs |= read_hosts(asker, version, databases, [host.address])
        except DatabaseError as error:
            if getattr(error, "number", 0) not in _SILENT:
                raise
            silent.append(host.address)
    return Hosts(_here(hosts), catalogs, silent)
