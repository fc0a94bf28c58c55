"""An open connection: sending, waiting without blocking, cancelling, and reading results."""

from __future__ import annotations

import select
from time import monotonic

from greylag.databases.postgres import failures
from greylag.databases.postgres.canceller import Canceller
from greylag.databases.postgres.libpq import (
    COMMAND_OK,
    CONNECTION_OK,
    COPY_BOTH,
    COPY_IN,
    COPY_OUT,
    FATAL_ERROR,
    IDLE,
    PIPELINE_SYNC,
    TUPLES_OK,
    strings,
)
from greylag.databases.postgres.waiting import StopError, end_of, wait_for
from greylag.errors import DatabaseError
from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from greylag.databases.base import Deadline, Interrupt
    from greylag.databases.postgres.addresses import Address
    from greylag.databases.postgres.libpq import Libpq

_COPIES = (COPY_IN, COPY_OUT, COPY_BOTH)

_REPEAT_SECONDS = 0.2
"""How often a statement that is to stop is cancelled again: a cancel between two statements hits nothing."""
_GRACE_SECONDS = 5.0
"""How long a server may take to answer a cancel before its connection is given up."""


class Row(NamedTuple):
    """A prepared statement with its values, None for NULL: a version's row, for one.

    ``name`` is the one it is prepared under; that of goose's rows is pgx's.
    """

    name: bytes
    sql: bytes
    values: Sequence[bytes | None]


class Rows(NamedTuple):
    """What a query gave: the type (its oid) of every column, and the rows."""

    types: list[int]
    rows: list[tuple[bytes | None, ...]]


class Channel:
    """A connection to one server. ``broken`` is True once nothing more can come through it."""

    def __init__(
        self,
        libpq: Libpq,
        handle: int,
        place: Address,
        deadline: Deadline | None,
        interrupt: Interrupt | None,
        *,
        caches_statements: bool = True,
    ) -> None:
        self.libpq = libpq
        self.handle = handle
        self.place = place
        self.caches_statements = caches_statements
        self.deadline = deadline
        self.interrupt = interrupt
        self.broken = False
        self.canceller = Canceller(libpq, handle)
        self.prepared: set[bytes] = set()
        self.watch: Callable[[float], None] | None = None
        """Called every ``watch_seconds`` while an answer is waited for, with the seconds waited so far."""
        self.watch_seconds = 1.0
        self._deaf_until = 0.0
        self._cancel_at = 0.0

    @property
    def usable(self) -> bool:
        """False after the connection broke or was closed."""
        return bool(self.handle) and not self.broken and self.libpq.status(self.handle) == CONNECTION_OK

    @property
    def in_transaction(self) -> bool:
        """True inside a transaction, failed or not."""
        return self.libpq.transaction_status(self.handle) != IDLE

    @property
    def database(self) -> str:
        """The database's name, as libpq knows it."""
        return failures.text(self.libpq.db(self.handle))

    @property
    def role(self) -> str:
        """The role that logged in."""
        return failures.text(self.libpq.user(self.handle))

    def parameter(self, name: str) -> str:
        """A setting the server reports by itself, such as ``server_version``."""
        return failures.text(self.libpq.parameter_status(self.handle, name.encode()))

    def close(self) -> None:
        """Say goodbye and free what libpq holds."""
        if self.handle:
            self.libpq.finish(self.handle)
            self.handle = 0
            self.canceller.close()

    # -- waiting ----------------------------------------------------------------------------------------

    def wait(self) -> None:
        """Send what is waiting to be sent, wait until something can be read, and read it into libpq.

        Raises StopError for a signal or the deadline, but not after :meth:`stop` or :meth:`calm`.
        """
        unsent = self.libpq.flush(self.handle)
        socket = self.libpq.socket(self.handle)
        if unsent < 0 or socket < 0:
            self.broken = True
            return
        events = select.POLLIN | (select.POLLOUT if unsent else 0)
        if self._deaf_until:
            self._wait_deaf(socket, events)
        elif self.watch is not None:
            self._wait_watching(socket, events, self.watch)
        elif not wait_for(socket, events, end_of(self.deadline), self.interrupt):
            raise StopError(0)
        if not self.broken and not self.libpq.consume_input(self.handle):
            self.broken = True

    def _wait_watching(self, socket: int, events: int, watch: Callable[[float], None]) -> None:
        began = monotonic()
        look = began + self.watch_seconds
        while True:
            end = end_of(self.deadline)
            if wait_for(socket, events, look if end is None else min(look, end), self.interrupt):
                return
            if end is not None and monotonic() >= end:
                raise StopError(0)
            watch(monotonic() - began)
            look = monotonic() + self.watch_seconds

    def _wait_deaf(self, socket: int, events: int) -> None:
        if wait_for(socket, events, min(self._deaf_until, self._cancel_at), None):
            return
        if monotonic() >= self._deaf_until:
            self.broken = True
        else:
            self._cancel_at = monotonic() + _REPEAT_SECONDS
            self.canceller.cancel()

    def stop(self) -> None:
        """Cancel what the server does, again and again until :meth:`calm`, deaf to signals and deadline."""
        self._deaf_until = monotonic() + _GRACE_SECONDS
        self._cancel_at = monotonic() + _REPEAT_SECONDS
        self.canceller.cancel()

    def calm(self) -> None:
        """Only wait for the server to end, deaf to signals and deadline."""
        self._deaf_until = monotonic() + _GRACE_SECONDS
        self._cancel_at = self._deaf_until

    def listen(self) -> None:
        """Heed signals and deadline again."""
        self._deaf_until = 0.0

    # -- one statement at a time ------------------------------------------------------------------------

    def next_result(self) -> int | None:
        """The next result of what was sent, None after the last one."""
        while not self.broken and self.libpq.is_busy(self.handle):
            self.wait()
        return self.take_result()

    def take_result(self) -> int | None:
        """A result that is there already; None too where a connection was given up that still owes one."""
        if self.libpq.is_busy(self.handle) and self.libpq.status(self.handle) == CONNECTION_OK:
            return None  # libpq would wait for the server for ever
        return self.libpq.get_result(self.handle)

    def lost(self) -> DatabaseError:
        """The error of a connection that broke without the server saying why."""
        return failures.from_connection(failures.text(self.libpq.error_message(self.handle)))

    def execute(self, statement: bytes) -> str:
        """Run ``statement`` over the simple protocol; gives the tag of the last command without rows.

        Raises DatabaseError for the first error of it, StopError.
        """
        if not self.libpq.send_query(self.handle, statement):
            raise self.lost()
        self.libpq.stream_rows(self.handle)
        return self.discard()

    def commit(self) -> None:
        """Commit. Raises DatabaseError, also where the server rolled back instead."""
        if self.execute(b"commit") == "ROLLBACK":
            raise failures.rolled_back()

    def roll_back(self) -> None:
        """Undo an open transaction; a connection that cannot even do that is closed, which does it too."""
        self.calm()
        try:
            self.execute(b"rollback")
        except DatabaseError:
            self.close()
        self.listen()

    def discard(self) -> str:
        """Read and free the results of what was sent, to the last. Raises as :meth:`execute` does."""
        libpq, tag = self.libpq, ""
        error: DatabaseError | None = None
        while (result := self.next_result()) is not None:
            status = libpq.result_status(result)
            if status == FATAL_ERROR:
                error = error or failures.from_result(libpq, result)
            elif status in _COPIES:
                refused = self._refuse_copy(status)
                error = error or refused
            elif status == COMMAND_OK:
                tag = failures.text(libpq.cmd_status(result))
            libpq.clear(result)
            if self.broken:
                break
        if error is None and not self.usable:
            error = self.lost()
        if error is not None:
            raise error
        return tag

    def _refuse_copy(self, status: int) -> DatabaseError | None:
        if status != COPY_OUT and self.deadline is not None:
            while not self.broken:  # goose waits for the server, which waits for data, until the time is over
                self.wait()
        self._leave_copy(status)
        return None if status == COPY_OUT else failures.refused_copy()

    def _leave_copy(self, status: int) -> None:
        """End a COPY, in which libpq would stay for ever: data that comes is read, none is sent."""
        import ctypes

        if status not in _COPIES:
            return
        if status != COPY_OUT:
            self.libpq.put_copy_end(self.handle, failures.NO_DATA.encode())
            return
        line = ctypes.c_void_p()
        while not self.broken:
            length = self.libpq.get_copy_data(self.handle, ctypes.byref(line), 1)
            if length > 0:
                self.libpq.free_memory(line)
            elif length == 0:
                self.wait()
            else:
                return

    def fetch(self, query: bytes, *, binary: bool = True) -> Rows:
        """The rows of ``query``. Raises DatabaseError, StopError."""
        libpq = self.libpq
        if not libpq.send_query_params(self.handle, query, 0, None, None, None, None, int(binary)):
            raise self.lost()
        answer = Rows([], [])
        error: DatabaseError | None = None
        while (result := self.next_result()) is not None:
            if libpq.result_status(result) == TUPLES_OK:
                found = self._rows_of(result)
                answer.types.extend(found.types)
                answer.rows.extend(found.rows)
            else:
                error = error or failures.from_result(libpq, result)
            libpq.clear(result)
            if self.broken:
                break
        if error is None and not self.usable:
            error = self.lost()
        if error is not None:
            raise error
        return answer

    def fetch_all(self, questions: Sequence[tuple[bytes, bool]]) -> list[Rows]:
        """The rows of several queries in one round trip, each with whether they come in binary.

        Raises DatabaseError for the first that fails: those behind it are not answered then. After StopError
        the connection is closed.
        """
        libpq, handle = self.libpq, self.handle
        libpq.enter_pipeline_mode(handle)
        for query, binary in questions:
            libpq.send_query_params(handle, query, 0, None, None, None, None, int(binary))
        libpq.pipeline_sync(handle)
        answers: list[Rows] = []
        error: DatabaseError | None = None
        try:
            while not self.broken:
                result = self.next_result()
                if result is None:
                    continue  # the end of one query's answer
                status = libpq.result_status(result)
                if status == TUPLES_OK:
                    answers.append(self._rows_of(result))
                elif status == FATAL_ERROR:
                    error = error or failures.from_result(libpq, result)
                libpq.clear(result)
                if status == PIPELINE_SYNC:
                    break
        except StopError:
            self.close()
            raise
        libpq.exit_pipeline_mode(handle)
        if error is None and not self.usable:
            error = self.lost()
        if error is not None:
            raise error
        return answers

    def _rows_of(self, result: int) -> Rows:
        libpq = self.libpq
        columns = range(libpq.nfields(result))
        return Rows(
            [libpq.ftype(result, column) for column in columns],
            [
                tuple(libpq.value(result, row, column) for column in columns)
                for row in range(libpq.ntuples(result))
            ],
        )

    def record(self, row: Row) -> None:
        """Write or delete a version's row. Raises DatabaseError, StopError."""
        if self.caches_statements and row.name not in self.prepared:
            if not self.libpq.send_prepare(self.handle, row.name, row.sql, 0, None):
                raise self.lost()
            self.discard()
            self.prepared.add(row.name)
        if not self.send_row(row):
            raise self.lost()
        self.discard()

    def send_row(self, row: Row) -> int:
        """Send a version row's statement, prepared before or not. 0 when the connection is broken."""
        values = strings(row.values)
        if self.caches_statements:
            return self.libpq.send_query_prepared(
                self.handle, row.name, len(row.values), values, None, None, 0
            )
        return self.libpq.send_query_params(
            self.handle, row.sql, len(row.values), None, values, None, None, 0
        )

    def abandon(self) -> None:
        """After StopError: cancel the statement, read to its end, and undo an open transaction."""
        self.stop()
        while not self.broken and (result := self.next_result()) is not None:
            self._leave_copy(self.libpq.result_status(result))
            self.libpq.clear(result)
        self.listen()
        if self.usable and self.in_transaction:
            self.roll_back()
