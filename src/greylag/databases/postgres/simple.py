"""Running a file as goose does: statement by statement, over the simple protocol."""

from __future__ import annotations

from time import perf_counter_ns

from greylag.databases.postgres import failures
from greylag.databases.postgres.history import RowWriter, sql_bytes
from greylag.databases.postgres.waiting import StopError
from greylag.errors import ApplyError, DatabaseError, InterruptedRunError
from greylag.model.event import Ran

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from greylag.databases.postgres.channel import Channel
    from greylag.model.event import Stage, Trace
    from greylag.model.migration import Script, Statement


def _silent(_step: str, _text: str, _inside: bool) -> None:
    return None


class SimpleRun:
    """Runs scripts one by one. ``channel`` hands out the connection for each step outside a transaction."""

    def __init__(
        self, channel: Callable[[], Channel], table: str, *, record: bool, trace: Trace | None
    ) -> None:
        self._channel = channel
        self._rows = RowWriter(table)
        self._record = record
        self._trace: Trace = trace or _silent
        self._stage: Stage = "begin"
        self._statement: Statement | None = None
        self.applied: list[Ran] = []

    def run(self, script: Script) -> Ran:
        """Run one file with its version row. Raises ApplyError, InterruptedRunError."""
        started = perf_counter_ns()
        self._stage, self._statement = "begin", None
        try:
            run = self._run_in_transaction if script.transactional else self._run_without
            count = run(script)
        except StopError as stop:
            self._channel().abandon()
            if stop.signal:
                raise InterruptedRunError(stop.signal, script.migration) from None
            raise self._failed(script, failures.deadline()) from None
        except DatabaseError as error:
            raise self._failed(script, error) from None
        ran = Ran(script.migration, script.direction, count, perf_counter_ns() - started)
        self.applied.append(ran)
        return ran

    def _failed(self, script: Script, cause: DatabaseError) -> ApplyError:
        return ApplyError(
            stage=self._stage,
            migration=script.migration,
            direction=script.direction,
            cause=cause,
            statement=self._statement,
            transactional=script.transactional,
            applied=self.applied,
        )

    def _run_in_transaction(self, script: Script) -> int:
        count = 0
        self._trace("begin", "", True)
        channel = self._channel()
        channel.execute(b"begin")
        try:
            for statement in script.statements:
                self._stage, self._statement = "statement", statement
                self._trace("statement", statement.text, True)
                channel.execute(sql_bytes(statement.text))
                count += 1
            if self._record:
                self._note_row(channel, script)
        except DatabaseError:
            self._trace("rollback", "", True)
            channel.roll_back()
            raise
        self._stage, self._statement = "commit", None
        self._trace("commit", "", True)
        channel.commit()
        return count

    def _run_without(self, script: Script) -> int:
        count = 0
        for statement in script.statements:
            self._stage, self._statement = "statement", statement
            self._trace("statement", statement.text, False)
            self._channel().execute(sql_bytes(statement.text))
            count += 1
        if self._record:
            self._note_row(self._channel(), script)
        return count

    def _note_row(self, channel: Channel, script: Script) -> None:
        self._stage, self._statement = "insert" if script.direction == "up" else "delete", None
        channel.record(self._rows.row(script.migration.version, script.direction))
