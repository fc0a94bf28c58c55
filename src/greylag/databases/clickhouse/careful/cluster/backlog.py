"""What a statement left to do in the background, on every host: mutations, and replicas that lag behind."""

from __future__ import annotations

from time import monotonic

from greylag.databases.clickhouse.careful.mutations import Mutation, StuckError, endless, failure
from greylag.databases.clickhouse.careful.place import literal
from greylag.model.event import Notice

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    from greylag.databases.clickhouse.careful.cluster.cluster import Cluster
    from greylag.databases.clickhouse.careful.cluster.hosts import Host
    from greylag.databases.clickhouse.careful.hold import Hold
    from greylag.databases.clickhouse.careful.mutations import Table
    from greylag.errors import DatabaseError

    Row = list[str | None]
    E = TypeVar("E", bound=DatabaseError)

_LEAST_PAUSE, _MOST_PAUSE = 0.05, 1.0
_REPLICA_SECONDS = 30.0
"""How long a replica may lag behind; after that it is named, and the run goes on: it catches up by itself."""


class Backlog:
    """Waits for one run."""

    def __init__(self, hold: Hold) -> None:
        self._hold = hold

    def wait(self, cluster: Cluster, table: Table) -> None:
        """Wait for ``table`` on all hosts; the limit is lock_budget without a part done.

        Raises DatabaseError for a mutation that fails, StuckError for one that does not get on.
        """
        hold, limit = self._hold, self._hold.manners.lock_budget_seconds
        began = since = monotonic()
        least, most, break_ = -1, 0, _LEAST_PAUSE
        question = self._question(table)
        while True:
            found = cluster.ask(question)
            left, late = 0, []
            for host, rows in found.items():
                mutations = [_mutation(row) for row in rows or [] if row[0] == "mutation"]
                for mutation in mutations:
                    if mutation.reason:
                        raise _on(host, failure(table, mutation))
                left += sum(max(1, each.left) for each in mutations)
                late += [
                    f"{host.label} ({row[3]} to do, {row[2]} s behind)" for row in rows or [] if _lags(row)
                ]
            if not left and (not late or monotonic() - began > _REPLICA_SECONDS):
                break
            if least < 0 or left < least:
                least, since = left, monotonic()
            elif left and monotonic() - since > limit:
                raise self._endless(table, found, limit)
            most = max(most, left)
            what = (
                f"mutation: {left} of {most} parts to do on all hosts"
                if left
                else f"replicas: {', '.join(late)}"
            )
            hold.progress(what, most - left, most)
            hold.lock.keep()
            hold.pause(break_)
            break_ = min(_MOST_PAUSE, break_ * 2)
        if late:
            text = f"replicas of {table.sql} have yet to catch up: {', '.join(late)}; the run goes on"
            hold.tell(Notice("hosts", text, {"hosts": late}))

    def _question(self, table: Table) -> str:
        reason = "''" if "latest_fail_reason" in self._hold.ground.lacks else "latest_fail_reason"
        where = f"database = {literal(table.database)} AND table = {literal(table.name)}"
        return (
            f"SELECT 'mutation', mutation_id, {reason}, toString(parts_to_do) FROM system.mutations "
            f"WHERE {where} AND NOT is_done "
            "UNION ALL SELECT 'replica', toString(is_readonly), toString(absolute_delay), "
            f"toString(queue_size) FROM system.replicas WHERE {where}"
        )

    def _endless(self, table: Table, found: dict[Host, list[Row] | None], seconds: float) -> StuckError:
        host, row = next(
            (host, row) for host, rows in found.items() for row in rows or [] if row[0] == "mutation"
        )
        return _on(host, endless(table, _mutation(row), seconds))


def _on(host: Host, error: E) -> E:
    """The error, with the host it is about."""
    named = type(error)(f"{error.message} (on {host.label})", driver_text=error.driver_text, hint=error.hint)
    named.number = error.number
    return named


def _mutation(row: Row) -> Mutation:
    return Mutation(row[1] or "", "", int(row[3] or 0), False, row[2] or "")


def _lags(row: Row) -> bool:
    """Whether a replica has something to do and is behind; one that merges alone is not."""
    return row[0] == "replica" and (row[1] != "0" or (row[2] != "0" and row[3] != "0"))
