"""Running a file statement by statement with care: in one transaction, or outside with a journal of steps."""

from __future__ import annotations

from time import perf_counter_ns

from greylag.databases.postgres.careful import lock
from greylag.databases.postgres.careful.interrupted import Interrupted
from greylag.databases.postgres.careful.refusing import pooler_error, refusal
from greylag.databases.postgres.encoding import sql_bytes
from greylag.databases.postgres.flight import Failure
from greylag.databases.postgres.waiting import StopError
from greylag.errors import DatabaseError, LostError
from greylag.model.event import Notice, Ran

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.databases.postgres.careful.caretaker import PostgresCaretaker
    from greylag.databases.postgres.careful.hold import Hold
    from greylag.databases.postgres.flight import Flight
    from greylag.model.care import CarefulScript
    from greylag.model.event import Stage
    from greylag.model.facts import Facts
    from greylag.model.migration import Statement

_SETTING = r"""(?isx) (?: \s | --[^\n]* | /\*.*?\*/ )*+ (?:
    (?: set | reset ) \b (?! \s+ (?: local | constraints | transaction ) \b )
  | select \s+ (?: pg_catalog \. )? set_config \s*
      \( \s* '[^']*' \s* , \s* '[^']*' \s* , \s* (?: false | 'f\w*' ) \s* \)
)"""
"""Statements that only change the session, as pg_dump writes them too: who resumes needs them again."""

_IN_BLOCK = "25001"
"""SQLSTATE of a command that cannot run inside a transaction block."""


class Steps:
    """Runs files one at a time over the connection that holds the lock."""

    def __init__(self, hold: Hold, caretaker: PostgresCaretaker) -> None:
        self._hold = hold
        self._care = caretaker
        self._interrupted = Interrupted(hold)
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
            self._hold.abandon()
            raise
        finally:
            self._hold.watched(None)
        return Ran(script.migration, script.direction, flight.count, perf_counter_ns() - flight.began)

    def failure(self, flight: Flight, cause: DatabaseError) -> Failure:
        """``cause`` with the step the last file had come to."""
        return Failure(flight, self._stage, self._statement, cause)

    def come_to(self, stage: Stage, statement: Statement | None = None) -> None:
        """Remember the step a failure would be of."""
        self._stage, self._statement = stage, statement

    # -- one transaction --------------------------------------------------------------------------------

    def _inside(self, flight: Flight) -> None:
        channel = self._hold.held()
        try:
            channel.execute(self._hold.rows.guarded_begin(None))
            self.send(flight)
        except StopError:
            raise
        except Exception:
            self._roll_back()
            raise
        self.come_to("commit")
        flight.sent = True
        channel.commit()

    def send(self, flight: Flight) -> None:
        """A file's statements and its rows, in the transaction that is open. Raises as run() does."""
        channel, script = self._hold.held(), flight.script
        self.come_to("begin")
        for number, statement in enumerate(script.statements, 1):
            for row in self._care.before(script, statement):
                channel.record(row)
            self.come_to("statement", statement)
            self._hold.watched(script, number)
            channel.execute(sql_bytes(statement.text))
            flight.count += 1
        self.come_to("insert" if script.direction == "up" else "delete")
        for row in self._care.closing(script):
            channel.record(row)

    def _roll_back(self) -> None:
        channel = self._hold.channel
        if channel.usable and channel.in_transaction:
            channel.roll_back()
        self._care.restart()

    # -- outside transactions ---------------------------------------------------------------------------

    def _outside(self, flight: Flight, careful: CarefulScript) -> None:
        script, rows, hold = flight.script, self._hold.rows, self._hold
        record, direction = careful.record, script.direction
        _refuse(careful)  # here nothing that ran is undone
        first = 1
        if careful.resume is not None:
            first = careful.resume.number
            hold.wait_for_orphan(careful.resume)
        begun = False
        for number, statement in enumerate(script.statements, 1):
            self._stage, self._statement = "statement", statement
            facts = careful.examine(statement.text)
            if number < first:
                if _is_setting(statement.text):
                    self._care.timeout(script, statement)
                    hold.held().execute(sql_bytes(statement.text))
                continue
            doubtful = careful.resume is not None and careful.resume.doubtful and number == first
            there = doubtful and self._interrupted.took_effect(script, number, statement, facts)
            if not begun:  # only now: a run that has to ask is none
                begun = True
                self._begin(careful)
            if there:
                self._note_step(careful, number, facts.alone)
                self._write(rows.end_statement(record.version, direction, number, "done"))
                hold.tell(
                    Notice(
                        "resumed",
                        f"{script.migration.name}: statement {number} had taken effect, it is not run again",
                        {"version": record.version, "statement": number},
                    )
                )
                continue
            if careful.resume is not None and number == first:
                hold.tell(
                    Notice(
                        "resumed",
                        f"{script.migration.name}: goes on with statement {number} of {script.count}, "
                        f"line {statement.line}",
                        {"version": record.version, "statement": number},
                    )
                )
            self._run_step(flight, careful, number, statement, facts)
            flight.count += 1
        if not begun:
            self._begin(careful)
        self._stage, self._statement = "insert" if direction == "up" else "delete", None
        tries = self._care.tries(script)
        end = rows.end_file(record.version, direction, retries=tries.count, waited=tries.waited)
        channel = hold.held()
        try:
            channel.execute(rows.guarded_begin(None))
            channel.execute(sql_bytes(rows.as_self(end)))
        except DatabaseError:
            self._roll_back()
            raise
        self._stage = "commit"
        channel.commit()

    def _begin(self, careful: CarefulScript) -> None:
        note = self._hold.rows.note
        since = self._hold.since
        self._write(
            note(careful.record, careful.script.direction, "begun", is_open=True, finished=False, since=since)
        )

    def _run_step(
        self, flight: Flight, careful: CarefulScript, number: int, statement: Statement, facts: Facts
    ) -> None:
        """One statement, tried again while its lock is not to be had."""
        script, hold = flight.script, self._hold
        apart = facts.alone
        while True:
            self._interrupted.heal(script, facts)
            self._note_step(careful, number, apart)
            run = self._run_apart if apart else self._run_with_result
            try:
                hold.watched(script, number)
                run(careful, number, statement)
            except LostError:
                raise
            except DatabaseError as error:
                self._roll_back()
                self._write(
                    hold.rows.end_statement(
                        careful.record.version,
                        script.direction,
                        number,
                        "failed",
                        sqlstate=error.sqlstate,
                        error=hold.told(error.message),
                    )
                )
                if error.sqlstate == _IN_BLOCK and not apart:
                    apart = True  # what only the catalog knows: REINDEX of a partitioned table, for one
                    continue
                what = f"{script.migration.name}, statement {number}"
                if not self._care.lock_failed(script, error) or not self._care.pause(script, error, what):
                    self._interrupted.explain(error, facts)
                    raise
            else:
                return
            finally:
                hold.watched(None)

    def _note_step(self, careful: CarefulScript, number: int, apart: bool) -> None:
        rows, script = self._hold.rows, careful.script
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
                since=self._hold.since,
            )
        )

    def _run_apart(self, careful: CarefulScript, number: int, statement: Statement) -> None:
        channel, script = self._hold.held(), careful.script
        wanted = self._care.timeout(script, statement)
        if wanted is not None:
            channel.execute(sql_bytes(f"SET lock_timeout TO '{wanted}'"))
        try:
            tag = channel.execute(sql_bytes(statement.text))
        finally:
            if wanted is not None and channel.usable and not channel.in_transaction:
                channel.execute(sql_bytes(f"SET lock_timeout TO '{self._hold.ground.default_wait}'"))
        self._write(self._hold.rows.end_statement(careful.record.version, script.direction, number, "done"))
        if tag == "DISCARD ALL":  # the runner's lock and what was prepared went with it
            channel.prepared.clear()
            lock.take(channel, self._hold.manners.lock_wait_seconds, self._hold.tell)

    def _run_with_result(self, careful: CarefulScript, number: int, statement: Statement) -> None:
        """In a transaction with its result, so that after a kill nothing is in doubt."""
        channel, rows, script = self._hold.held(), self._hold.rows, careful.script
        channel.execute(rows.guarded_begin(self._care.timeout(script, statement)))
        channel.execute(sql_bytes(statement.text))
        channel.execute(
            sql_bytes(
                rows.as_self(rows.end_statement(careful.record.version, script.direction, number, "done"))
            )
        )
        channel.commit()

    def _write(self, sql: str) -> None:
        """A row of the journal, committed by itself; none written means another server process answered."""
        if self._hold.held().execute(sql_bytes(self._hold.rows.as_self(sql))) in ("INSERT 0 0", "UPDATE 0"):
            raise pooler_error()


def _refuse(careful: CarefulScript) -> None:
    for statement in careful.script.statements:
        facts = careful.examine(statement.text)
        if facts.control or facts.copies:
            raise refusal(careful.script, statement, facts.control)


def _is_setting(text: str) -> bool:
    import re  # only a run that resumes asks

    return re.match(_SETTING, text) is not None
