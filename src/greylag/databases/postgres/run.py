"""A run of scripts: which of them fly through the pipeline, which go step by step, and what an end means."""

from __future__ import annotations

from greylag.databases.postgres import failures
from greylag.databases.postgres.flight import Failure, Flight
from greylag.databases.postgres.history import RowWriter
from greylag.databases.postgres.pipeline import Pipeline, is_fast
from greylag.databases.postgres.recovery import find_standing
from greylag.databases.postgres.simple import SimpleRun
from greylag.databases.postgres.source import Source
from greylag.databases.postgres.waiting import StopError
from greylag.errors import ApplyError, DatabaseError, InterruptedRunError, LostError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from greylag.databases.postgres.channel import Channel
    from greylag.databases.postgres.flight import Caretaker
    from greylag.databases.postgres.session import PostgresSession
    from greylag.model.event import Ran, Trace
    from greylag.model.migration import Script


class Run:
    """Applies scripts over one session, once."""

    def __init__(
        self,
        session: PostgresSession,
        *,
        record: bool = True,
        trace: Trace | None = None,
        care: Caretaker | None = None,
    ) -> None:
        self._session = session
        self._care = care
        self._rows = RowWriter(session.table) if record else None
        self._simple = SimpleRun(session, self._rows, trace)
        self._all_simple = trace is not None
        self._applied: list[Ran] = []

    def apply(self, scripts: Iterable[Script]) -> Iterator[Ran]:
        """Yield each script when it is done; see the Protocol of greylag.databases.base."""
        source = Source(scripts)
        while (script := source.peek()) is not None:
            fast = is_fast(script) and not self._all_simple
            ended = self._fly(script, source) if fast else self._step(source)
            for ran in ended:
                self._applied.append(ran)
                yield ran
        source.finish()

    def _step(self, source: Source) -> Iterator[Ran]:
        flight = Flight(source.take())
        run, failed = self._simple.run, self._simple.failure
        if self._care is not None:
            run, failed = self._care.step, self._care.failure
        try:
            yield run(flight)
        except StopError as stop:
            if stop.signal:
                raise self._interrupted(stop.signal, flight.script) from None
            raise self._failed(failed(flight, failures.deadline())) from None
        except DatabaseError as error:
            yield from self._end([flight], failed(flight, error), source)

    def _interrupted(self, signal: int, script: Script | None) -> InterruptedRunError:
        if script is None:
            return InterruptedRunError(signal)
        if self._care is not None:
            self._care.note_interruption(script, signal)
        error = InterruptedRunError(signal, script.migration, transactional=script.transactional)
        error.journaled = self._care is not None
        return error

    def _fly(self, first: Script, source: Source) -> Iterator[Ran]:
        pipeline = Pipeline(self._open(first), self._rows, self._care)
        if self._care is not None:
            self._care.fly(pipeline.under_way)
        try:
            yield from pipeline.run(source)
        finally:
            if self._care is not None:
                self._care.fly(None)
        if pipeline.stop is not None:
            self._stop(pipeline, pipeline.stop, source.peek())
        elif pipeline.misfit:
            misfit, *rest = (flight.script for flight in pipeline.flights)
            source.give_back([misfit._replace(plain=False), *rest])
        elif pipeline.failure is not None:
            yield from self._end(list(pipeline.flights), pipeline.failure, source)
        elif pipeline.problem is not None:
            raise pipeline.problem

    def _open(self, script: Script) -> Channel:
        """The connection; a failure to make it is one of the first script's BEGIN, as with goose."""
        try:
            return self._session.clean_channel()
        except DatabaseError as error:
            raise self._failed(Failure(Flight(script), "begin", None, error)) from None
        except StopError as stop:
            if stop.signal:
                raise InterruptedRunError(stop.signal) from None
            raise self._failed(Failure(Flight(script), "begin", None, failures.deadline())) from None

    def _stop(self, pipeline: Pipeline, stop: StopError, waiting: Script | None) -> None:
        """After a signal or the deadline: raises, unless the time was over with the last file done."""
        flight = pipeline.flights[0] if pipeline.flights else None
        if stop.signal:
            raise self._interrupted(stop.signal, flight.script if flight else None)
        failure = pipeline.failure
        if failure is not None:
            cause = failure.cause
            if cause.sqlstate in ("", _CANCELLED):
                cause = failures.deadline()
            raise self._failed(failure._replace(cause=cause))
        if flight is not None:
            raise self._failed(Failure(flight, "statement", None, failures.deadline()))
        if waiting is not None:
            late = failures.deadline(failures.DEADLINE_BEFORE)
            raise self._failed(Failure(Flight(waiting), "begin", None, late))

    def _end(self, flights: list[Flight], failure: Failure, source: Source) -> Iterator[Ran]:
        """Raise the failure, unless it is worth another try.

        Where the connection was lost, first find out which files stand all the same.
        """
        if self._care is not None:
            failure = self._care.translated(failure)
            try:
                again = self._care.tries_again(failure)
            except StopError as stop:
                if stop.signal:
                    raise self._interrupted(stop.signal, failure.flight.script) from None
                again = False
            if again:
                source.give_back([flight.script for flight in flights])
                return
        if isinstance(failure.cause, LostError) and any(flight.sent for flight in flights):
            standing, certain = find_standing(
                self._session, self._session.lost_channel, flights, recorded=self._rows is not None
            )
            yield from standing
            if len(standing) == len(flights):
                if self._care is None or source.peek() is None:
                    return
                # the lock was lost with the connection: what comes next is for the next run
                flights.append(Flight(source.take()))
            if standing:
                failure = Failure(flights[len(standing)], "begin", None, failure.cause)
            failure.cause.hint = certain
        raise self._failed(failure) from None

    def _failed(self, failure: Failure) -> ApplyError:
        if self._care is not None:
            self._care.note_failure(failure)
        script = failure.flight.script
        error = ApplyError(
            stage=failure.stage,
            migration=script.migration,
            direction=script.direction,
            cause=failure.cause,
            statement=failure.statement,
            transactional=script.transactional,
            applied=self._applied,
        )
        error.journaled = self._care is not None
        return error


_CANCELLED = "57014"
"""SQLSTATE of a statement that was cancelled on request."""
