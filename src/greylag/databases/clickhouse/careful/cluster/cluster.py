"""A cluster as one run sees it: its hosts, the ways to them, and its queue."""

from __future__ import annotations

from functools import partial

from greylag.databases.clickhouse.careful.cluster.hosts import Ways, expand, read_hosts
from greylag.databases.clickhouse.careful.cluster.keeper import patiently
from greylag.databases.clickhouse.careful.cluster.queue import Queue
from greylag.errors import ConnectError, DatabaseError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.databases.clickhouse.careful.cluster.hosts import Host
    from greylag.databases.clickhouse.careful.hold import Hold

    Row = list[str | None]

SECONDS, SECONDS_WITHOUT = "5", "1"
"""How long a server waits for a statement's hosts, and when one is down; the rest is greylag's to wait."""


class Cluster:
    """``is_whole``: no host is known to be down.

    Raises RefusedError where the node that is connected to does not know ``name``, DatabaseError.
    """

    def __init__(self, hold: Hold, name: str) -> None:
        link = hold.session.link()
        self.name = expand(link, name)
        self.hosts = read_hosts(link, self.name)
        self.ways = Ways(hold.session.settings, hold.session.addresses, link, self.name, self.hosts)
        self.is_whole = True
        self.queue = Queue(link, self.name, hold.ground.session_database)

    @property
    def own(self) -> Host | None:
        """The node that is connected to, where it is one of the cluster."""
        return next((host for host in self.hosts if host.own), None)

    def named(self, label: str) -> Host | None:
        """A host by the name that servers give it."""
        return next((host for host in self.hosts if host.label == label), None)

    def ask(self, question: str) -> dict[Host, list[Row] | None]:
        """The rows that each host gives; None for one that does not answer. Raises DatabaseError.

        A host whose answer is an error that has nothing to do with the network gives none either.
        """
        found: dict[Host, list[Row] | None] = {}
        for host in self.hosts:
            try:
                link = self.ways.asking(host)
                found[host] = patiently(partial(link.query, question)).rows
            except ConnectError:
                found[host] = None
            except DatabaseError:
                if host.own:
                    raise
                found[host] = None
        return found

    def settings(
        self, known: frozenset[str], given: frozenset[str] | set[str] = frozenset()
    ) -> dict[str, str]:
        """What to send beside an ON CLUSTER statement; what is ``given`` elsewhere stays."""
        seconds = SECONDS if self.is_whole else SECONDS_WITHOUT
        wanted = {"distributed_ddl_task_timeout": seconds, "distributed_ddl_output_mode": "never_throw"}
        return {name: value for name, value in wanted.items() if name in known and name not in given}

    def close(self) -> None:
        """Close the connections to other hosts."""
        self.ways.close()
