"""The lock of a cluster: a table that one statement makes on all hosts, with the same rows on each."""

from __future__ import annotations

from greylag.databases.clickhouse.careful.cluster.queue import DONE, FAILED
from greylag.databases.clickhouse.careful.cluster.statement import HostsFailedError
from greylag.databases.clickhouse.careful.cluster.tables import engine, on_cluster
from greylag.databases.clickhouse.careful.slots import RowSlot
from greylag.errors import ConnectError
from greylag.model.deeds import Deeds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.databases.clickhouse.careful.cluster.cluster import Cluster
    from greylag.databases.clickhouse.careful.cluster.statement import ClusterStatements
    from greylag.databases.clickhouse.careful.hold import Hold
    from greylag.databases.clickhouse.careful.slots import Holder
    from greylag.databases.clickhouse.link import Link

_THERE = 57


class ClusterSlot(RowSlot):
    """The queue gives every host the same statements in one order, so that one run is the first on all."""

    def __init__(
        self, hold: Hold, link: Link, name: str, cluster: Cluster, statements: ClusterStatements
    ) -> None:
        super().__init__(link, hold.ground.place, name)
        self._hold = hold
        self._cluster = cluster
        self._statements = statements

    def make(self, words: str) -> None:
        """See Slot. A host that is down makes it when it is back, before what comes later."""
        # the place in the keeper stays for minutes after a DROP, so that each run takes one of its own
        place = f"{self.name}/{self._hold.manners.runner.run}"
        kind = f"{engine('ReplicatedMergeTree', self._cluster.name, self.place, place)} ORDER BY held"
        text = self.definition(words, kind, on_cluster(self._cluster.name))
        deeds = Deeds("create table", table=self.name)
        outcomes = self._statements.arrive(self.link, self._cluster, text, deeds)
        failed = [each for each in outcomes if each.state == FAILED]
        if failed:
            error = HostsFailedError(outcomes)
            if _THERE in {each.code for each in failed}:
                error.number = _THERE
            elif any(each.state == DONE for each in outcomes):
                self.remove()
            raise error

    def holder(self, run: str) -> Holder | None:
        """See Slot."""
        found: list[Holder] = []
        for host, rows in self._cluster.ask(self.question).items():
            if rows:
                try:
                    link = self._cluster.ways.direct(host) or self.link
                    found.append(self.read(link, rows[0][0] or ""))
                except ConnectError:
                    continue
        others = [each for each in found if each.run != run]
        return max(others or found, key=lambda each: each.until, default=None)

    def remove(self) -> None:
        """See Slot. A host that is down removes it when it is back."""
        text = f"DROP TABLE IF EXISTS {self.table}{on_cluster(self._cluster.name)}"
        self._statements.submit(self.link, self._cluster, text, Deeds("drop table", table=self.name))
