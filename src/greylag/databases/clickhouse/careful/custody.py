"""One run's hold on one database of ClickHouse: the lock, the journal, the version table, files with care."""

from __future__ import annotations

from contextlib import suppress

from greylag.databases.clickhouse.careful.cluster import preflight
from greylag.databases.clickhouse.careful.cluster.adoption import Adoption
from greylag.databases.clickhouse.careful.cluster.quorum import Quorum
from greylag.databases.clickhouse.careful.cluster.slot import ClusterSlot
from greylag.databases.clickhouse.careful.cluster.tables import create_history, engine, on_cluster
from greylag.databases.clickhouse.careful.ground import read_ground
from greylag.databases.clickhouse.careful.hold import Hold
from greylag.databases.clickhouse.careful.lines import COLUMNS, Line, Lines, define_journal
from greylag.databases.clickhouse.careful.lock import RunnerLock
from greylag.databases.clickhouse.careful.place import JOURNAL
from greylag.databases.clickhouse.careful.reading import NOTHING, read_memory
from greylag.databases.clickhouse.careful.slots import RowSlot
from greylag.databases.clickhouse.careful.steps import Steps
from greylag.databases.clickhouse.careful.tally import read_tally
from greylag.errors import ApplyError, DatabaseError, InterruptedRunError
from greylag.model.care import Opening
from greylag.model.event import Notice

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import TypeVar

    from greylag.databases.clickhouse.careful.cluster.cluster import Cluster
    from greylag.databases.clickhouse.careful.slots import Slot
    from greylag.databases.clickhouse.careful.tally import Tally
    from greylag.databases.clickhouse.link import Link
    from greylag.databases.clickhouse.session import ClickhouseSession
    from greylag.model.care import CarefulScript, Manners, Record, Tell
    from greylag.model.event import Ran
    from greylag.model.migration import Direction

    T = TypeVar("T")

_WAITED = 0.5
"""Seconds above which taking the lock counts as having waited for it."""


class Custody(Hold):
    """See the Protocol Careful."""

    transactional = False

    def __init__(self, session: ClickhouseSession, manners: Manners, tell: Tell) -> None:
        super().__init__(session, manners, tell)
        self._locked = self._opened = False
        self._memory = NOTHING
        self._found: preflight.Found | None = None

    # -- opening and closing --------------------------------------------------------------------------------

    def open(self) -> Opening:
        """Take the lock, make what is not there, mend the version table, and read; see the Protocol."""
        session = self.session
        session.pin()
        self.ground = read_ground(self.link, session.table)
        if session.spread is not None:
            self._look_at_cluster(session.spread.cluster)
        alone = session.settings.protocol == "embedded"  # its folder is locked: who holds a lock is gone
        link = self.aside or self.link
        self.lock = RunnerLock(link, self.ground, self.manners.runner, alone=alone, slots=self._slots(link))
        try:
            waited = self.lock.take(self.manners.lock_wait_seconds, self.tell, self.pause)
        except BaseException:
            # a signal may have come between the making of the lock and the answer
            self.lock.release()
            raise
        self._locked = True
        self._make_tables()
        session.freshen()
        tally = self._mend(read_tally(self.link, session.table))
        self._memory = memory = read_memory(self.link, self.ground, tally)
        self.lines = Lines(self.link, self.ground, self.manners.runner, memory.newest, self.quorum)
        self.lines.lock_wait = waited if waited > _WAITED else 0.0
        self._opened = True
        return Opening(tally.rows, memory.known, memory.unfinished, form="clickhouse")

    def close(self) -> None:
        """Write what still waits for the journal, if that can be, and give the lock back."""
        self.unwatched()
        if self._locked:
            self._locked = False
            if self._opened:
                with suppress(DatabaseError, InterruptedRunError):
                    self.lines.flush()
            self.lock.release()
        self.close_aside()
        self.session.unpin()

    def _look_at_cluster(self, name: str) -> None:
        """See that the cluster is fit to be written to. Raises RefusedError, DatabaseError."""
        self.cluster = cluster = self.cluster_of(name)
        self._found = preflight.look(cluster, self.ground.place, self.tell)
        self.shares_definitions = self._found.engine == "Replicated"
        own = cluster.own
        self.ground = self.ground._replace(node=own.label if own else self.ground.node)
        self.quorum = Quorum(len(cluster.hosts), self.tell)

    def _slots(self, link: Link) -> Callable[[str], Slot] | None:
        """The place of a lock by its name; None for a table with a comment."""
        cluster, place = self.cluster, self.ground.place
        if cluster is not None:
            return lambda name: ClusterSlot(self, link, name, cluster, self.statements)
        return (lambda name: RowSlot(link, place, name)) if "comment" in self.ground.lacks else None

    def _make_tables(self) -> None:
        if self.cluster is not None:
            self._spread_tables(self.cluster)
            return
        if self.ground.history and self.ground.journal:
            return
        # whoever held the lock may have made them meanwhile
        now = read_ground(self.link, self.session.table)
        if not now.history:
            self.session.create_history()
        if not now.journal:
            self.link.execute(define_journal(self.ground.place.journal))
        self.ground = self.ground._replace(history=True, journal=True)

    def _spread_tables(self, cluster: Cluster) -> None:
        """Let journal and version table be on every host; what one host has alone goes to all of them."""
        place, spread, name = self.ground.place, self.session.spread, cluster.name
        if found := self._found:
            is_there = not (found.plain(JOURNAL) or found.lacking(JOURNAL))
            if is_there and not (found.plain(place.table) or found.lacking(place.table)):
                return
        # whoever held the lock may have made them meanwhile
        adoption = Adoption(
            self.link, cluster, self.statements, place, preflight.look(cluster, place, lambda _: None)
        )
        kind = engine("ReplicatedReplacingMergeTree", name, place, JOURNAL)
        adoption.provide(
            JOURNAL, COLUMNS, lambda table: define_journal(place.of(table), kind, on_cluster(name)), self.tell
        )
        if spread is not None and spread.history:
            made = adoption.provide(
                place.table,
                "version_id, is_applied, date, tstamp",
                lambda table: create_history(name, place, table),
                self.tell,
            )
            if made:
                self.write_version("up", 0)
        elif not self.ground.history:
            self.session.create_history()
        self.ground = self.ground._replace(history=True, journal=True)

    def _mend(self, tally: Tally) -> Tally:
        """Let goose read the version table as it is meant. Raises DatabaseError."""
        table = self.session.table
        if tally.empty:
            self.write_version("up", 0)
            self._tell_mended(f"{table} held no row, not even that of version 0: it is written", [0])
        if tally.rolled_back:
            self._delete(f"version_id IN ({_listed(tally.rolled_back)})")
            self._tell_mended(
                f"{table} had rows that say rolled back (is_applied = 0) of version "
                f"{_listed(tally.rolled_back)}: goose would neither run nor count it; its rows are removed",
                tally.rolled_back,
            )
        if tally.shadowed:
            self._delete(f"version_id IN ({_listed(tally.shadowed)}) AND NOT is_applied")
            self._tell_mended(
                f"{table} had older rows that say rolled back of version {_listed(tally.shadowed)}, which is "
                "applied: they are removed",
                tally.shadowed,
            )
        if tally.repeated:
            self._tell_mended(
                f"{table} names version {_listed(tally.repeated)} more than once (a retried INSERT, or two "
                "goose at once): counted once; down removes all of its rows",
                tally.repeated,
            )
        return tally

    def _delete(self, condition: str) -> None:
        self.link.execute(
            f"ALTER TABLE {self.session.table} DELETE WHERE {condition} SETTINGS mutations_sync = 2"
        )

    def _tell_mended(self, text: str, versions: list[int]) -> None:
        self.tell(Notice("healed", text, {"versions": versions}))

    # -- files ----------------------------------------------------------------------------------------------

    def adopt(self, records: Iterable[Record]) -> None:
        """Note files of versions that are applied and unknown to the journal."""
        for record in records:
            now = self.ground.clock.now()
            self.lines.add(Line(record, "up", "adopted", content=True, finished=now))
        self.lines.flush()

    def mark(self, records: Sequence[Record], state: str) -> None:
        """Record versions as applied, one after the other; see the Protocol."""
        applied = {row.version for row in read_tally(self.link, self.session.table).rows}
        for record in records:
            self.lock.keep()
            if record.version not in applied:
                self.write_version("up", record.version)
            self.lines.add(Line(record, "up", state, content=True, finished=self.ground.clock.now()))
            self.lines.flush()

    def unmark(self, records: Sequence[Record], state: str) -> None:
        """Take the rows of versions away; see the Protocol."""
        for record in records:
            self.lock.keep()
            self.write_version("down", record.version)
            self.lines.add(Line(record, "down", state, finished=self.ground.clock.now()))
            self.lines.flush()

    def settle(self, record: Record, direction: Direction, number: int, hashes: Sequence[bytes]) -> None:
        """Note where an unfinished file goes on; see the Protocol."""
        self.lines.add(Line(record, direction, "resolved", 1))
        for at, text_hash in enumerate(hashes, 1):
            self.lines.add(Line(record, direction, "done", at, text_hash))
        self.lines.add(Line(record, direction, "resolved", number))
        self.lines.flush()

    def apply(self, scripts: Iterable[CarefulScript]) -> Iterator[Ran]:
        """Run scripts in order; see the Protocol."""
        applied: list[Ran] = []
        steps = Steps(self, self._memory.pasts)
        last: CarefulScript | None = None
        for careful in scripts:
            self.session.patience.look_around()
            last = careful
            ran = self._guard(steps, careful, applied, steps.run)
            applied.append(ran)
            yield ran
        if last is not None:
            self._guard(steps, last, applied, lambda _: self.lines.flush())

    def _guard(
        self, steps: Steps, careful: CarefulScript, applied: list[Ran], act: Callable[[CarefulScript], T]
    ) -> T:
        """``act``, whose failure is one of this file."""
        script = careful.script
        try:
            return act(careful)
        except DatabaseError as error:
            steps.note_failure(careful, error.number, error.message)
            failure = ApplyError(
                stage=steps.stage,
                migration=script.migration,
                direction=script.direction,
                cause=error,
                statement=steps.statement,
                transactional=False,
                applied=applied,
            )
            failure.journaled = steps.noted
            raise failure from error
        except InterruptedRunError as error:
            stopped = InterruptedRunError(error.signal, script.migration, transactional=False)
            stopped.journaled, stopped.doubtful = steps.noted, error.doubtful
            raise stopped from error

    def unchecked(self) -> list[str]:
        """None: ClickHouse checks a constraint when rows are written, and never before."""
        return []


def _listed(versions: Sequence[int]) -> str:
    return ", ".join(map(str, versions))
