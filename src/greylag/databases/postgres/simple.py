"""Running a file as goose does: statement by statement, over the simple protocol."""

from __future__ import annotations

from time import perf_counter_ns

from greylag.databases.postgres.encoding import sql_bytes
from greylag.databases.postgres.flight import Failure, Flight
from greylag.databases.postgres.waiting import StopError
from greylag.errors import DatabaseError
from greylag.model.event import Ran

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.databases.postgres.channel import Channel
    from greylag.databases.postgres.history import RowWriter
    from greylag.databases.postgres.session import PostgresSession
    from greylag.model.event import Stage, Trace
    from greylag.model.migration import Statement


def _silent(_step: str, _text: str, _inside: bool) -> None:
    return None


class SimpleRun:
    """Runs files one by one, telling ``trace`` before each step where goose prints it."""

    def __init__(self, session: PostgresSession, rows: RowWriter | None, trace: Trace | None) -> None:
        self._session = session
        self._rows = rows
        self._trace: Trace = trace or _silent
        self._stage: Stage = "begin"
        self._statement: Statement | None = None

    def run(self, flight: Flight) -> Ran:
        """Run one file with its version row. Raises DatabaseError, StopError with the transaction undone."""
        script = flight.script
        self._stage, self._statement = "begin", None
        run = self._run_inside if script.transactional else self._run_outside
        try:
            run(flight)
        except StopError:
            self._session.abandon()
            raise
        return Ran(script.migration, script.direction, flight.count, perf_counter_ns() - flight.began)

    def failure(self, flight: Flight, cause: DatabaseError) -> Failure:
        """``cause`` with the step the last file had come to."""
        return Failure(flight, self._stage, self._statement, cause)

    def _run_inside(self, flight: Flight) -> None:
        self._trace("begin", "", True)
        channel = self._session.clean_channel()
        channel.execute(b"begin")
        try:
            for statement in flight.script.statements:
                self._stage, self._statement = "statement", statement
                self._trace("statement", statement.text, True)
                channel.execute(sql_bytes(statement.text))
                flight.count += 1
            self._note_row(channel, flight)
        except DatabaseError:
            self._trace("rollback", "", True)
            channel.roll_back()
            raise
        except StopError:
            raise
        except Exception:  # reading the file failed
            channel.roll_back()
            raise
        self._stage, self._statement = "commit", None
        self._trace("commit", "", True)
        flight.sent = True
        channel.commit()

    def _run_outside(self, flight: Flight) -> None:
        for statement in flight.script.statements:
            self._stage, self._statement = "statement", statement
            self._trace("statement", statement.text, False)
            self._session.clean_channel().execute(sql_bytes(statement.text))
            flight.count += 1
        if self._rows is not None:
            self._stage, self._statement = "insert" if flight.script.direction == "up" else "delete", None
            self._note_row(self._session.clean_channel(), flight)

    def _note_row(self, channel: Channel, flight: Flight) -> None:
        if self._rows is None:
            return
        script = flight.script
        self._stage, self._statement = "insert" if script.direction == "up" else "delete", None
        channel.record(self._rows.row(script.migration.version, script.direction))
