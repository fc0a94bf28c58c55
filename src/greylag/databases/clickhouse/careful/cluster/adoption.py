"""A version table or journal that was on one host alone: its rows go to all hosts of the cluster."""

from __future__ import annotations

from greylag.databases.clickhouse.careful.cluster.preflight import FRESH
from greylag.databases.clickhouse.careful.cluster.queue import FAILED
from greylag.databases.clickhouse.careful.cluster.statement import HostsFailedError
from greylag.databases.clickhouse.careful.cluster.tables import on_cluster
from greylag.errors import RefusedError
from greylag.model.deeds import Deeds
from greylag.model.event import Notice

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from greylag.databases.clickhouse.careful.cluster.cluster import Cluster
    from greylag.databases.clickhouse.careful.cluster.preflight import Found
    from greylag.databases.clickhouse.careful.cluster.statement import ClusterStatements
    from greylag.databases.clickhouse.careful.place import Place
    from greylag.databases.clickhouse.link import Link

OLD = "_before_cluster"
"""Behind the name of what the table was before; it stays."""


class Adoption:
    """Makes a table of a run's database the cluster's, under the lock; a broken adoption is taken up."""

    def __init__(
        self, link: Link, cluster: Cluster, statements: ClusterStatements, place: Place, found: Found
    ) -> None:
        self._link = link
        self._cluster = cluster
        self._statements = statements
        self._place = place
        self._found = found

    def provide(
        self, name: str, columns: str, create: Callable[[str], str], tell: Callable[[Notice], None]
    ) -> bool:
        """See that ``name`` is on every host; whether it is new. ``create`` gives its definition by name.

        Raises RefusedError, DatabaseError.
        """
        plain, lacking = self._found.plain(name), self._found.lacking(name)
        fresh = any(name + FRESH in tables for tables in self._found.tables.values())
        if plain:
            self._check_alone(name)
            self._copy(name, columns, create)
            self._swap(name)
        elif fresh and len(lacking) == len(self._found.tables):
            self._rename(name)  # a run was broken off between the two names
        elif lacking:
            self._send(create(name), Deeds("create table", table=name))
            return len(lacking) == len(self._found.tables)
        else:
            return False
        text = (
            f"{name} was on {plain[0].label if plain else 'one host'} alone; its rows are on all hosts of "
            f"{self._cluster.name} now, and what it was is {name}{OLD}"
        )
        tell(Notice("adopted", text, {"table": name}))
        return False

    def _check_alone(self, name: str) -> None:
        """Rows of several hosts cannot be told to be one history."""
        plain = self._found.plain(name)
        others = [host for host, tables in self._found.tables.items() if name in tables and not host.own]
        away = [*others, *self._found.down]
        if not away:
            return
        where = ", ".join(host.label for host in away)
        if plain == others:
            why, hint = "", f"connect to {where}, and run the same command there: its rows go to all hosts"
        else:
            why = f", and {where} may have one of its own"
            hint = (
                "compare their rows (goose run on each host wrote each its own); where one is right, "
                f"RENAME TABLE {self._place.of(name)} TO {self._place.of(name + OLD)} on the others, and run "
                "the same command again on the host that has it: its rows go to all of them"
            )
        raise RefusedError(
            f"{name} is not replicated: it is on {', '.join(host.label for host in plain)} alone{why}; "
            "nothing was written",
            hint=hint,
        )

    def _copy(self, name: str, columns: str, create: Callable[[str], str]) -> None:
        fresh, old = self._place.of(name + FRESH), self._place.of(name)
        self._send(create(name + FRESH), Deeds("create table", table=name + FRESH))
        if self._link.query(f"SELECT toString(count()) FROM {fresh}").rows == [["0"]]:
            self._link.execute(f"INSERT INTO {fresh} ({columns}) SELECT {columns} FROM {old}")

    def _swap(self, name: str) -> None:
        self._link.execute(f"RENAME TABLE {self._place.of(name)} TO {self._place.of(name + OLD)}")
        self._rename(name)

    def _rename(self, name: str) -> None:
        text = f"RENAME TABLE {self._place.of(name + FRESH)} TO {self._place.of(name)}"
        self._send(f"{text}{on_cluster(self._cluster.name)}", Deeds("rename table", table=name))

    def _send(self, text: str, deeds: Deeds) -> None:
        outcomes = self._statements.arrive(self._link, self._cluster, text, deeds)
        if any(each.state == FAILED for each in outcomes):
            raise HostsFailedError(outcomes)
