"""All pending files in one transaction, or nothing of them (``up --atomic``)."""

from __future__ import annotations

from time import perf_counter_ns

from greylag.databases.postgres import failures
from greylag.databases.postgres.flight import Failure, Flight
from greylag.databases.postgres.waiting import StopError
from greylag.errors import ApplyError, DatabaseError, InterruptedRunError, LostError, RefusedError
from greylag.model.event import Ran
from greylag.model.location import Location

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.databases.postgres.careful.caretaker import PostgresCaretaker
    from greylag.databases.postgres.careful.hold import Hold
    from greylag.model.care import CarefulScript
    from greylag.model.migration import Script

_NEW_ENUM_VALUE = "55P04"
_ENUM_HINT = (
    "a value that ALTER TYPE … ADD VALUE adds can be used once its transaction is over: run these files "
    "without --atomic, each in a transaction of its own"
)


def run_atomically(hold: Hold, care: PostgresCaretaker, scripts: list[CarefulScript]) -> list[Ran]:
    """Run all or nothing, again as a whole while a lock is not to be had.

    Raises RefusedError before anything is sent, ApplyError for the file that failed, InterruptedRunError.
    """
    for careful in scripts:
        script = care.note(careful)
        _refuse(careful)
        for statement in script.statements:
            care.timeout(script, statement)  # raises for transaction control, before anything is sent
    while True:
        attempt = _Attempt(hold, care)
        try:
            return attempt.run(scripts)
        except StopError as stop:
            hold.abandon()
            script = attempt.flight.script
            if stop.signal:
                raise _interrupted(care, script, stop.signal) from None
            raise _failed(care, care.failure(attempt.flight, failures.deadline())) from None
        except DatabaseError as error:
            failure = care.translated(care.failure(attempt.flight, error))
            try:
                if care.tries_again(failure):
                    continue
            except StopError as stop:
                if stop.signal:
                    raise _interrupted(care, failure.flight.script, stop.signal) from None
            raise _failed(care, failure) from None
        finally:
            hold.watched(None)


def _refuse(careful: CarefulScript) -> None:
    script = careful.script
    if not script.transactional:
        raise RefusedError(
            f"{script.migration.name} runs outside a transaction: it cannot be part of --atomic",
            where=Location(script.migration.path),
            hint=f"run what is before it with up-to and --atomic, then {script.migration.name} by itself",
        )


def _interrupted(care: PostgresCaretaker, script: Script, signal: int) -> InterruptedRunError:
    care.note_interruption(script, signal)
    return InterruptedRunError(signal, script.migration)


def _failed(care: PostgresCaretaker, failure: Failure) -> ApplyError:
    care.note_failure(failure)
    script, cause = failure.flight.script, failure.cause
    if cause.sqlstate == _NEW_ENUM_VALUE:
        cause.hint = _ENUM_HINT
    error = ApplyError(
        stage=failure.stage,
        migration=script.migration,
        direction=script.direction,
        cause=cause,
        statement=failure.statement,
    )
    error.journaled = True
    if not isinstance(cause, LostError):
        error.stands = (
            "all files ran in one transaction, which was rolled back: nothing of any of them remains"
        )
    return error


class _Attempt:
    """One try at the whole. ``flight`` is the file it has come to."""

    flight: Flight

    def __init__(self, hold: Hold, care: PostgresCaretaker) -> None:
        self._hold = hold
        self._care = care

    def run(self, scripts: list[CarefulScript]) -> list[Ran]:
        channel = self._hold.held()
        done: list[Ran] = []
        self.flight = Flight(scripts[0].script)
        self._care.come_to("begin")
        try:
            channel.execute(self._hold.rows.guarded_begin(None))
            for careful in scripts:
                self.flight = flight = Flight(careful.script)
                self._care.send(flight)
                script = flight.script
                took = perf_counter_ns() - flight.began
                done.append(Ran(script.migration, script.direction, flight.count, took))
        except StopError:
            raise
        except Exception:
            if channel.usable and channel.in_transaction:
                channel.roll_back()
            self._care.restart()
            raise
        self._care.come_to("commit")
        channel.commit()
        return done
