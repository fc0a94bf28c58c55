"""What a careful run adds around goose's statements: guard, lock timeouts by class, journal rows, retries."""

from __future__ import annotations

from time import monotonic, perf_counter_ns

from greylag.databases.postgres.careful.hold import Tries
from greylag.databases.postgres.careful.refusing import pooler_error, refusal
from greylag.databases.postgres.careful.rows import STRANGER
from greylag.databases.postgres.careful.steps import Steps
from greylag.databases.postgres.pooling import backend_pid
from greylag.databases.postgres.waiting import jittered, pause
from greylag.errors import DatabaseError, LostError
from greylag.model.event import Notice

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from greylag.databases.postgres.careful.hold import Hold
    from greylag.databases.postgres.channel import Row
    from greylag.databases.postgres.flight import Failure, Flight
    from greylag.model.care import CarefulScript
    from greylag.model.event import Ran
    from greylag.model.migration import Script, Statement

LOCK_TIMEOUT, _DEADLOCK, _NOT_PREPARED = "55P03", "40P01", "26000"

_FIRST_PAUSE, _MOST_PAUSE = 0.25, 15.0


class PostgresCaretaker:
    """One run's. ``scripts`` are noted as they are handed to the engine, see :meth:`note`."""

    def __init__(self, hold: Hold) -> None:
        self._hold = hold
        self._scripts: dict[tuple[int, str], CarefulScript] = {}
        self._tries: dict[tuple[int, str], Tries] = {}
        self._steps = steps = Steps(hold, self)
        # for who has a transaction of several files open
        self.send, self.come_to = steps.send, steps.come_to
        self._current: tuple[int, str] | None = None
        self._timeout: str | None = None
        self._roles = False
        """A file may have set another role, which outlives it and need not have rights on the journal."""
        self._own_timeout: set[tuple[int, str]] = set()
        self._strong = False

    def fly(self, under_way: Callable[[], tuple[Script | None, int]] | None) -> None:
        """Files fly through the pipeline, and this tells the one under way; None: no more."""
        self._hold.flying = under_way

    def note(self, careful: CarefulScript) -> Script:
        """Remember what belongs to a script."""
        self._scripts[_key(careful.script)] = careful
        return careful.script

    def careful(self, script: Script) -> CarefulScript:
        """What belongs to a script."""
        return self._scripts[_key(script)]

    def tries(self, script: Script) -> Tries:
        """What a file has cost so far."""
        return self._tries.setdefault(_key(script), Tries())

    # -- inside a transaction ---------------------------------------------------------------------------

    def before(self, script: Script, statement: Statement) -> list[Row]:
        """The guard in front of a file's first statement, lock_timeout where its class changes.

        Raises RefusedError for transaction control and for COPY FROM STDIN.
        """
        key = _key(script)
        first = self._current != key
        if first:
            self._own_timeout.discard(key)
            self._strong = self._strong and self._hold.manners.atomic
        wanted = self.timeout(script, statement)
        if first:
            self._current, self._timeout = key, wanted
            return [self._hold.rows.guard(wanted)]
        if wanted in (None, self._timeout):
            return []
        self._timeout = wanted
        return [self._hold.rows.guard(wanted)]

    def timeout(self, script: Script, statement: Statement) -> str | None:
        """lock_timeout for a statement in PostgreSQL's spelling; None: leave it as it is.

        It is left to a file that sets its own, from there on; and it stays short to the end of a transaction
        that asked for a lock others queue behind: whatever that waits for, they wait for too. Raises
        RefusedError as before() does.
        """
        facts = self.careful(script).examine(statement.text)
        if facts.control or facts.copies:
            raise refusal(script, statement, facts.control)
        if not self._roles and "role" in statement.text.lower():
            self._roles = True
        if facts.own_timeout:
            self._own_timeout.add(_key(script))
        if _key(script) in self._own_timeout:
            return None
        if script.transactional:
            if self._strong and facts.waits != "short":
                return None
            self._strong = self._strong or facts.waits == "short"
        return self._hold.timeouts[facts.waits]

    def closing(self, script: Script) -> list[Row]:
        """Version row and journal row in one; the guard too where the file had no statement."""
        careful, tries = self.careful(script), self._tries.get(_key(script))
        rows = [] if self._current == _key(script) else [self._hold.rows.guard(None)]
        self._current = None
        count, waited = (tries.count, tries.waited) if tries else (0, 0.0)
        row = self._hold.rows.file(careful.record, script.direction, retries=count, waited=waited)
        return rows + (self._hold.rows.own(row) if self._roles else [row])

    def restart(self) -> None:
        """A transaction was rolled back: the next one begins with the guard again."""
        self._current = None
        self._strong = False

    # -- statement by statement -------------------------------------------------------------------------

    def step(self, flight: Flight) -> Ran:
        """Run a file statement by statement."""
        self.restart()
        return self._steps.run(flight, self.careful(flight.script))

    def failure(self, flight: Flight, cause: DatabaseError) -> Failure:
        """``cause`` with the step the last file had come to."""
        return self._steps.failure(flight, cause)

    # -- after a failure --------------------------------------------------------------------------------

    def translated(self, failure: Failure) -> Failure:
        """The guard's refusal in words of its own."""
        self.restart()
        if STRANGER in failure.cause.message or self._is_elsewhere(failure.cause):
            return failure._replace(cause=pooler_error(), stage="begin", statement=None)
        return failure

    def _is_elsewhere(self, cause: DatabaseError) -> bool:
        """Whether another server process than the lock's said that it knows none of our statements."""
        hold = self._hold
        if cause.sqlstate != _NOT_PREPARED or not hold.channel.usable or hold.channel.in_transaction:
            return False
        try:
            return backend_pid(hold.channel) != hold.ground.pid
        except DatabaseError:
            return False

    def tries_again(self, failure: Failure) -> bool:
        """True after a pause when a lock was not to be had and the budget is not spent. Raises StopError."""
        script = failure.flight.script
        if not script.transactional or not self.lock_failed(script, failure.cause):
            return False
        return self.pause(script, failure.cause, script.migration.name)

    def lock_failed(self, script: Script, cause: DatabaseError) -> bool:
        """True for an error that another try may not meet: a lock timeout of ours, a deadlock."""
        if isinstance(cause, LostError):
            return False
        if cause.sqlstate == LOCK_TIMEOUT:
            return _key(script) not in self._own_timeout
        return cause.sqlstate == _DEADLOCK

    def pause(self, script: Script, cause: DatabaseError, what: str) -> bool:
        """Wait before another try; False when the budget is spent. Raises StopError."""
        hold, tries = self._hold, self.tries(script)
        spent = monotonic() - tries.began
        if not tries.count:
            spent = hold.manners.lock_timeout_seconds
            tries.began = monotonic() - spent
        budget = hold.manners.lock_budget_seconds
        if cause.sqlstate == LOCK_TIMEOUT:
            tries.waited += hold.manners.lock_timeout_seconds
        blocked = hold.blockers().rstrip(";")
        if spent >= budget:
            cause.hint = (
                f"the lock was not to be had in {_seconds(budget)} and "
                f"{tries.count + 1} {'tries' if tries.count else 'try'}"
                f"{blocked and f', held by {blocked}'}; run it when those sessions are done, or give it more "
                "time: [apply] lock_budget, lock_timeout"
            )
            return False
        tries.count += 1
        break_ = min(jittered(min(_MOST_PAUSE, _FIRST_PAUSE * 2**tries.count)), max(0.05, budget - spent))
        left = _seconds(max(0, budget - spent))
        reason = "a deadlock" if cause.sqlstate == _DEADLOCK else "a lock timeout"
        hold.tell(
            Notice(
                "retry",
                f"{what}: given up after {reason} so that nobody queues behind it, tried again in "
                f"{break_:.1f} s (try {tries.count + 1}, {left} of its budget left)",
                {
                    "file": script.migration.path,
                    "version": script.migration.version,
                    "sqlstate": cause.sqlstate,
                    "retries": tries.count,
                    "pause_seconds": round(break_, 2),
                },
            )
        )
        pause(break_, hold.channel)
        return True

    def note_failure(self, failure: Failure) -> None:
        """The failure's row in the journal."""
        hold, script = self._hold, failure.flight.script
        careful = self._scripts.get(_key(script))
        if careful is not None:
            cause, tries = failure.cause, self.tries(script)
            took = (perf_counter_ns() - failure.flight.began) / 1e9
            if tries.count:
                took = max(took, monotonic() - tries.began)
            hold.note_failure(careful, cause.sqlstate, cause.message, tries, took)

    def note_interruption(self, script: Script, signal: int) -> None:
        """The same for a signal."""
        careful = self._scripts.get(_key(script))
        if careful is not None:
            self._hold.note_failure(careful, "", f"interrupted by signal {signal}", self.tries(script))


def _key(script: Script) -> tuple[int, str]:
    return script.migration.version, script.direction


def _seconds(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 120 else f"{seconds:.0f} s"
