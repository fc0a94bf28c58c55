"""Running many files in few round trips, over libpq's pipeline, with goose's transactions.

Per file: BEGIN, its statements, the version row, COMMIT, and a request to the server to send its answers.
One Sync ends a run of files: an error makes the server skip everything up to it, and what was committed
before stays. Without the request a client that dies in file 2 of 6 leaves a server that applies all six.
"""

from __future__ import annotations

import re
from collections import deque
from time import perf_counter_ns

from greylag.databases.postgres import failures
from greylag.databases.postgres.encoding import sql_bytes
from greylag.databases.postgres.flight import Failure, Flight
from greylag.databases.postgres.libpq import (
    COPY_BOTH,
    COPY_IN,
    COPY_OUT,
    FATAL_ERROR,
    PIPELINE_SYNC,
)
from greylag.databases.postgres.waiting import StopError
from greylag.errors import DatabaseError
from greylag.model.event import Ran

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from greylag.databases.postgres.channel import Channel, Row
    from greylag.databases.postgres.flight import Caretaker
    from greylag.databases.postgres.history import RowWriter
    from greylag.databases.postgres.source import Source
    from greylag.model.event import Stage
    from greylag.model.migration import Script, Statement

_MOST_FILES = 32
_MOST_BYTES = 256 * 1024
_REFILL_FILES = 8
_REFILL_BYTES = 64 * 1024
_ASK_EVERY_BYTES = 32 * 1024
"""Inside a large file answers are asked for this often; unasked, a server keeps them until 8 KB are full."""
_OVERHEAD = 64
"""Bytes a message costs beside its text: what bounds the number of very short statements under way."""

_MISFITS = ("08P01", "42P18")
"""A parameter nobody bound, or of no known type: plain text to the simple protocol."""

_BULK = re.compile(r"\s*insert\s", re.IGNORECASE).match
"""Statements that come by the thousand and are over at once."""

_COPIES = (COPY_IN, COPY_OUT, COPY_BOTH)


def is_fast(script: Script) -> bool:
    """True for a script that may go through the pipeline."""
    return script.transactional and script.plain


class _Command:
    """Something sent whose answer is due. ``prepares`` names the statement it prepares, if it does."""

    __slots__ = ("flight", "prepares", "size", "stage", "statement")

    def __init__(
        self,
        flight: Flight,
        stage: Stage,
        size: int,
        statement: Statement | None = None,
        prepares: bytes = b"",
    ) -> None:
        self.flight = flight
        self.stage = stage
        self.size = size
        self.statement = statement
        self.prepares = prepares


class Pipeline:
    """One run of files through the pipeline of one connection, used once.

    When :meth:`run` has ended, ``flights`` holds the files that were begun and are not done, and at most one
    of these says why: ``stop`` (a signal, the deadline), ``failure``, ``problem`` (of reading a file).
    """

    def __init__(self, channel: Channel, rows: RowWriter | None, care: Caretaker | None = None) -> None:
        self.flights: deque[Flight] = deque()
        self.failure: Failure | None = None
        self.stop: StopError | None = None
        self.problem: Exception | None = None
        self._channel = channel
        self._rows = rows
        self._care = care
        self._due: deque[_Command] = deque()
        self._due_bytes = 0
        self._unasked = 0
        self._statements: Iterator[Statement] | None = None
        self._held: tuple[Statement, bytes] | None = None
        self._preparing: set[bytes] = set()
        self._unsendable: Failure | None = None
        self._copies = False
        self._tag = ""
        self._done: list[Ran] = []
        self._ended = 0
        self._sync_sent = False
        self._over = False

    def run(self, source: Source) -> Iterator[Ran]:
        """Run scripts of ``source`` while they are fast ones; leaves the connection outside a transaction."""
        channel = self._channel
        channel.libpq.enter_pipeline_mode(channel.handle)
        try:
            while not self._over:
                if not self._sync_sent and self._has_room:
                    self._send(source)
                self._receive()
                yield from self._done
                self._done.clear()
        except BaseException:
            channel.close()  # the caller walked away: only the server can tidy up
            raise
        self.failure = self.failure or self._unsendable
        channel.libpq.exit_pipeline_mode(channel.handle)
        channel.listen()
        if channel.usable and channel.in_transaction:
            channel.roll_back()

    def under_way(self) -> tuple[Script | None, int]:
        """The file the server is at, and the number of its statement from 1."""
        flight = self._due[0].flight if self._due else None
        return (flight.script, flight.count + 1) if flight is not None else (None, 0)

    @property
    def misfit(self) -> bool:
        """True when the first unfinished file failed only because of the extended protocol."""
        if self.failure is None or self.failure is self._unsendable or self.failure.stage != "statement":
            return False
        cause = self.failure.cause
        # Several commands in one unit are refused without a position, a true syntax error has one.
        return (
            self._copies or cause.sqlstate in _MISFITS or (cause.sqlstate == "42601" and not cause.position)
        )

    # -- sending ----------------------------------------------------------------------------------------

    @property
    def _has_room(self) -> bool:
        """True when a good part of the window is free: a few large packets instead of many small ones."""
        return not self._due or (
            len(self.flights) <= _MOST_FILES - _REFILL_FILES
            and self._due_bytes <= _MOST_BYTES - _REFILL_BYTES
        )

    def _send(self, source: Source) -> None:
        """Send as much as may be unanswered, and ask for the answers."""
        while not self._sync_sent and self._due_bytes < _MOST_BYTES:
            if self._statements is not None:
                if not self._send_statement(self._statements):
                    break
            elif len(self.flights) < _MOST_FILES:
                script = source.peek()
                if script is None or not is_fast(script):
                    self._sync()
                else:
                    self._begin(source.take())
            else:
                break
        if self._unasked:
            self._ask()

    def _begin(self, script: Script) -> None:
        flight = Flight(script)
        self.flights.append(flight)
        try:
            self._statements = iter(script.statements)
        except Exception as error:  # whatever opening the file raised is for the caller
            self.problem = error
            self._sync()
            return
        self._put(_Command(flight, "begin", _OVERHEAD), b"begin")
        # The answers to the last COMMIT were the first thing sent to a client that may be dead; only when
        # something more is sent does the server learn it, and it should do so before this file is run.
        self._channel.libpq.send_flush_request(self._channel.handle)

    def _send_statement(self, statements: Iterator[Statement]) -> bool:
        """Send the next statement of the last file, or what ends it; False when there is no room for it."""
        flight = self.flights[-1]
        if self._held is None:
            self._held = self._next_statement(flight, statements)
            if self._held is None:
                return True
        statement, sql = self._held
        size = len(sql) + _OVERHEAD
        if self._due and self._due_bytes + size > _MOST_BYTES:
            return False
        self._held = None
        self._put(_Command(flight, "statement", size, statement), sql)
        if self._unasked >= _ASK_EVERY_BYTES:
            self._ask()
        return True

    def _next_statement(
        self, flight: Flight, statements: Iterator[Statement]
    ) -> tuple[Statement, bytes] | None:
        statement = None
        try:
            statement = next(statements)
            self._guard(flight, statement)
            return statement, sql_bytes(statement.text)
        except StopIteration:
            self._end(flight)
        except DatabaseError as error:
            self._unsendable = Failure(flight, "statement", statement, error)
            self._sync()
        except Exception as error:  # whatever reading the file raised is for the caller
            self.problem = error
            self._sync()
        return None

    def _guard(self, flight: Flight, statement: Statement) -> None:
        if self._care is None:
            return
        for row in self._care.before(flight.script, statement):
            self._put_row(flight, "begin", row)
        if not _BULK(statement.text):
            # who looks on wants to know which statement waits: the answers to those before it must be here
            self._channel.libpq.send_flush_request(self._channel.handle)

    def _end(self, flight: Flight) -> None:
        """Version row and COMMIT of a file."""
        self._statements = None
        script = flight.script
        stage: Stage = "insert" if script.direction == "up" else "delete"
        if self._care is not None:
            for row in self._care.closing(script):
                self._put_row(flight, stage, row)
        elif self._rows is not None:
            self._put_row(flight, stage, self._rows.row(script.migration.version, script.direction))
        self._put(_Command(flight, "commit", _OVERHEAD), b"commit")
        flight.sent = True
        self._ask()
        if len(self.flights) == 1:  # the server has nothing to do meanwhile
            self._channel.libpq.flush(self._channel.handle)

    def _put_row(self, flight: Flight, stage: Stage, row: Row) -> None:
        channel = self._channel
        if channel.caches_statements and not {row.name} & (channel.prepared | self._preparing):
            self._preparing.add(row.name)
            channel.libpq.send_prepare(channel.handle, row.name, row.sql, 0, None)
            self._note(_Command(flight, stage, _OVERHEAD, prepares=row.name))
        channel.send_row(row)
        self._note(_Command(flight, stage, _OVERHEAD + sum(map(len, filter(None, row.values)))))

    def _put(self, command: _Command, sql: bytes) -> None:
        libpq, handle = self._channel.libpq, self._channel.handle
        libpq.send_query_params(handle, sql, 0, None, None, None, None, 0)
        self._note(command)
        if len(self._due) == 1 and command.statement is not None:
            libpq.stream_rows(handle)

    def _note(self, command: _Command) -> None:
        self._due.append(command)
        self._due_bytes += command.size
        self._unasked += command.size

    def _ask(self) -> None:
        self._unasked = 0
        self._channel.libpq.send_flush_request(self._channel.handle)

    def _sync(self) -> None:
        """End the run: nothing is sent after this."""
        if not self._sync_sent:
            self._sync_sent = True
            self._channel.libpq.pipeline_sync(self._channel.handle)

    # -- receiving --------------------------------------------------------------------------------------

    def _receive(self) -> None:
        """Wait until something arrives and take in every answer that is there."""
        channel = self._channel
        try:
            channel.wait()
        except StopError as stop:
            self.stop = stop
            self._sync()
            channel.stop()
            return
        is_busy, handle = channel.libpq.is_busy, channel.handle
        while not self._over and (channel.broken or (self._awaits and not is_busy(handle))):
            self._take()

    @property
    def _awaits(self) -> bool:
        """False when every answer is in, as inside a file whose statements fill the window one by one."""
        return bool(self._due) or self._sync_sent

    def _take(self) -> None:
        channel, libpq = self._channel, self._channel.libpq
        result = channel.take_result() if channel.broken else libpq.get_result(channel.handle)
        if result is None:
            if channel.broken:
                self._lose()
            elif self._due:
                self._conclude(self._due.popleft())
            return
        status = libpq.result_status(result)
        if status == PIPELINE_SYNC:
            self._over = True
        elif status == FATAL_ERROR:
            self._fail(failures.from_result(libpq, result))
        elif status in _COPIES:
            # libpq gives this result for ever and cannot leave COPY here: only a new connection can.
            self._fail(failures.refused_copy())
            self._copies = self._over = channel.broken = True
        elif self._due and self._due[0].stage == "commit":
            self._tag = failures.text(libpq.cmd_status(result))
        libpq.clear(result)

    def _conclude(self, command: _Command) -> None:
        """The answer to ``command`` is complete."""
        self._due_bytes -= command.size
        if self.failure is None:
            flight = command.flight
            if command.statement is not None:
                flight.count += 1
            elif command.prepares:
                self._channel.prepared.add(command.prepares)
            elif command.stage == "commit":
                self._land(flight)
        if self._due and self._due[0].statement is not None:
            self._channel.libpq.stream_rows(self._channel.handle)

    def _land(self, flight: Flight) -> None:
        if self._tag == "ROLLBACK":
            self.failure = Failure(flight, "commit", None, failures.rolled_back())
            self._sync()
            return
        self.flights.popleft()
        now = perf_counter_ns()
        took = now - max(flight.began, self._ended)
        self._ended = now
        self._done.append(Ran(flight.script.migration, flight.script.direction, flight.count, took))

    def _fail(self, cause: DatabaseError) -> None:
        """The first error of the run; what the server says after it comes from the same trouble."""
        if self._due and self.failure is None:
            command = self._due[0]
            self.failure = Failure(command.flight, command.stage, command.statement, cause)
        self._sync()
        self._channel.calm()

    def _lose(self) -> None:
        if self.failure is None and self._due:
            self._fail(self._channel.lost())
        self._over = True
