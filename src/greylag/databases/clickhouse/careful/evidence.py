"""What became of a statement whose end nobody saw: asked of the server, never guessed."""

from __future__ import annotations

from time import monotonic

from greylag.databases.clickhouse.careful.before import read_before, read_table
from greylag.databases.clickhouse.careful.effects import Effects, grew, told
from greylag.databases.clickhouse.careful.mutations import new_ones, read_mutations, started_by
from greylag.databases.clickhouse.careful.place import literal
from greylag.errors import ConnectError, DatabaseError, LockedError, UnfinishedError
from greylag.model.care import WAYS_OUT
from greylag.model.event import Notice
from greylag.model.location import Location

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.databases.clickhouse.careful.hold import Hold
    from greylag.databases.clickhouse.careful.reading import Past
    from greylag.databases.clickhouse.link import Link
    from greylag.model.facts import Facts
    from greylag.model.migration import Script, Statement

_PAUSE = 0.3
_NOTE = "-note"
_ENDED = {"QueryStart": None, "1": None, "QueryFinish": True, "2": True}
"""Types in the query log, which have numbers alone on servers of 2018; the others are exceptions."""


def note_id(query_id: str) -> str:
    """The id under which the intent of a statement is written."""
    return f"{query_id}{_NOTE}"


class Evidence:
    """Asks for one run, and of each statement the node that it was sent to."""

    _link: Link
    _straight = True

    def __init__(self, hold: Hold) -> None:
        self._hold = hold

    def took_effect(
        self, script: Script, number: int, statement: Statement, facts: Facts, past: Past
    ) -> bool:
        """Whether it did; False also for one that can simply be sent again.

        Waits while the server still works at it. Raises UnfinishedError where it cannot be told.
        """
        if self._reach(past):
            try:
                self._wait_for(past)
                logged = self._logged(past)
            except ConnectError:
                if self._straight:
                    raise
                logged = None  # it is down, or has no log yet: what the statement left has to tell
            if logged is not None:
                return logged
        found = self._by_effect(statement, facts, past)
        if found is None and facts.repeatable:
            return False
        if found is None:
            raise self._cannot_tell(script, number, statement, facts, past)
        return found

    def _reach(self, past: Past) -> bool:
        """Ask the node that was sent it, where that can be told from the others; whether it can."""
        hold = self._hold
        self._link, self._straight = hold.link, True
        if past.node == hold.ground.node:
            return True
        host = hold.cluster.named(past.node) if hold.cluster is not None else None
        if host is None or hold.cluster is None:
            return False
        way = hold.cluster.ways.direct(host)
        self._straight = way is not None
        self._link = hold.understood(way or hold.cluster.ways.asking(host))
        return True

    # -- by its query_id ----------------------------------------------------------------------------------

    def _wait_for(self, past: Past) -> None:
        hold, began, is_told = self._hold, monotonic(), False
        question = f"SELECT 1 FROM system.processes WHERE query_id = {literal(past.query_id)}"
        while self._link.query(question).rows:
            waited = monotonic() - began
            if waited > hold.manners.lock_wait_seconds:
                raise LockedError(
                    "the server still carries out a statement that a broken run began",
                    holder=past.query_id,
                    hint=f"wait for it, or end it: KILL QUERY WHERE query_id = {literal(past.query_id)}",
                )
            if not is_told:
                is_told = True
                text = "the server still carries out the statement that a broken run began; waiting for it"
                hold.tell(Notice("orphan", text, {"query_id": past.query_id}))
            hold.lock.keep()
            hold.pause(_PAUSE)

    def _logged(self, past: Past) -> bool | None:
        """What the query log says; None where it is off, or says nothing."""
        link, day = self._link, past.started // 86_400_000_000 - 1
        ids = f"({literal(past.query_id)}, {literal(note_id(past.query_id))})"
        try:
            if self._straight:
                link.execute("SYSTEM FLUSH LOGS")
            rows = link.query(
                "SELECT query_id, toString(type) FROM system.query_log "
                f"WHERE event_date >= toDate({day}) AND query_id IN {ids} AND is_initial_query "
                "ORDER BY event_time, type"
            ).rows
        except DatabaseError as error:
            if error.number == 0:
                raise
            return None
        types = [kind for name, kind in rows if name == past.query_id]
        if not types:
            # its intent was logged and it was not: it never arrived, unless the log lags behind
            return False if rows and self._straight else None
        return _ENDED.get(types[-1] or "", False)

    # -- by what it leaves ----------------------------------------------------------------------------------

    def _by_effect(self, statement: Statement, facts: Facts, past: Past) -> bool | None:
        deeds, hold = facts.deeds, self._hold
        if deeds is None:
            return None
        table = hold.table(deeds)
        if deeds.swaps:
            was = read_before(past.before).uuid
            return read_table(self._link, table)[1] != was if was else None
        if deeds.mutates:
            before = read_before(past.before).mutations
            new = new_ones(read_mutations(self._link, table), before)
            found = {started_by(self._link, statement.text, deeds, mutation) for mutation in new}
            if True in found or None in found:
                return True if True in found else None
            if not deeds.deeds:  # other engines than MergeTree mutate at once, and remember nothing
                return False if "MergeTree" in read_table(self._link, table)[0] else None
        effects = Effects(self._link, deeds, hold.ground.session_database, past.started // 1_000_000)
        states = {effects.of(deed) for deed in deeds.deeds}
        if None in states:
            return None
        if states == {True}:
            return None if deeds.fills else True
        if deeds.fills and not deeds.deeds:
            return False if grew(self._link, table, past.started) is False else None
        # an ALTER does all of its actions or none; a DROP of several may have stopped in between
        if states == {False} or (states and deeds.kind.startswith("alter")):
            return False
        return None

    def _cannot_tell(
        self, script: Script, number: int, statement: Statement, facts: Facts, past: Past
    ) -> UnfinishedError:
        name, version = script.migration.name, script.migration.version
        line, column = statement.place(0)
        option, end = WAYS_OUT[script.direction]
        deeds = facts.deeds
        half = ""
        if deeds is not None:
            effects = Effects(self._link, deeds, self._hold.ground.session_database, past.started)
            half = told(deeds, effects.moved)
        return UnfinishedError(
            f"{name} was broken off in statement {number} of {script.count}: the server cannot tell whether "
            f"that statement took effect{f'; {half}' if half else ''}",
            version=version,
            where=Location(script.migration.path, line, column),
            hint=f"look at the database, then say which: greylag resolve {version} --resume (it took effect: "
            f"go on behind statement {number}), --resume --at {number} (it did not: run it again), "
            f"--from-start (begin with statement 1), {option} ({end})",
        )
