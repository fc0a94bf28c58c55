"""A session with an SQLite database: goose 3.27.3 with modernc.org/sqlite, done with Python's sqlite3."""

from __future__ import annotations

import os
import sqlite3
from time import perf_counter_ns

from greylag.databases.sqlite import history
from greylag.databases.sqlite.connection import open_connection
from greylag.databases.sqlite.dsn import Settings, read_source
from greylag.databases.sqlite.failures import explain
from greylag.databases.sqlite.rows import read_flag, read_stamp, read_version, value_of
from greylag.databases.sqlite.units import PieceError, locate, run_unit
from greylag.databases.stepwise import Reached, ScanError, say_nothing, unreadable
from greylag.errors import ApplyError, DatabaseError, DeadlineError, InterruptedRunError
from greylag.model.event import Ran
from greylag.model.history import Applied, Stamp
from greylag.model.server import Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime
    from typing import Any

    from greylag.databases.base import Deadline, Interrupt
    from greylag.model.care import Manners, Tell
    from greylag.model.catalog.catalog import Catalog
    from greylag.model.event import Trace
    from greylag.model.migration import Script

    Values = tuple[int, ...]

# Steps of SQLite's virtual machine between two looks at the clock and at signals: well under a millisecond.
_STEPS = 10_000


class SqliteSession:
    """One database file (or ``:memory:``); see :class:`greylag.databases.base.Session`.

    Nothing is opened before it is needed, and a file that is not there is read as an empty database: only
    what writes creates it.
    """

    def __init__(
        self,
        dsn: str,
        table: str,
        *,
        deadline: Deadline | None = None,
        interrupt: Interrupt | None = None,
    ) -> None:
        self.table = table
        self._dsn = dsn
        self._deadline = deadline
        self._interrupt = interrupt
        self._connection: sqlite3.Connection | None = None
        self._settings = Settings()

    def connect(self) -> Server:
        """Open the database unless its file is still to be made, and name it. Raises ConnectError."""
        connection = self._open(to_read=True)
        if connection is not self._connection:
            connection.close()
        source = read_source(self._dsn)
        return Server("sqlite", sqlite3.sqlite_version, "", 0, source.path or source.name or ":memory:", "")

    def history(self) -> list[Applied]:
        """All rows of the version table, newest id first. Raises DatabaseError."""
        try:
            rows = self._query(history.list_rows(self.table))
        except DatabaseError as error:
            error.no_history = error.message.startswith("no such table")
            raise
        try:
            return [
                Applied(read_version(value_of(version, is_text)), read_flag(value_of(flag, flag_is_text)))
                for version, flag, is_text, flag_is_text in rows
            ]
        except ScanError as error:
            raise unreadable(error) from error

    def stamps(self) -> list[Stamp]:
        """The newest row of every version, by its time stamp. Raises DatabaseError."""
        rows = self._query(history.list_stamps(self.table))
        declared = self._declared_type() if rows else ""
        found: dict[float, Stamp] = {}
        for stamp, flag, version, is_text, flag_is_text in rows:
            # goose asks with "version_id = 1", which finds 1.0 too
            if isinstance(version, int | float) and version % 1 == 0 and version not in found:
                try:
                    at = read_stamp(value_of(stamp, is_text), declared, self._settings)
                    found[version] = Stamp(int(version), read_flag(value_of(flag, flag_is_text)), at)
                except ScanError as error:
                    found[version] = Stamp(int(version), False, None, str(error))
        return list(found.values())

    def moments(self) -> dict[int, datetime | None]:
        """The newest time stamp of every version. Raises DatabaseError."""
        return {stamp.version: stamp.at for stamp in self.stamps()}

    def create_history(self) -> None:
        """Make the version table with its row for version 0. Raises DatabaseError."""
        self._begin()
        try:
            self._run(history.create_table(self.table))
            self._run(history.write_row(self.table, "up"), (0, 1))
            self._commit()
        except BaseException:
            self._roll_back()
            raise

    def is_empty(self) -> bool:
        """Whether nobody has made a table or view. Raises DatabaseError."""
        own = history.split_name(self.table)[1].lower().encode()
        names = self._query("SELECT lower(name) FROM sqlite_master WHERE type IN ('table', 'view')")
        return all(name == own or name.startswith(b"sqlite_") for (name,) in names)

    def names(self, table: str) -> list[str]:
        """None: SQLite's answers have no codes that hints could go by."""
        del table
        return []

    def catalog(self, schemas: Sequence[str] | None = None, *, home: str = "") -> Catalog:
        """The schema of the database; there is one, ``main``. Raises DatabaseError."""
        from greylag.databases.sqlite.catalog.reading import read_catalog  # few verbs ask

        del schemas, home
        return read_catalog(self._texts, sqlite3.sqlite_version)

    def apply(
        self, scripts: Iterable[Script], *, record: bool = True, trace: Trace | None = None
    ) -> Iterator[Ran]:
        """Run scripts one by one; see the Protocol."""
        applied: list[Ran] = []
        for script in scripts:
            if self._interrupt is not None and self._interrupt.signal:
                raise InterruptedRunError(self._interrupt.signal)
            ran = self._run_script(script, record, trace or say_nothing, applied)
            applied.append(ran)
            yield ran

    def journal(self) -> None:
        """SQLite keeps none: one file, one process, and a transaction around every file."""

    def careful(self, manners: Manners, tell: Tell) -> None:
        """No careful runs, for the same reason."""
        del manners, tell

    def close(self) -> None:
        """Close the connection; what is not committed is undone."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _run_script(self, script: Script, record: bool, trace: Trace, applied: list[Ran]) -> Ran:
        started = perf_counter_ns()
        reached = Reached()
        try:
            self._run_steps(script, record, trace, reached)
        except DatabaseError as error:
            if script.transactional and reached.stage not in ("begin", "commit"):
                trace("rollback", "", True)
            self._roll_back()
            raise ApplyError(
                stage=reached.stage,
                migration=script.migration,
                direction=script.direction,
                cause=error,
                statement=reached.statement,
                transactional=script.transactional,
                applied=applied,
            ) from error
        except InterruptedRunError as error:
            self._roll_back()
            raise InterruptedRunError(
                error.signal, script.migration, transactional=script.transactional
            ) from error
        except BaseException:
            self._roll_back()
            raise
        return Ran(script.migration, script.direction, reached.count, perf_counter_ns() - started)

    def _run_steps(self, script: Script, record: bool, trace: Trace, reached: Reached) -> None:
        within = script.transactional
        if within:
            trace("begin", "", True)
            self._begin()
        reached.stage = "statement"
        for reached.statement in script.statements:
            trace("statement", reached.statement.text, within)
            self._run(reached.statement.text)
            reached.count += 1
        reached.statement = None
        if record:
            version = script.migration.version
            up = script.direction == "up"
            reached.stage = "insert" if up else "delete"
            self._run(history.write_row(self.table, script.direction), (version, 1) if up else (version,))
        reached.stage = "commit"
        if within:
            trace("commit", "", True)
            self._commit()

    def _open(self, *, to_read: bool = False) -> sqlite3.Connection:
        """The open connection, or a new one; to read a file that is not there, one to an empty database."""
        self._look_around()
        if self._connection is not None:
            return self._connection
        source = read_source(self._dsn)
        missing = to_read and _could_be_made(source.path)
        connection, self._settings = open_connection(source, empty=missing)
        if self._deadline is not None or self._interrupt is not None:
            connection.set_progress_handler(self._should_stop, _STEPS)
        if not missing:
            self._connection = connection
        return connection

    def _begin(self) -> None:
        self._open()
        self._run(self._settings.begin)

    def _query(self, text: str) -> list[tuple[Any, ...]]:
        connection = self._open(to_read=True)
        try:
            return connection.execute(text).fetchall()
        except (sqlite3.Error, UnicodeEncodeError) as error:
            raise self._translated(error) from error
        finally:
            if connection is not self._connection:
                connection.close()

    def _texts(self, text: str) -> list[tuple[Any, ...]]:
        """Rows of a query, with bytes that are not UTF-8 as surrogate escapes."""
        return [
            tuple(
                each.decode("utf-8", "surrogateescape") if isinstance(each, bytes) else each for each in row
            )
            for row in self._query(text)
        ]

    def _run(self, text: str, values: Values = ()) -> None:
        connection = self._open()
        try:
            run_unit(connection, text, values)
        except PieceError as error:
            raise self._translated(error.cause, text, error.start) from error
        self._look_around()

    def _commit(self) -> None:
        connection = self._open()
        try:
            run_unit(connection, "commit")
        except PieceError as error:
            self._roll_back()
            raise self._translated(error.cause) from error

    def _roll_back(self) -> None:
        """Undo what is open. As in goose, an error of the rollback itself says nothing new."""
        if self._connection is not None and self._connection.in_transaction:
            try:
                self._connection.execute("rollback")
            except sqlite3.Error:
                self.close()

    def _declared_type(self) -> str:
        schema, name = history.split_name(self.table)
        within = (schema,) if schema else ()
        marks = "?, ?" if schema else "?"
        text = f"SELECT upper(type) FROM pragma_table_info({marks}) WHERE lower(name) = 'tstamp'"
        try:
            row = self._open().execute(text, (name, *within)).fetchone()
        except sqlite3.Error:
            return "TIMESTAMP"
        return row[0].decode() if row else "TIMESTAMP"

    def _translated(self, error: Exception, text: str = "", start: int = 0) -> DatabaseError:
        """The error to raise; when the time is over that is the error, whatever SQLite says, as in goose."""
        self._look_around()
        return explain(error, position=locate(text, start, str(error)) if text else 0)

    def _should_stop(self) -> bool:
        signalled = self._interrupt is not None and self._interrupt.signal != 0
        return signalled or (self._deadline is not None and self._deadline.left() == 0)

    def _look_around(self) -> None:
        """Raise InterruptedRunError after a signal, DeadlineError when the time is over."""
        if self._interrupt is not None and self._interrupt.signal:
            raise InterruptedRunError(self._interrupt.signal)
        if self._deadline is not None and self._deadline.left() == 0:
            text = "context deadline exceeded"
            raise DeadlineError(
                text, driver_text=text, hint="give more time (goose -timeout, greylag --timeout)"
            )


def _could_be_made(path: str | None) -> bool:
    """Whether a file is missing where one could be made; everything else is SQLite's to judge."""
    if path is None or os.path.lexists(path):
        return False
    return os.access(os.path.dirname(path) or ".", os.W_OK | os.X_OK)
