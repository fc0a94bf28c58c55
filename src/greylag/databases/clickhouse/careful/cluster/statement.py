"""A statement for a cluster: sent once, read host by host, waited for where a host has yet to do it."""

from __future__ import annotations

from time import monotonic

from greylag.databases.clickhouse.careful.cluster.keeper import patiently
from greylag.databases.clickhouse.careful.cluster.queue import DONE, FAILED, WAITING, Outcome, read_rows
from greylag.databases.clickhouse.careful.mutations import StuckError
from greylag.errors import DatabaseError, LostError
from greylag.model.event import Notice

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from greylag.databases.clickhouse.careful.cluster.cluster import Cluster
    from greylag.databases.clickhouse.careful.hold import Hold
    from greylag.databases.clickhouse.link import Link
    from greylag.model.deeds import Deeds

_TIMEOUT = 159
_ON_A_HOST = "There was an error on ["
_LEAST_PAUSE, _MOST_PAUSE = 0.1, 1.0
_BUSY_SECONDS = 60.0
"""How long the queue may be busy with what came before."""


class HostsLeftError(StuckError):
    """Hosts have yet to do a statement; the others have done it. ``outcomes`` has all of them."""

    def __init__(self, outcomes: Sequence[Outcome], seconds: float) -> None:
        left = [each.host for each in outcomes if each.state == WAITING]
        names = ", ".join(left)
        verb = "has" if len(left) == 1 else "have"
        text = f"{names} {verb} not done this statement in {seconds:.0f} s; it is in the queue of the cluster"
        super().__init__(
            text,
            driver_text=text,
            hint=f"start {names}: a host that comes back does what is in its queue by itself. Then run the "
            "same command again: it waits for what is left and goes on",
        )
        self.outcomes = list(outcomes)
        self.context = told(outcomes)


class HostsFailedError(DatabaseError):
    """A statement failed on hosts of a cluster. ``outcomes`` has all of them."""

    def __init__(self, outcomes: Sequence[Outcome]) -> None:
        failed = [each for each in outcomes if each.state == FAILED]
        first = failed[0]
        alone = len(failed) == len(outcomes)
        where = "every host" if alone else ", ".join(each.host for each in failed)
        hint = None
        if not alone:
            hint = (
                f"make right what is in the way on {where}, and run the same command again: the statement is "
                "sent to the hosts alone that have not done it. (Once it is edited it goes to all of them.)"
            )
        text = f"{first.error} (on {where})"
        super().__init__(text, driver_text=f"code: {first.code}, message: {first.error}", hint=hint)
        self.number = first.code
        self.outcomes = list(outcomes)
        if not alone:
            self.context = told(outcomes)


def told(outcomes: Sequence[Outcome]) -> str:
    """Host by host, a line each."""
    words = {DONE: "has done it", WAITING: "has not done it yet: it is down, or busy"}
    return "\n".join(f"{each.host} {words.get(each.state) or f'failed: {each.error}'}" for each in outcomes)


class ClusterStatements:
    """Sends the statements of one run that name a cluster."""

    def __init__(self, hold: Hold) -> None:
        self._hold = hold
        self._behind: dict[str, str] = {}

    def behind(self, cluster: Cluster) -> str:
        """An entry of the queue that was there before what is sent next."""
        if cluster.name not in self._behind:
            self._behind[cluster.name] = cluster.queue.newest()
        return self._behind[cluster.name]

    def send(
        self, cluster: Cluster, text: str, deeds: Deeds, query_id: str, settings: Mapping[str, str]
    ) -> list[Outcome]:
        """Send it and wait for its hosts. Raises HostsFailedError, HostsLeftError, DatabaseError."""
        link = self._hold.session.link()
        return self.settle(cluster, *self.submit(link, cluster, text, deeds, query_id, settings))

    def submit(
        self,
        link: Link,
        cluster: Cluster,
        text: str,
        deeds: Deeds,
        query_id: str = "",
        settings: Mapping[str, str] | None = None,
    ) -> tuple[str, list[Outcome]]:
        """Send it: its entry in the queue, where that had to be looked for, and what each host made of it.

        Raises DatabaseError where it did not come into the queue.
        """
        hold, entry = self._hold, ""
        behind = self.behind(cluster)
        given = deeds.settings | hold.session.settings.server.keys()
        more = {**cluster.settings(hold.ground.settings, given), **(settings or {})}
        try:
            answer = link.query(text, query_id=query_id, settings=more)
            outcomes = read_rows(list(answer.names), answer.rows)
        except LostError:
            raise
        except DatabaseError as error:
            if error.number != _TIMEOUT and _ON_A_HOST not in error.message:
                raise
            entry = cluster.queue.named_in(error.message) or cluster.queue.find(text, deeds, behind)
            outcomes = cluster.queue.outcomes(entry)
            if not outcomes:
                raise
        seen = {each.host for each in outcomes}
        if outcomes:  # none: the server was told not to wait
            outcomes += [Outcome(host.label, WAITING) for host in cluster.hosts if host.label not in seen]
        if not entry and any(each.state == WAITING for each in outcomes):
            entry = cluster.queue.find(text, deeds, behind)
        return entry, outcomes

    def arrive(self, link: Link, cluster: Cluster, text: str, deeds: Deeds) -> list[Outcome]:
        """Send one of greylag's own and wait until a host has done it, not for those that are down.

        Raises HostsLeftError when the queue is busy with something else for too long, DatabaseError.
        """
        # each of them may be sent twice: they are guarded, or a lock that tells whose it is
        entry, outcomes = patiently(lambda: self.submit(link, cluster, text, deeds), self._hold.pause)
        began = monotonic()
        while outcomes and all(each.state == WAITING for each in outcomes):
            if monotonic() - began > _BUSY_SECONDS:
                raise HostsLeftError(outcomes, _BUSY_SECONDS)
            self._hold.pause(_LEAST_PAUSE)
            outcomes = cluster.queue.outcomes(entry) or outcomes
        return outcomes

    def settle(self, cluster: Cluster, entry: str, outcomes: list[Outcome]) -> list[Outcome]:
        """Wait for hosts that have not done it. Raises HostsFailedError, HostsLeftError, DatabaseError."""
        hold, limit = self._hold, self._hold.manners.lock_budget_seconds
        began, break_ = monotonic(), _LEAST_PAUSE
        is_told = False
        while left := [each.host for each in outcomes if each.state == WAITING]:
            if monotonic() - began > limit:
                raise HostsLeftError(outcomes, limit)
            if not is_told:
                is_told = True
                self._tell(left, limit)
            done = len(outcomes) - len(left)
            hold.progress(f"waiting for {', '.join(left)}", done, len(outcomes))
            hold.lock.keep()
            hold.pause(break_)
            break_ = min(_MOST_PAUSE, break_ * 2)
            known = {each.host: each for each in cluster.queue.outcomes(entry)}
            outcomes = [known.get(each.host, each) for each in outcomes]
        if any(each.state == FAILED for each in outcomes):
            raise HostsFailedError(outcomes)
        if is_told:
            self._hold.tell(
                Notice("hosts", "all hosts have done it", {"hosts": [each.host for each in outcomes]})
            )
        return outcomes

    def _tell(self, left: list[str], limit: float) -> None:
        names = ", ".join(left)
        verb = "has" if len(left) == 1 else "have"
        text = f"{names} {verb} yet to do the statement; waiting up to {limit:.0f} s"
        self._hold.tell(Notice("hosts", text, {"hosts": left}))
