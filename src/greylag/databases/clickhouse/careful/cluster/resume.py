"""A statement that not every host has done: told host by host, and made good on those alone that lack it."""

from __future__ import annotations

from greylag.databases.clickhouse.careful.before import read_before
from greylag.databases.clickhouse.careful.cluster.queue import DONE, FAILED, WAITING, Outcome
from greylag.databases.clickhouse.careful.cluster.statement import HostsFailedError
from greylag.databases.clickhouse.careful.effects import Effects
from greylag.databases.clickhouse.careful.place import literal
from greylag.errors import ConnectError, DatabaseError
from greylag.model.event import Notice

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from greylag.databases.clickhouse.careful.cluster.cluster import Cluster
    from greylag.databases.clickhouse.careful.cluster.hosts import Host
    from greylag.databases.clickhouse.careful.cluster.statement import ClusterStatements
    from greylag.databases.clickhouse.careful.hold import Hold
    from greylag.databases.clickhouse.careful.reading import Past
    from greylag.model.deeds import Deeds

_DOUBT = "doubt"


class CatchUp:
    """Works for one run."""

    def __init__(self, hold: Hold, statements: ClusterStatements) -> None:
        self._hold = hold
        self._statements = statements

    def find(self, cluster: Cluster, text: str, deeds: Deeds, past: Past) -> list[Outcome] | None:
        """What every host made of a statement of an earlier run; None where the cluster does not tell of one.

        The queue tells, then what was noted, then what the statement left on the host.
        """
        before = read_before(past.before)
        entry = cluster.queue.find(text, deeds, before.behind)
        known = {each.host: each for each in before.outcomes}
        known |= {each.host: each for each in cluster.queue.outcomes(entry)}
        if entry and any(each.state == WAITING for each in known.values()):
            try:
                return self._statements.settle(cluster, entry, list(known.values()))
            except HostsFailedError as error:
                known = {each.host: each for each in error.outcomes}
        found = []
        for host in cluster.hosts:
            outcome = known.get(host.label)
            if outcome is None:
                stands = self._stands(cluster, host, deeds, past)
                outcome = Outcome(host.label, _DOUBT if stands is None else DONE if stands else FAILED)
            elif outcome.state == FAILED and self._made_by_hand(cluster, host, deeds, known):
                outcome = outcome._replace(state=DONE)
            found.append(outcome)
        return None if any(each.state == _DOUBT for each in found) else found

    def _stands(self, cluster: Cluster, host: Host, deeds: Deeds, past: Past) -> bool | None:
        """Whether what it does stands on a host; None where that cannot be told."""
        if not deeds.deeds or deeds.fills:
            return None
        since = past.started // 1_000_000
        effects = Effects(cluster.ways.asking(host), deeds, self._hold.ground.session_database, since)
        try:
            states = {effects.of(deed) for deed in deeds.deeds}
        except ConnectError:
            return None
        if None in states:
            return None
        return states == {True} if len(states) == 1 or deeds.kind.startswith("alter") else None

    def _made_by_hand(self, cluster: Cluster, host: Host, deeds: Deeds, known: Mapping[str, Outcome]) -> bool:
        """Whether the tables of a host where it failed are now as on one that has done it."""
        done = {each.host for each in known.values() if each.state == DONE}
        model = next((each for each in cluster.hosts if each.label in done), None)
        named = {(deed.database or self._hold.ground.session_database, deed.table) for deed in deeds.deeds}
        if model is None or not named or any(not table for _, table in named) or deeds.fills:
            return False
        where = " OR ".join(
            f"(database = {literal(each)} AND {{}} = {literal(table)})" for each, table in named
        )
        question = (
            f"SELECT name, engine_full, '' FROM system.tables WHERE {where.format(*['name'] * len(named))} "
            "UNION ALL SELECT table, name, type FROM system.columns "
            f"WHERE {where.format(*['table'] * len(named))}"
        )
        try:
            here, there = (
                sorted(map(str, cluster.ways.asking(each).query(question).rows)) for each in (host, model)
            )
        except DatabaseError:
            return False
        return here == there and bool(here)

    def complete(
        self, cluster: Cluster, text: str, deeds: Deeds, outcomes: Sequence[Outcome], query_id: str
    ) -> list[Outcome]:
        """Run it on the hosts that lack it, straight. Raises HostsFailedError, DatabaseError."""
        start, end = deeds.clause
        uuid = self._uuid(cluster, text, deeds, outcomes)
        alone = f"{text[:start].rstrip()} {uuid}{text[end:].lstrip()}".rstrip("; \n")
        done = [
            each if each.state == DONE else self._run(cluster, each, alone, query_id) for each in outcomes
        ]
        if any(each.state == FAILED for each in done):
            error = HostsFailedError(done)
            unreached = [each for each in done if each.state == FAILED and not each.code]
            if unreached:
                error.hint = (
                    f"let the connection string name {unreached[0].host} too (http://one:8123,two:8123/…), "
                    f"or connect to that host and run there: {alone}; then run the same command again"
                )
            raise error
        names = [each.host for each in outcomes if each.state != DONE]
        text = f"the statement was made good on {', '.join(names)}: the other hosts had done it"
        self._hold.tell(Notice("hosts", text, {"hosts": names}))
        return done

    def _uuid(self, cluster: Cluster, text: str, deeds: Deeds, outcomes: Sequence[Outcome]) -> str:
        """The clause that makes a replicated table the same one as on a host that has it, else nothing.

        ON CLUSTER gives all hosts one uuid, and a replicated table's place in the keeper is made of it: made
        by itself on one host, the table would be another, or be refused (36, "Macro 'uuid'").
        """
        if deeds.kind != "create table" or len(deeds.deeds) != 1 or "Replicated" not in text:
            return ""
        deed = deeds.deeds[0]
        done = {each.host for each in outcomes if each.state == DONE}
        model = next((each for each in cluster.hosts if each.label in done), None)
        if model is None:
            return ""
        database = deed.database or self._hold.ground.session_database
        question = (
            f"SELECT toString(uuid) FROM system.tables WHERE database = {literal(database)} "
            f"AND name = {literal(deed.table)}"
        )
        try:
            rows = cluster.ways.asking(model).query(question).rows
        except DatabaseError:  # a server without uuids, where the path says it all
            return ""
        uuid = rows[0][0] if rows else ""
        return f"UUID '{uuid}' " if uuid and uuid.strip("0-") else ""

    def _run(self, cluster: Cluster, outcome: Outcome, text: str, query_id: str) -> Outcome:
        host = cluster.named(outcome.host)
        link = cluster.ways.direct(host) if host is not None else None
        if link is None:
            return outcome._replace(state=FAILED, code=0, error=outcome.error or "no way leads there")
        try:
            link.execute(text, query_id=query_id)
        except DatabaseError as error:
            if error.number == 0:
                raise
            return Outcome(outcome.host, FAILED, error.number, error.message)
        return Outcome(outcome.host, DONE)
