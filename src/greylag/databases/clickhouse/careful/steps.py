"""Running a file statement by statement: intent, statement, result; and on from where it was broken off."""

from __future__ import annotations

from time import perf_counter_ns

from greylag.databases.clickhouse.careful.background import Background
from greylag.databases.clickhouse.careful.before import Before, look, read_before
from greylag.databases.clickhouse.careful.cluster.advice import advise
from greylag.databases.clickhouse.careful.cluster.backlog import Backlog
from greylag.databases.clickhouse.careful.cluster.resume import CatchUp
from greylag.databases.clickhouse.careful.cluster.statement import HostsFailedError, HostsLeftError
from greylag.databases.clickhouse.careful.effects import Effects, grew, told
from greylag.databases.clickhouse.careful.evidence import Evidence, note_id
from greylag.databases.clickhouse.careful.lines import Line
from greylag.databases.clickhouse.careful.mutations import StuckError
from greylag.databases.clickhouse.pointing import point
from greylag.errors import DatabaseError, DeadlineError, InterruptedRunError, LostError, RefusedError
from greylag.model.deeds import Deeds
from greylag.model.event import Notice, Ran

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from greylag.databases.clickhouse.careful.cluster.cluster import Cluster
    from greylag.databases.clickhouse.careful.cluster.queue import Outcome
    from greylag.databases.clickhouse.careful.hold import Hold
    from greylag.databases.clickhouse.careful.reading import Past
    from greylag.model.care import CarefulScript
    from greylag.model.event import Stage
    from greylag.model.facts import Facts
    from greylag.model.migration import Statement

_SESSION = ("set", "use")
"""Statements that only change the session: who goes on needs them again, where there is a session."""

_UNKNOWN_CLUSTER = 701
_NAMED = (
    "correct the name behind ON CLUSTER in that line, or let remote_servers of the server's configuration "
    "name the cluster, on every host of it; then run the same command again"
)


class Steps:
    """Runs files one at a time. ``stage`` and ``statement`` say how far the last one came.

    ``noted``: something of it stands in the journal, so that the next run goes on there.
    """

    def __init__(self, hold: Hold, pasts: Mapping[tuple[int, str, int], Past]) -> None:
        self._hold = hold
        self._pasts = pasts
        self._evidence = Evidence(hold)
        self._background = Background(hold)
        self._backlog = Backlog(hold)
        self.stage: Stage = "begin"
        self.statement: Statement | None = None
        self.noted = False
        self._started = 0

    def run(self, careful: CarefulScript) -> Ran:
        """Run one file. Raises DatabaseError, UnfinishedError, InterruptedRunError, LockedError."""
        script, began = careful.script, perf_counter_ns()
        self.stage, self.statement, self.noted, self._started = "begin", None, False, self._now()
        resume = careful.resume
        first = resume.number if resume is not None else 1
        for number, statement in enumerate(script.statements, 1):
            self.stage, self.statement = "statement", statement
            facts = careful.examine(statement.text)
            if number < first:
                self._repeat_setting(statement, facts)
                continue
            if resume is not None and number == first:
                if self._is_ended(careful, number, statement, facts):
                    continue
                text = f"goes on with statement {number} of {script.count}, line {statement.line}"
                self._tell_resumed(careful, number, text)
            self._run_step(careful, number, statement, facts)
        self._begin(careful)
        self.stage, self.statement = "insert" if script.direction == "up" else "delete", None
        self._record(careful)
        return Ran(script.migration, script.direction, script.count, perf_counter_ns() - began)

    def note_failure(self, careful: CarefulScript, code: int, message: str) -> None:
        """Write down that a file failed, where that can be done. Never raises."""
        hold = self._hold
        if not self.noted:
            return
        error = hold.told(message)
        line = self._whole(careful, "failed")._replace(code=code, error=error, finished=self._now())
        try:
            hold.lines.add(line)
            hold.lines.flush()
        except (DatabaseError, InterruptedRunError):
            return

    def _now(self) -> int:
        return self._hold.ground.clock.now()

    def _begin(self, careful: CarefulScript) -> None:
        """Once per file, and only when something of it is to be done."""
        if not self.noted:
            self.noted = True
            self._hold.lines.add(self._whole(careful, "begun")._replace(content=True))

    def _whole(self, careful: CarefulScript, state: str) -> Line:
        """A row about the whole file."""
        return Line(careful.record, careful.script.direction, state, started=self._started)

    def _record(self, careful: CarefulScript) -> None:
        """The version row. The one that closes the file in the journal travels with what is noted next.

        A run killed before that leaves a version that is applied and not closed: the next one adopts it.
        """
        hold, script = self._hold, careful.script
        hold.lock.keep()
        hold.write_version(script.direction, careful.record.version)
        done = self._whole(careful, "done")
        hold.lines.add(done._replace(content=script.direction == "up", finished=self._now()))
        self.stage = "commit"

    def _repeat_setting(self, statement: Statement, facts: Facts) -> None:
        keeps = self._hold.session.settings.protocol != "http"
        if keeps and facts.deeds is not None and facts.deeds.kind in _SESSION:
            self._hold.session.link().execute(statement.text)

    # -- one statement --------------------------------------------------------------------------------------

    def _run_step(self, careful: CarefulScript, number: int, statement: Statement, facts: Facts) -> None:
        hold, script = self._hold, careful.script
        deeds = facts.deeds or Deeds()
        hold.lock.keep()
        if deeds.mutates or deeds.swaps:
            hold.lines.flush()  # the last statement's result must not wait for these questions
        cluster = self._cluster(deeds)
        self._advise(careful, statement, deeds)
        before = look(hold.link, deeds, hold.table(deeds))
        if cluster is not None:
            before = before._replace(behind=hold.statements.behind(cluster))
        query_id = f"{hold.manners.runner.run}-{careful.record.version}-{script.direction}-{number}"
        line = self._line(careful, number)._replace(
            query_id=query_id, before=before.text(), started=self._now()
        )
        self._begin(careful)
        hold.lines.add(line)
        hold.lines.flush(note_id(query_id))
        hold.watched(script, number, query_id, hold.table(deeds) if deeds.mutates else None)
        try:
            settings = self._background.settings(deeds, before)
            if cluster is not None:
                outcomes = hold.statements.send(cluster, statement.text, deeds, query_id, settings)
                line = line._replace(before=before._replace(outcomes=tuple(outcomes)).text())
            else:
                hold.session.link().execute(statement.text, query_id=query_id, settings=settings)
            if deeds.mutates:
                self._background.wait(deeds, before)
            if cluster is not None and deeds.kind.startswith("alter"):
                self._backlog.wait(cluster, hold.table(deeds))
        except InterruptedRunError as error:
            error.doubtful = True
            hold.abandon()
            raise
        except DeadlineError:
            hold.abandon()
            raise
        except HostsLeftError as error:
            self._note_hosts(line, before, error.outcomes)
            raise
        except (LostError, StuckError):
            raise  # how it ends is not known yet: the next run asks
        except DatabaseError as error:
            if deeds.mutates:
                self._background.check_held_up(deeds, before)
            error.position = error.position or point(statement.text, error)
            self._explain(error, statement, deeds, before, line.started)
            if isinstance(error, HostsFailedError):
                before = before._replace(outcomes=tuple(error.outcomes))
            failed = line._replace(state="failed", code=error.number, error=hold.told(error.message))
            hold.lines.add(failed._replace(before=before.text(), finished=self._now()))
            raise
        finally:
            hold.unwatched()
        hold.lines.add(line._replace(state="done", finished=self._now()))

    def _advise(self, careful: CarefulScript, statement: Statement, deeds: Deeds) -> None:
        """Tell of a statement that leaves hosts unlike one another, where a cluster is configured."""
        hold = self._hold
        cluster = hold.cluster
        if cluster is None or len(cluster.hosts) < 2 or hold.shares_definitions:
            return
        told = advise(statement.text, deeds, cluster.name, hold.ground.node)
        if told:
            name = careful.script.migration.name
            text = f"{name}: the statement in line {statement.line} {told}"
            hold.tell(Notice("advice", text, {"version": careful.record.version, "line": statement.line}))

    def _cluster(self, deeds: Deeds) -> Cluster | None:
        """The cluster that a statement names. The embedded engine runs it without. Raises DatabaseError."""
        hold = self._hold
        if not deeds.cluster or hold.session.settings.protocol == "embedded":
            return None
        try:
            return hold.cluster_of(deeds.cluster)
        except RefusedError as error:
            unknown = DatabaseError(error.message, driver_text=error.message, hint=_NAMED)
            unknown.number = _UNKNOWN_CLUSTER
            raise unknown from None

    def _note_hosts(self, line: Line, before: Before, outcomes: Sequence[Outcome]) -> None:
        """Write down how far a statement came that is still under way on some host."""
        hold = self._hold
        hold.lines.add(line._replace(before=before._replace(outcomes=tuple(outcomes)).text()))
        hold.lines.flush()

    def _line(self, careful: CarefulScript, number: int) -> Line:
        text_hash = careful.hashes[number - 1] if number <= len(careful.hashes) else b""
        return Line(careful.record, careful.script.direction, "begun", number, text_hash)

    def _explain(
        self, error: DatabaseError, statement: Statement, deeds: Deeds, before: Before, since: int
    ) -> None:
        """Add what the statement left behind, where it can be asked."""
        hold = self._hold
        half = ""
        try:
            if deeds.mutates:
                self._background.clean_up(error, statement.text, deeds, before)
            if len(deeds.deeds) > 1 and deeds.kind.startswith("rename"):
                effects = Effects(hold.link, deeds, hold.ground.session_database, 0)
                half = told(deeds, effects.moved)
            if deeds.fills and not deeds.deeds and grew(hold.link, hold.table(deeds), since):
                half = (
                    f"{hold.table(deeds).sql} got rows since the statement was sent: part of them may be its "
                    "own, and would be there twice when it is run again"
                )
        except DatabaseError:
            return
        error.context = "\n".join(filter(None, (error.context, half)))

    def _is_ended(self, careful: CarefulScript, number: int, statement: Statement, facts: Facts) -> bool:
        """Whether the statement that an earlier run stopped at need not be sent again."""
        if self._is_open(careful, number, facts):
            good = self._made_good(careful, number, statement, facts)
            if good is not None:
                return good
        doubtful = careful.resume is not None and careful.resume.doubtful
        return doubtful and self._took_effect(careful, number, statement, facts)

    # -- one that not every host has done --------------------------------------------------------------------

    def _is_open(self, careful: CarefulScript, number: int, facts: Facts) -> bool:
        """Whether an earlier run sent this very statement to a cluster and did not see all hosts do it."""
        past = self._pasts.get((careful.record.version, careful.script.direction, number))
        if past is None or facts.deeds is None or self._cluster(facts.deeds) is None:
            return False
        if past.hash != (careful.hashes[number - 1] if number <= len(careful.hashes) else b""):
            return False
        if careful.resume is not None and careful.resume.doubtful:
            return True
        # of one that failed it is known; on no host, or on all and later (a mutation): it is sent again
        return {each.state for each in read_before(past.before).outcomes} > {"done"}

    def _made_good(
        self, careful: CarefulScript, number: int, statement: Statement, facts: Facts
    ) -> bool | None:
        """See that every host has done it; False where none has, so that it is sent to all of them again.

        None where the cluster does not tell.
        """
        hold, script, deeds = self._hold, careful.script, facts.deeds or Deeds()
        past = self._pasts[careful.record.version, script.direction, number]
        cluster = self._cluster(deeds)
        if cluster is None:
            return None
        self._begin(careful)
        hold.watched(script, number, past.query_id, None)
        catch_up = CatchUp(hold, hold.statements)
        before = read_before(past.before)
        line = self._line(careful, number)._replace(query_id=past.query_id, started=past.started)
        try:
            outcomes = catch_up.find(cluster, statement.text, deeds, past)
            if outcomes is None:
                return None
            if all(each.state != "done" for each in outcomes):
                return False
            if any(each.state != "done" for each in outcomes):
                outcomes = catch_up.complete(cluster, statement.text, deeds, outcomes, past.query_id)
            else:
                text = f"every host has done statement {number}, it is not run again"
                self._tell_resumed(careful, number, text)
            if deeds.mutates:
                self._background.wait(deeds, before, again=True)
            if deeds.kind.startswith("alter"):
                self._backlog.wait(cluster, hold.table(deeds))
        except HostsLeftError as error:
            self._note_hosts(line, before, error.outcomes)
            raise
        except (LostError, StuckError, DeadlineError):
            raise
        except DatabaseError as error:
            failed = line._replace(state="failed", code=error.number, error=hold.told(error.message))
            if isinstance(error, HostsFailedError):
                before = before._replace(outcomes=tuple(error.outcomes))
            hold.lines.add(failed._replace(before=before.text(), finished=self._now()))
            raise
        finally:
            hold.unwatched()
        text = before._replace(outcomes=tuple(outcomes)).text()
        hold.lines.add(line._replace(state="done", before=text, finished=self._now()))
        return True

    # -- one in doubt ---------------------------------------------------------------------------------------

    def _took_effect(self, careful: CarefulScript, number: int, statement: Statement, facts: Facts) -> bool:
        hold, script = self._hold, careful.script
        deeds = facts.deeds or Deeds()
        past = self._pasts.get((careful.record.version, script.direction, number))
        if past is None or not self._evidence.took_effect(script, number, statement, facts, past):
            return False
        line = self._line(careful, number)._replace(
            query_id=past.query_id, before=past.before, started=past.started
        )
        if deeds.mutates:
            self._begin(careful)
            before = read_before(past.before)
            hold.watched(script, number, past.query_id, hold.table(deeds))
            try:
                self._background.wait(deeds, before, again=True)
            except (LostError, StuckError, DeadlineError):
                raise
            except DatabaseError as error:
                self._explain(error, statement, deeds, before, past.started)
                failed = line._replace(state="failed", code=error.number, error=hold.told(error.message))
                hold.lines.add(failed._replace(finished=self._now()))
                raise
            finally:
                hold.unwatched()
        self._begin(careful)
        hold.lines.add(line._replace(state="done", finished=self._now()))
        self._tell_resumed(careful, number, f"statement {number} had taken effect, it is not run again")
        return True

    def _tell_resumed(self, careful: CarefulScript, number: int, text: str) -> None:
        facts = {"version": careful.record.version, "statement": number}
        self._hold.tell(Notice("resumed", f"{careful.script.migration.name}: {text}", facts))
