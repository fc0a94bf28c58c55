"""Running a file statement by statement with care: in one transaction, or outside with a journal of steps."""

from __future__ import annotations

from time import perf_counter_ns

from greylag.databases.postgres.careful.interrupted import Interrupted
from greylag.databases.postgres.careful.refusing import pooler_error
from greylag.databases.postgres.encoding import sql_bytes
from greylag.databases.postgres.flight import Failure
from greylag.databases.postgres.waiting import StopError
from greylag.errors import DatabaseError, LostError
from greylag.model.event import Notice, Ran

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.databases.postgres.careful.caretaker import PostgresCaretaker
    from greylag.databases.postgres.careful.custody import Custody
    from greylag.databases.postgres.flight import Flight
    from greylag.model.care import CarefulScript
    from greylag.model.event import Stage
    from greylag.model.facts import Facts
    from greylag.model.migration import Statement

_SETTINGS = ("set", "reset")
"""First words of statements that only change the session: a run that resumes needs them again."""
_NOT_SETTINGS = ("local", "constraints", "transaction")


class Steps:
    """Runs files one at a time over the connection that holds the lock."""

    def __init__(self, custody: Custody, caretaker: PostgresCaretaker) -> None:
        self._custody = custody
        self._care = caretaker
        self._interrupted = Interrupted(custody)
        self._stage: Stage = "begin"
        self._statement: Statement | None = None

    def run(self, flight: Flight, careful: CarefulScript) -> Ran:
        """Run one file. Raises DatabaseError, StopError, UnfinishedError, RefusedError."""
        script = flight.script
        self._stage, self._statement = "begin", None
        try:
            if script.transactional:
                self._inside(flight)
            else:
                self._outside(flight, careful)
        except StopError:
            self._custody.abandon()
            raise
        finally:
            self._custody.watched(None)
        return Ran(script.migration, script.direction, flight.count, perf_counter_ns() - flight.began)

    def failure(self, flight: Flight, cause: DatabaseError) -> Failure:
        """``cause`` with the step the last file had come to."""
        return Failure(flight, self._stage, self._statement, cause)

    # -- one transaction --------------------------------------------------------------------------------

    def _inside(self, flight: Flight) -> None:
        channel = self._custody.held()
        script = flight.script
        try:
            channel.execute(self._custody.rows.guarded_begin(None))
            for number, statement in enumerate(script.statements, 1):
                for row in self._care.before(script, statement):
                    channel.record(row)
                self._stage, self._statement = "statement", statement
                self._custody.watched(script, number)
                channel.execute(sql_bytes(statement.text))
                flight.count += 1
            self._stage, self._statement = "insert" if script.direction == "up" else "delete", None
            for row in self._care.closing(script):
                channel.record(row)
        except StopError:
            raise
        except Exception:
            self._roll_back()
            raise
        self._stage, self._statement = "commit", None
        flight.sent = True
        channel.commit()

    def _roll_back(self) -> None:
        channel = self._custody.channel
        if channel.usable and channel.in_transaction:
            channel.roll_back()
        self._care.restart()

    # -- outside transactions ---------------------------------------------------------------------------

    def _outside(self, flight: Flight, careful: CarefulScript) -> None:
        script, rows, custody = flight.script, self._custody.rows, self._custody
        record, direction = careful.record, script.direction
        first = 1
        if careful.resume is not None:
            first = careful.resume.number
            custody.wait_for_orphan(careful.resume)
        self._write(rows.note(record, direction, "begun", is_open=True, finished=False, since=custody.since))
        for number, statement in enumerate(script.statements, 1):
            self._stage, self._statement = "statement", statement
            facts = careful.examine(statement.text)
            if facts.control or facts.copies:
                self._care.timeout(script, statement)  # raises
            if number < first:
                if _is_setting(statement.text):
                    self._care.timeout(script, statement)
                    custody.held().execute(sql_bytes(statement.text))
                continue
            doubtful = careful.resume is not None and careful.resume.doubtful and number == first
            if doubtful and self._interrupted.took_effect(script, number, statement, facts):
                self._note_step(careful, number, facts.alone)
                self._write(rows.end_statement(record.version, direction, number, "done"))
                custody.tell(
                    Notice(
                        "resumed",
                        f"{script.migration.name}: statement {number} had taken effect, it is not run again",
                        {"version": record.version, "statement": number},
                    )
                )
                continue
            if careful.resume is not None and number == first:
                custody.tell(
                    Notice(
                        "resumed",
                        f"{script.migration.name}: goes on with statement {number} of {script.count}, "
                        f"line {statement.line}",
                        {"version": record.version, "statement": number},
                    )
                )
            self._run_step(flight, careful, number, statement, facts)
            flight.count += 1
        self._stage, self._statement = "insert" if direction == "up" else "delete", None
        tries = self._care.tries(script)
        end = rows.end_file(record.version, direction, retries=tries.count, waited=tries.waited)
        channel = custody.held()
        try:
            channel.execute(rows.guarded_begin(None))
            channel.execute(sql_bytes(end))
        except DatabaseError:
            self._roll_back()
            raise
        self._stage = "commit"
        channel.commit()

    def _run_step(
        self, flight: Flight, careful: CarefulScript, number: int, statement: Statement, facts: Facts
    ) -> None:
        """One statement, tried again while its lock is not to be had."""
        script, custody = flight.script, self._custody
        run = self._run_apart if facts.alone else self._run_with_result
        while True:
            self._interrupted.heal(script, facts)
            self._note_step(careful, number, facts.alone)
            try:
                custody.watched(script, number)
                run(careful, number, statement)
            except LostError:
                raise
            except DatabaseError as error:
                self._roll_back()
                self._write(
                    custody.rows.end_statement(
                        careful.record.version,
                        script.direction,
                        number,
                        "failed",
                        sqlstate=error.sqlstate,
                        error=custody.told(error.message),
                    )
                )
                what = f"{script.migration.name}, statement {number}"
                if not self._care.lock_failed(script, error) or not self._care.pause(script, error, what):
                    self._interrupted.explain(error, facts)
                    raise
            else:
                return
            finally:
                custody.watched(None)

    def _note_step(self, careful: CarefulScript, number: int, apart: bool) -> None:
        rows, script = self._custody.rows, careful.script
        text_hash = careful.hashes[number - 1] if number <= len(careful.hashes) else careful.record.hash
        self._write(
            rows.note(
                careful.record,
                script.direction,
                "begun",
                statement=number,
                hash=text_hash,
                apart=apart,
                is_open=True,
                content=False,
                finished=False,
                since=self._custody.since,
            )
        )

    def _run_apart(self, careful: CarefulScript, number: int, statement: Statement) -> None:
        channel, script = self._custody.held(), careful.script
        wanted = self._care.timeout(script, statement)
        if wanted is not None:
            channel.execute(sql_bytes(f"SET lock_timeout TO '{wanted}'"))
        try:
            channel.execute(sql_bytes(statement.text))
        finally:
            if wanted is not None and channel.usable and not channel.in_transaction:
                channel.execute(sql_bytes(f"SET lock_timeout TO '{self._custody.ground.default_wait}'"))
        self._write(
            self._custody.rows.end_statement(careful.record.version, script.direction, number, "done")
        )

    def _run_with_result(self, careful: CarefulScript, number: int, statement: Statement) -> None:
        """In a transaction with its result, so that after a kill nothing is in doubt."""
        channel, rows, script = self._custody.held(), self._custody.rows, careful.script
        channel.execute(rows.guarded_begin(self._care.timeout(script, statement)))
        channel.execute(sql_bytes(statement.text))
        channel.execute(
            sql_bytes(rows.end_statement(careful.record.version, script.direction, number, "done"))
        )
        channel.commit()

    def _write(self, sql: str) -> None:
        """A row of the journal, committed by itself; none written means another server process answered."""
        if self._custody.held().execute(sql_bytes(sql)) in ("INSERT 0 0", "UPDATE 0"):
            raise pooler_error()


def _is_setting(text: str) -> bool:
    words = text.lower().split(None, 2)
    return words[0] in _SETTINGS and not (len(words) > 1 and words[1] in _NOT_SETTINGS)
