"""Waiting for the mutations that a statement started, telling how far they are, ending those that fail."""

from __future__ import annotations

from time import monotonic

from greylag.databases.clickhouse.careful.before import Before, read_types
from greylag.databases.clickhouse.careful.mutations import (
    blocked,
    endless,
    failure,
    kill,
    left_behind,
    new_ones,
    read_mutations,
    started_by,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.databases.clickhouse.careful.hold import Hold
    from greylag.databases.clickhouse.careful.mutations import Mutation, Table
    from greylag.errors import DatabaseError
    from greylag.model.deeds import Deeds

_LEAST_PAUSE, _MOST_PAUSE = 0.05, 1.0
_GRACE = 10.0
"""Seconds in which the server tries a mutation again that failed, once nothing is in its way any more."""

_OWN = frozenset(
    ("mutations_sync", "alter_sync", "replication_alter_partitions_sync", "lightweight_deletes_sync")
)
"""Settings by which a file says itself how long the server is to wait."""


class Background:
    """Looks after the mutations of one run's statements."""

    def __init__(self, hold: Hold) -> None:
        self._hold = hold

    def settings(self, deeds: Deeds, before: Before) -> dict[str, str]:
        """Settings that let a statement return at once, so that its mutation can be watched.

        A file, or a connection string, that says how to wait keeps what it says.
        """
        if not deeds.mutates or (deeds.settings | self._hold.session.settings.server.keys()) & _OWN:
            return {}
        wanted = {"mutations_sync": "0", "lightweight_deletes_sync": "0"}
        if not before.engine.startswith("Replicated"):  # there the next statement has to find the new columns
            wanted["alter_sync"] = "0"
        return self._hold.ground.known(**wanted)

    def wait(self, deeds: Deeds, before: Before, *, again: bool = False) -> None:
        """Wait until the statement's mutations are done; the limit is lock_budget without a part done.

        ``again``: they are of an earlier run, and the reason why they failed then may be gone by now.
        Raises DatabaseError for one that failed, StuckError for one that does not get on.
        """
        hold, table = self._hold, self._hold.table(deeds)
        limit, break_ = hold.manners.lock_budget_seconds, _LEAST_PAUSE
        began = since = monotonic()
        least, most = -1, 0
        while True:
            mutations = [each for each in read_mutations(hold.link, table) if not each.done]
            ours = new_ones(mutations, before.mutations)
            if not ours:
                return
            self._refuse_held_up(table, mutations, before)
            for mutation in ours:
                if mutation.reason and (not again or monotonic() - began > _GRACE):
                    raise failure(table, mutation)
            left = sum(each.left for each in ours)
            if least < 0 or left < least:
                least, since = left, monotonic()
            elif monotonic() - since > limit:
                raise endless(table, ours[0], limit)
            most = max(most, left)
            hold.progress(f"mutation: {left} of {most} parts to do", most - left, most)
            hold.lock.keep()
            hold.pause(break_)
            break_ = min(_MOST_PAUSE, break_ * 2)

    def check_held_up(self, deeds: Deeds, before: Before) -> None:
        """After a failure: raise StuckError where the statement's mutation is there and another one fails.

        The server tries both at once on a part, and gives both the reason of the one that fails.
        """
        table = self._hold.table(deeds)
        mutations = [each for each in read_mutations(self._hold.link, table) if not each.done]
        if new_ones(mutations, before.mutations):
            self._refuse_held_up(table, mutations, before)

    def _refuse_held_up(self, table: Table, mutations: list[Mutation], before: Before) -> None:
        for older in mutations:
            if older.id in before.mutations and older.reason:
                raise blocked(table, older)

    def clean_up(self, error: DatabaseError, text: str, deeds: Deeds, before: Before) -> None:
        """After ``text`` failed: take its mutation out of the queue if it fails there, and explain."""
        hold, table = self._hold, self._hold.table(deeds)
        told = []
        for mutation in new_ones(read_mutations(hold.link, table), before.mutations):
            if mutation.done or not mutation.reason:
                continue
            if started_by(hold.link, text, deeds, mutation):
                told.append(kill(hold.link, table, mutation))
            else:
                told.append(left_behind(table, mutation))
        changed = self._half_changed(deeds, before, table)
        if changed:
            error.hint = "set the type back as above and mend the statement or the rows, then run the same "
            error.hint += "command again: it goes on there"
        error.context = "\n".join(filter(None, (error.context, *told, *changed)))

    def _half_changed(self, deeds: Deeds, before: Before, table: Table) -> list[str]:
        """Columns that have their new type although the rows did not fit it."""
        if not deeds.retyped:
            return []
        now = read_types(self._hold.link, table, deeds.retyped)
        return [
            f"column {name} of {table.sql} is {now[name]} already although its rows do not fit, so that "
            f"reading it fails; back to what it was: ALTER TABLE {table.sql} MODIFY COLUMN {name} {kind}"
            for name, kind in before.types.items()
            if now.get(name, kind) != kind
        ]
