"""The hosts of a cluster, as the node that is asked knows them, and ways to each of them."""

from __future__ import annotations

from greylag.databases.clickhouse.careful.place import literal
from greylag.databases.clickhouse.link import open_link
from greylag.databases.clickhouse.wire import Patience, split_address
from greylag.errors import ConnectError, DatabaseError, RefusedError
from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from greylag.databases.clickhouse.dsn import Settings
    from greylag.databases.clickhouse.link import Link
    from greylag.databases.clickhouse.rows import Answer
    from greylag.model.server import Server

_DIAL_SECONDS = 3.0
_UNKNOWN_FUNCTION, _NOT_IMPLEMENTED = 46, 48


class Host(NamedTuple):
    """``number`` counts the hosts of a cluster from 1, as clusterAllReplicas() does."""

    name: str
    port: int
    number: int
    own: bool = False

    @property
    def label(self) -> str:
        """Host and port of the native protocol, which is how servers call each other."""
        return f"{self.name}:{self.port}"


def expand(link: Link, name: str) -> str:
    """A cluster's name whose ``{macros}`` are filled in as this node has them. Raises DatabaseError."""
    if "{" in name:
        for macro, word in link.query("SELECT macro, substitution FROM system.macros").rows:
            name = name.replace(f"{{{macro}}}", word or "")
    return name


def read_hosts(link: Link, cluster: str) -> list[Host]:
    """The hosts of ``cluster``; ``own`` is the node that ``link`` leads to.

    Raises RefusedError where it knows no such cluster, DatabaseError.
    """
    rows = link.query(
        "SELECT host_name, toString(port), toString(is_local) FROM system.clusters "
        f"WHERE cluster = {literal(cluster)} ORDER BY shard_num, replica_num"
    ).rows
    if not rows:
        raise unknown_cluster(link, cluster)
    unique = {f"{name}:{port}": (name or "", int(port or 0), local == "1") for name, port, local in rows}
    hosts = [Host(name, port, number) for number, (name, port, _) in enumerate(unique.values(), 1)]
    local = [host for host in hosts if unique[host.label][2]]
    own = local[0] if len(local) == 1 else _own(link, cluster, local or hosts)
    return [host._replace(own=host is own) for host in hosts]


def _own(link: Link, cluster: str, hosts: list[Host]) -> Host | None:
    """The node that ``link`` leads to, where the server does not tell.

    Servers of 2018 call all replicas of their own shard local; one without a port for other servers calls
    none so. The macros tell replicas apart.
    """
    named = [host for host in hosts if host.label == link.address]
    if named:
        return named[0]
    question = "SELECT macro, substitution FROM system.macros"
    macros = sorted(map(str, link.query(question).rows))
    for host in hosts:
        try:
            if sorted(map(str, Through(link, cluster, host, modern=False).query(question).rows)) == macros:
                return host
        except DatabaseError:
            continue
    return None


def unknown_cluster(link: Link, cluster: str) -> RefusedError:
    """The error of a name that this node has no cluster for."""
    rows = link.query("SELECT DISTINCT cluster FROM system.clusters ORDER BY cluster").rows
    names = ", ".join(name or "" for (name,) in rows)
    return RefusedError(
        f"{link.address} knows no cluster {cluster}: {f'it knows {names}' if names else 'it knows none'}",
        hint='correct cluster = "…" of this database in greylag.toml, or let remote_servers of the server\'s '
        "configuration name the cluster, on every host of it",
    )


class Ways:
    """Connections to the hosts of one cluster, opened when first needed and kept until close()."""

    def __init__(
        self, settings: Settings, addresses: tuple[str, ...], link: Link, cluster: str, hosts: list[Host]
    ) -> None:
        self._settings = settings
        self._given = addresses
        self._link = link
        self._cluster = cluster
        self._hosts = hosts
        self._links: dict[str, Link] = {}
        self._modern: bool | None = None

    def direct(self, host: Host) -> Link | None:
        """A connection to the host itself; None where no address is known that leads there."""
        if host.own:
            return self._link
        if host.label not in self._links:
            found = next(filter(None, (self._try(address, host) for address in self._addresses(host))), None)
            if found is None:
                return None
            self._links[host.label] = found
        return self._links[host.label]

    def asking(self, host: Host) -> Link:
        """A way to ask the host: straight, or through the node that is connected to."""
        straight = self.direct(host)
        if straight is not None:
            return straight
        return Through(self._link, self._cluster, host, modern=self._is_modern())

    def close(self) -> None:
        """Close what was opened."""
        for link in self._links.values():
            link.close()
        self._links.clear()

    def _addresses(self, host: Host) -> list[str]:
        """Those of the DSN, then the host's own at the port of this protocol."""
        settings = self._settings
        own_port = str(host.port)
        if settings.protocol == "http":
            own_port = split_address(self._link.address, "443" if settings.secure else "80")[1]
        return list(dict.fromkeys((*self._given, f"{host.name}:{own_port}")))

    def _try(self, address: str, host: Host) -> Link | None:
        """A connection to ``address`` if it is this host that answers there."""
        if address == self._link.address:
            return None
        far = type(self._settings)()
        far.__dict__.update(self._settings.__dict__)
        far.addresses, far.dial_timeout = (address,), _DIAL_SECONDS
        link = open_link(far, Patience(None, None))
        try:
            if any(each.own and each.label == host.label for each in read_hosts(link, self._cluster)):
                return link
        except (DatabaseError, RefusedError):
            pass
        link.close()
        return None

    def _is_modern(self) -> bool:
        if self._modern is None:
            try:
                self._link.query(
                    f"SELECT 1 FROM clusterAllReplicas({literal(self._cluster)}, system.one) LIMIT 1"
                )
                self._modern = True
            except DatabaseError as error:
                self._modern = error.number != _UNKNOWN_FUNCTION
        return self._modern


class Through:
    """Asks the system tables of another host through the node that is connected to.

    It asks with the cluster's own credentials; servers before version 20 have no such function, and remote()
    asks as a user without a password. A password in the text of a query would be in the server's log.
    """

    def __init__(self, link: Link, cluster: str, host: Host, *, modern: bool) -> None:
        self._link = link
        self._cluster = cluster
        self._host = host
        self._modern = modern

    @property
    def address(self) -> str:
        """The host's."""
        return self._host.label

    def facts(self) -> Server:
        """Those of the node in between."""
        return self._link.facts()

    def begin(self) -> None:
        """The node in between is connected."""

    def close(self) -> None:
        """The connection is the node's in between."""

    def execute(self, text: str, *, query_id: str = "", settings: Mapping[str, str] | None = None) -> None:
        """Refused: only questions can go this way. Raises DatabaseError."""
        del query_id, settings
        text = f"{self._host.label} cannot be told through {self._link.address}: {text}"
        error = DatabaseError(text, driver_text=text)
        error.number = _NOT_IMPLEMENTED
        raise error

    def query(self, text: str, *, query_id: str = "", settings: Mapping[str, str] | None = None) -> Answer:
        """As Link.query(), for questions to system tables. Raises ConnectError when the host is down."""
        import re

        del query_id
        more = dict(settings or {})
        if self._modern:
            self._look_whether_up()
            more["skip_unavailable_shards"] = "1"
            everywhere = rf"clusterAllReplicas({literal(self._cluster)}, system.\1)"
            where = rf"(SELECT * FROM {everywhere} WHERE _shard_num = {self._host.number})"
        else:
            where = rf"remote({literal(self._host.label)}, system.\1)"
        try:
            return self._link.query(re.sub(r"\bsystem\.(\w+)", where, text), settings=more)
        except DatabaseError as error:
            if error.number in (209, 210, 279):  # no answer, no network, no connection
                raise self._down() from None
            raise

    def _look_whether_up(self) -> None:
        rows = self._link.query(
            f"SELECT toString(_shard_num) FROM clusterAllReplicas({literal(self._cluster)}, system.one)",
            settings={"skip_unavailable_shards": "1"},
        ).rows
        if [str(self._host.number)] not in rows:
            raise self._down()

    def _down(self) -> ConnectError:
        text = f"{self._host.label} does not answer {self._link.address}"
        return ConnectError(text, driver_text=text)
