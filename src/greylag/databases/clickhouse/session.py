"""A session with ClickHouse: goose 3.27.3 with clickhouse-go, statement by statement, no transactions."""

from __future__ import annotations

from time import perf_counter_ns

from greylag.databases.clickhouse import history
from greylag.databases.clickhouse.dsn import Settings, read_dsn
from greylag.databases.clickhouse.link import open_link, say
from greylag.databases.clickhouse.rows import read_flag, read_stamp, read_version
from greylag.databases.clickhouse.wire import Patience
from greylag.databases.stepwise import Reached, ScanError, say_nothing, unreadable
from greylag.errors import ApplyError, DatabaseError, InterruptedRunError
from greylag.model.event import Ran
from greylag.model.history import Applied, Stamp

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    from greylag.databases.base import Deadline, Interrupt
    from greylag.databases.clickhouse.careful.custody import Custody
    from greylag.databases.clickhouse.careful.journal import JournalReader
    from greylag.databases.clickhouse.link import Link
    from greylag.model.care import Manners, Tell
    from greylag.model.catalog.catalog import Catalog
    from greylag.model.event import Notice, Trace
    from greylag.model.migration import Script
    from greylag.model.server import Server
    from greylag.model.spread import Spread

_FOR_EVER = 604800.0
_ASIDE_SECONDS = 10.0
"""How long a question on the second connection may take."""


class ClickhouseSession:
    """One database of a server, or an embedded one; see :class:`greylag.databases.base.Session`.

    ClickHouse has no transactions: what a failed file did before its failure stays, with or without
    ``NO TRANSACTION``.
    """

    def __init__(
        self,
        dsn: str,
        table: str,
        *,
        deadline: Deadline | None = None,
        interrupt: Interrupt | None = None,
        spread: Spread | None = None,
    ) -> None:
        self.table = table
        self._dsn = dsn
        self.patience = Patience(deadline, interrupt)
        self._settings: Settings | None = None
        self._link: Link | None = None
        self._tell: Callable[[Notice], None] = say
        self._spread = spread
        self._is_fresh = False
        self._others: tuple[str, ...] = ()

    def connect(self) -> Server:
        """Open the connection and say where it leads. Raises ConnectError."""
        return self._open().facts()

    def history(self) -> list[Applied]:
        """All rows of the version table, highest version first. Raises DatabaseError."""
        self.freshen()
        answer = self._open().query(history.list_rows(self.table))
        version_type, flag_type = answer.types
        try:
            return [
                Applied(read_version(version, version_type), read_flag(flag, flag_type))
                for version, flag in answer.rows
            ]
        except ScanError as error:
            raise unreadable(error) from error

    def stamps(self) -> list[Stamp]:
        """The newest row of every version, by its time stamp. Raises DatabaseError."""
        self.freshen()
        found = []
        answer = self._open().query(history.list_stamps(self.table))
        version_type, stamp_type, flag_type = answer.types
        for version, stamp, flag in answer.rows:
            try:
                number = read_version(version, version_type)
            except ScanError:
                continue  # goose asks for the versions of files, and this is none
            try:
                at = read_stamp(stamp, stamp_type)
                found.append(Stamp(number, read_flag(flag, flag_type), at))
            except ScanError as error:
                found.append(Stamp(number, False, None, str(error)))
        return found

    def moments(self) -> dict[int, datetime | None]:
        """The newest time stamp of every version. Raises DatabaseError."""
        return {stamp.version: stamp.at for stamp in self.stamps()}

    def create_history(self) -> None:
        """Make the version table with its row for version 0; a table that is there gets the row as well."""
        link = self._open()
        link.execute(history.create_table(self.table))
        link.execute(history.write_row(self.table, "up", 0))

    def is_empty(self) -> bool:
        """Whether nobody has made a table or view. Raises DatabaseError."""
        own = self.table.rpartition(".")[2].strip("`\"'").replace("\\", "\\\\").replace("'", "\\'")
        text = (
            f"SELECT count() FROM system.tables WHERE database = currentDatabase() AND name != '{own}' "
            "AND name NOT IN ('greylag_journal', 'greylag_lock') AND NOT startsWith(name, 'greylag_lock_')"
        )
        return self._open().query(text).rows == [["0"]]

    def names(self, table: str) -> list[str]:
        """None: the server itself says "maybe you meant"."""
        del table
        return []

    def apply(
        self, scripts: Iterable[Script], *, record: bool = True, trace: Trace | None = None
    ) -> Iterator[Ran]:
        """Run scripts one by one; see the Protocol."""
        applied: list[Ran] = []
        for script in scripts:
            signalled = self.patience.interrupt.signal if self.patience.interrupt is not None else 0
            if signalled:
                raise InterruptedRunError(signalled)
            ran = self._run_script(script, record, trace or say_nothing, applied)
            applied.append(ran)
            yield ran

    def catalog(self, schemas: Sequence[str] | None = None, *, home: str = "") -> Catalog:
        """The schema as it stands, of all databases where this one is ``default``. Raises DatabaseError."""
        from greylag.databases.clickhouse.catalog.reading import read_catalog

        del schemas, home  # the connection says which databases
        return read_catalog(self._open())

    def journal(self) -> JournalReader:
        """What greylag has noted in this database."""
        from greylag.databases.clickhouse.careful.journal import JournalReader

        return JournalReader(self)

    def careful(self, manners: Manners, tell: Tell) -> Custody:
        """A run with lock and journal; ``tell`` also hears what the link says from here on."""
        from greylag.databases.clickhouse.careful.custody import Custody

        self._tell = tell
        return Custody(self, manners, tell)

    @property
    def settings(self) -> Settings:
        """What the connection string asks for. Raises ConnectError."""
        if self._settings is None:
            self._settings = read_dsn(self._dsn)
        return self._settings

    @property
    def spread(self) -> Spread | None:
        """The cluster it is on; None for an embedded engine, which is in none."""
        return None if self._spread is None or self.settings.protocol == "embedded" else self._spread

    def freshen(self) -> None:
        """Once: let the node that is connected to fetch what other hosts of the cluster noted.

        Raises DatabaseError where that is on a host that is down.
        """
        if self.spread is None or self._is_fresh:
            return
        from greylag.databases.clickhouse.careful.cluster.tables import catch_up
        from greylag.databases.clickhouse.careful.place import JOURNAL

        database = self.table.rpartition(".")[0]
        tables = (self.table, f"{database}.{JOURNAL}" if database else JOURNAL)
        catch_up(self._open(), tables, self.patience.pause)
        self._is_fresh = True

    def pin(self) -> None:
        """Stay with the host that is connected to: what a run asks and notes is partly this host's own."""
        link = self._open()
        # an answer that the server was told to hold back must not count as lost
        ordered = self.settings.server.get("distributed_ddl_task_timeout", "")
        if ordered.lstrip("-").isdigit():
            seconds = float(ordered) if not ordered.startswith("-") else _FOR_EVER
            self.settings.read_timeout = max(self.settings.read_timeout, seconds + _ASIDE_SECONDS)
        if len(self.settings.addresses) > 1:
            link.begin()
            self._others, self.settings.addresses = self.settings.addresses, (link.address,)

    def unpin(self) -> None:
        """Any host may be connected to again."""
        self.settings.addresses, self._others = self._others or self.settings.addresses, ()

    @property
    def addresses(self) -> tuple[str, ...]:
        """Those of the connection string."""
        return self._others or self.settings.addresses

    def link(self) -> Link:
        """The connection, opened when first needed. Raises ConnectError."""
        return self._open()

    def link_aside(self) -> Link | None:
        """A second connection to the same node, deaf to signals; None for an embedded engine."""
        if self.settings.protocol == "embedded":
            return None
        aside = Settings()
        aside.__dict__.update(self.settings.__dict__)
        aside.addresses, aside.read_timeout = (self._open().address,), _ASIDE_SECONDS
        return open_link(aside, Patience(None, None))

    def close(self) -> None:
        """Close the connection."""
        if self._link is not None:
            self._link.close()
            self._link = None

    def _open(self) -> Link:
        self.patience.look_around()
        if self._link is None:
            self._link = open_link(self.settings, self.patience, self._pass_on)
        return self._link

    def _pass_on(self, notice: Notice) -> None:
        self._tell(notice)  # the link is there before a careful run begins, and outlives it

    def _run_script(self, script: Script, record: bool, trace: Trace, applied: list[Ran]) -> Ran:
        started = perf_counter_ns()
        reached = Reached()
        try:
            self._run_steps(script, record, trace, reached)
        except DatabaseError as error:
            if script.transactional and reached.stage != "begin":
                trace("rollback", "", True)
            raise ApplyError(
                stage=reached.stage,
                migration=script.migration,
                direction=script.direction,
                cause=error,
                statement=reached.statement,
                transactional=False,
                applied=applied,
            ) from error
        except InterruptedRunError as error:
            raise InterruptedRunError(error.signal, script.migration, transactional=False) from error
        return Ran(script.migration, script.direction, reached.count, perf_counter_ns() - started)

    def _run_steps(self, script: Script, record: bool, trace: Trace, reached: Reached) -> None:
        within = script.transactional  # in words only: goose begins and commits, and nothing is sent
        link = self._open()
        if within:
            trace("begin", "", True)
            link.begin()
        reached.stage = "statement"
        for reached.statement in script.statements:
            trace("statement", reached.statement.text, within)
            link.execute(reached.statement.text)
            reached.count += 1
        reached.statement = None
        if record:
            reached.stage = "insert" if script.direction == "up" else "delete"
            link.execute(history.write_row(self.table, script.direction, script.migration.version))
        if within:
            trace("commit", "", True)
