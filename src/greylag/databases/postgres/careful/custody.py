"""One run's hold on one database: the lock, the journal, the watcher, and goose's files run with care."""

from __future__ import annotations

from greylag.databases.postgres.careful import lock, opening
from greylag.databases.postgres.careful.caretaker import PostgresCaretaker
from greylag.databases.postgres.careful.hold import Hold
from greylag.databases.postgres.careful.place import ensure
from greylag.databases.postgres.careful.refusing import closed_error, pooler_error
from greylag.databases.postgres.careful.rows import CarefulRows
from greylag.databases.postgres.encoding import sql_bytes
from greylag.databases.postgres.pooling import is_transaction_pooler
from greylag.databases.postgres.run import Run
from greylag.databases.postgres.waiting import StopError
from greylag.errors import DatabaseError
from greylag.model.care import Opening

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from greylag.databases.postgres.careful.place import History, Place
    from greylag.databases.postgres.session import PostgresSession
    from greylag.model.care import CarefulScript, Manners, Record, Tell
    from greylag.model.event import Ran
    from greylag.model.migration import Direction

_OLD = ("12", "13", "14")
_CHECK_SECONDS = 2
"""How soon a server notices that its client is gone, while it works for it or waits for a lock."""

_ORPHAN_PAUSE = 0.3


class Custody(Hold):
    """See the Protocol Careful."""

    transactional = True
    _history: History

    def __init__(self, session: PostgresSession, manners: Manners, tell: Tell) -> None:
        super().__init__(session, manners, tell)
        self._locked = False

    # -- opening and closing ----------------------------------------------------------------------------

    def open(self) -> Opening:
        """Take the lock, make what is not there, and read; see the Protocol."""
        try:
            return self._open()
        except StopError as stop:
            self.abandon()
            raise stop.as_error() from None

    def _open(self) -> Opening:
        session = self._session
        self.channel = channel = session.clean_channel()
        channel.watch = self.look  # the version table or the journal may be locked
        self.ground, taken = opening.enter_ground(channel, session.table, self._entry())
        if self.ground.pid != channel.canceller.pid and is_transaction_pooler(channel, session.settings):
            raise pooler_error()
        if taken != "true":
            lock.take(channel, self.manners.lock_wait_seconds, self.tell)
        self._locked = True
        history, place, kept = self._make_missing(fresh=taken == "true")
        self._history = history
        self.timeouts[""] = self.ground.default_wait
        self.ground = self.ground._replace(place=place)
        self.rows = CarefulRows(
            history, place, self.manners.runner, self.ground.pid, self.ground.role, self.secrecy
        )
        rows = session.history()
        return Opening(rows, kept.known, opening.find_unfinished(kept, rows))

    def _entry(self) -> str:
        """SQL that takes the lock, and tells the server of this run; NULL where another process answers.

        client_connection_check_interval came with 14, and 14 refuses it on some systems: such a server goes
        without.
        """
        channel = self.channel
        tell = "NULL"
        if channel.parameter("server_version").partition(".")[0] not in _OLD:
            tell = f"pg_catalog.set_config('client_connection_check_interval', '{_CHECK_SECONDS}s', false)"
        name = f"greylag {self.manners.runner.verb}"
        return (
            "(ARRAY[CASE WHEN pg_catalog.current_setting('application_name') = '' "
            f"THEN pg_catalog.set_config('application_name', '{name}', false) END, {tell}, "
            f"CASE WHEN pg_catalog.pg_backend_pid() = {channel.canceller.pid} "
            f"THEN pg_catalog.pg_try_advisory_lock({lock.LOCK_ID})::text END])[3]"
        )

    def _make_missing(self, *, fresh: bool) -> tuple[History, Place, opening.Kept]:
        """Version table and journal, made where they are not there, and what the journal holds.

        ``fresh``: the lock was free, and what was read with it is of the same moment.
        """
        session, channel = self._session, self.channel
        if not fresh or self.ground.history is None or self.ground.place is None:
            # whoever held the lock may have made the tables meanwhile
            self.ground = opening.read_ground(channel, session.table)
        if self.ground.history is None:
            session.create_history()
            self.ground = opening.read_ground(channel, session.table)
        history = self.ground.history
        if history is None:
            raise DatabaseError(
                f"{session.table} was made and cannot be found",
                driver_text="",
                hint="name the version table with its schema: --table public.goose_db_version",
            )
        if self.ground.closed:
            raise closed_error(self.ground.closed, channel.role)
        if self.ground.place is None:
            place = ensure(channel, None, self.ground.schema)
            return history, place, opening.Kept(place.made, {}, [])
        kept = opening.read_kept(channel, self.ground.place, history)
        place = ensure(channel, self.ground.place._replace(made=kept.made), self.ground.schema)
        return history, place, kept

    def close(self) -> None:
        """Give the lock back."""
        self.watched(None)
        if self._locked:
            self.channel.watch = None
        if self._watcher is not None:
            self._watcher.close()
        if self._locked and self.channel.usable and not self.channel.in_transaction:
            self._locked = False
            try:
                lock.release(self.channel)
            except StopError:
                self.channel.close()
        elif self._locked:
            self._session.close()

    # -- files --------------------------------------------------------------------------------------------

    def adopt(self, records: Iterable[Record]) -> None:
        """Note files of versions that are applied and unknown to the journal."""
        batch: list[str] = []
        size = 0
        for record in records:
            values = self.rows.adopted(record)
            batch.append(values)
            size += len(values)
            if size > _BATCH_BYTES:
                self._write_all([self.rows.adoption(batch)])
                batch, size = [], 0
        if batch:
            self._write_all([self.rows.adoption(batch)])

    def mark(self, records: Sequence[Record], state: str) -> None:
        """Record versions as applied; see the Protocol."""
        versions = [record.version for record in records]
        self._write_all(
            [
                self.rows.missing(versions),
                self.rows.adoption([self.rows.adopted(record) for record in records], state),
                self.rows.close(*versions),
            ]
        )

    def unmark(self, records: Sequence[Record], state: str) -> None:
        """Take the rows of versions away; see the Protocol."""
        statements = []
        for record in records:
            statements.append(
                f"DELETE FROM {self._history.table} WHERE version_id = {record.version} "
                f"AND pg_catalog.pg_backend_pid() = {self.ground.pid}"
            )
            statements.append(self.rows.note(record, "down", state, content=False))
            statements.append(self.rows.close(record.version))
        self._write_all(statements)

    def settle(self, record: Record, direction: Direction, number: int, hashes: Sequence[bytes]) -> None:
        """Note where an unfinished file goes on; see the Protocol."""
        note = self.rows.note
        done = [
            note(record, direction, "done", statement=at, hash=each, is_open=True, content=False)
            for at, each in enumerate(hashes, 1)
        ]
        self._write_all(
            [
                self.rows.close(record.version),
                note(record, direction, "resolved", statement=1, is_open=True, content=False),
                *done,
                note(record, direction, "resolved", statement=number, is_open=True, content=False),
            ]
        )

    def _write_all(self, statements: Sequence[str]) -> None:
        channel = self.held()
        try:
            channel.execute(self.rows.guarded_begin(None))
            channel.execute(sql_bytes("; ".join(statements)))
            channel.commit()
        except DatabaseError:
            if channel.usable and channel.in_transaction:
                channel.roll_back()
            raise
        except StopError as stop:
            self.abandon()
            raise stop.as_error() from None

    def apply(self, scripts: Iterable[CarefulScript]) -> Iterator[Ran]:
        """Run scripts in order; see the Protocol."""
        care = PostgresCaretaker(self)
        self.channel.watch = self.look
        # a wait that is cut short before a second is over is looked at before it is
        self.channel.watch_seconds = min(1.0, max(0.1, self.manners.lock_timeout_seconds * 0.6))
        try:
            if self.manners.atomic:
                from greylag.databases.postgres.careful.atomic import run_atomically

                yield from run_atomically(self, care, list(scripts))
            else:
                run = Run(self._session, care=care)
                yield from run.apply(care.note(careful) for careful in scripts)
        finally:
            self.channel.watch = None

    def unchecked(self) -> list[str]:
        """Constraints that are NOT VALID."""
        return opening.read_unchecked(self.channel) if self.channel.usable else []


_BATCH_BYTES = 1024 * 1024
