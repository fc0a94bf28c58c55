"""What the parts of a careful run share: the connection that works, the lock, and what is told meanwhile."""

from __future__ import annotations

from time import monotonic

from greylag.databases.clickhouse import history
from greylag.databases.clickhouse.careful.cluster.cluster import Cluster
from greylag.databases.clickhouse.careful.cluster.quorum import Quorum
from greylag.databases.clickhouse.careful.cluster.statement import ClusterStatements
from greylag.databases.clickhouse.careful.mutations import Table, read_mutations
from greylag.databases.clickhouse.careful.older import OlderLink
from greylag.databases.clickhouse.careful.place import literal
from greylag.errors import DatabaseError
from greylag.model.event import Progress
from greylag.model.masking import masked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.databases.clickhouse.careful.ground import Ground
    from greylag.databases.clickhouse.careful.lines import Lines
    from greylag.databases.clickhouse.careful.lock import RunnerLock
    from greylag.databases.clickhouse.link import Link
    from greylag.databases.clickhouse.session import ClickhouseSession
    from greylag.model.care import Manners, Tell
    from greylag.model.deeds import Deeds
    from greylag.model.migration import Direction, Script


class Hold:
    """``ground``, ``lock`` and ``lines`` are there once the run is open. ``cluster`` is the workspace's.

    ``shares_definitions``: the database replicates them by itself, without ON CLUSTER.
    """

    ground: Ground
    lock: RunnerLock
    lines: Lines

    def __init__(self, session: ClickhouseSession, manners: Manners, tell: Tell) -> None:
        self.session = session
        self.manners = manners
        self.tell = tell
        self._aside: Link | None = None
        self._script: Script | None = None
        self._number, self._began = 0, 0.0
        self._query_id = ""
        self._table: Table | None = None
        self._clusters: dict[str, Cluster] = {}
        self.cluster: Cluster | None = None
        self.shares_definitions = False
        self.statements = ClusterStatements(self)
        self.quorum = Quorum(1, tell)

    @property
    def link(self) -> Link:
        """The connection that works, opened anew after it broke, for questions and notes of greylag's own."""
        return self.understood(self.session.link())

    @property
    def aside(self) -> Link | None:
        """A second connection, for looking while the first one waits; None where there can be but one."""
        if self._aside is None:
            self._aside = self.session.link_aside()
        return None if self._aside is None else self.understood(self._aside)

    def understood(self, link: Link) -> Link:
        """``link``, with greylag's own questions put as this server understands them."""
        ground = getattr(self, "ground", None)
        return OlderLink(link, ground.lacks, self.pause) if ground is not None and ground.lacks else link

    def cluster_of(self, name: str) -> Cluster:
        """A cluster by the name behind ON CLUSTER. Raises RefusedError where it is not known here."""
        if name not in self._clusters:
            self._clusters[name] = Cluster(self, name)
        return self._clusters[name]

    def table(self, deeds: Deeds) -> Table:
        """The table whose rows or parts a statement changes."""
        return Table(deeds.database or self.ground.session_database, deeds.table)

    def write_version(self, direction: Direction, version: int) -> None:
        """Record a file in the version table. Raises DatabaseError.

        A table that sorts out what was inserted twice (a replicated one does) goes by the token. By the rows
        it would also drop the one that a redo writes within a second: it is the same as the one before.
        """
        wanted = {}
        if direction == "up":
            token = f"{self.manners.runner.run}-{version}"
            wanted = self.ground.known(async_insert="0", insert_deduplication_token=token)
            if "insert_deduplication_token" not in wanted:
                wanted |= self.ground.known(insert_deduplicate="0")
        row = history.write_row(self.ground.place.versions, direction, version)
        if direction == "up" and "mutations_sync" in self.ground.settings:
            self.quorum.insert(self.link, row, settings=wanted)
        else:
            # servers of 2018 do not delete from the part that was the last one with a quorum
            self.link.execute(row, settings=wanted)

    def pause(self, seconds: float) -> None:
        """Do nothing for a while. Raises InterruptedRunError after a signal, DeadlineError."""
        self.session.patience.pause(seconds)

    def told(self, message: str) -> str:
        """An error's text as the journal may keep it: without the password of this connection."""
        password = self.session.settings.password
        return masked(message.replace(password, "***") if len(password) > 3 else message)

    # -- while a statement runs -----------------------------------------------------------------------------

    def watched(self, script: Script, number: int, query_id: str, table: Table | None) -> None:
        """Say which statement is under way, and on which table it may start mutations."""
        self._script, self._number, self._began = script, number, monotonic()
        self._query_id, self._table = query_id, table
        self.session.patience.watch = self.look

    def unwatched(self) -> None:
        """Nothing is under way any more."""
        self.session.patience.watch = None
        self._script = None

    def look(self) -> None:
        """Put the lock's expiry off and tell how far the statement is."""
        aside = self.aside
        phase, done, total = "", 0, 0
        if aside is not None:
            try:
                self.lock.keep()
                phase, done, total = self._progress(aside)
            except DatabaseError:
                phase = ""  # the statement goes on, and its own connection tells what is wrong
        self.progress(phase, done, total)

    def progress(self, phase: str, done: int, total: int) -> None:
        """Tell how far it is."""
        script = self._script
        if script is not None:
            self.tell(
                Progress(
                    script.migration, script.direction, self._number, script.count,
                    monotonic() - self._began, phase, done, total,
                )
            )  # fmt: skip

    def _progress(self, aside: Link) -> tuple[str, int, int]:
        if self._table is not None:
            left = sum(each.left for each in read_mutations(aside, self._table) if not each.done)
            return (f"mutation: {left} parts to do", 0, 0) if left else ("", 0, 0)
        rows = aside.query(
            "SELECT toString(read_rows), toString(total_rows_approx) FROM system.processes "
            f"WHERE query_id = {literal(self._query_id)}"
        ).rows
        return ("reading rows", int(rows[0][0] or 0), int(rows[0][1] or 0)) if rows else ("", 0, 0)

    def abandon(self) -> None:
        """After a signal or a deadline: ask the server to stop the statement. Never raises."""
        aside = self.aside
        if aside is None or not self._query_id:
            return
        try:
            aside.execute(f"KILL QUERY WHERE query_id = {literal(self._query_id)} ASYNC")
        except DatabaseError:
            return

    def close_aside(self) -> None:
        """Close the other connections."""
        if self._aside is not None:
            self._aside.close()
            self._aside = None
        for cluster in self._clusters.values():
            cluster.close()
