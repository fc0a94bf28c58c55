"""The schema of every host of a ClickHouse cluster against the one that is connected to."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from greylag.databases.clickhouse.catalog.hosts import read_cluster
from greylag.operations.catalogs import without_bookkeeping
from greylag.schema.comparison.comparison import compare

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from greylag.databases.clickhouse.session import ClickhouseSession
    from greylag.model.change import Change


class HostComparison(NamedTuple):
    """``here`` is the host that was asked; ``changes`` are by host, from ``here`` to that one.

    ``silent`` hosts did not answer, ``answered`` is how many did: none where the cluster is not known.
    """

    here: str
    answered: int
    changes: Mapping[str, Sequence[Change]]
    silent: Sequence[str]


def compare_hosts(session: ClickhouseSession, cluster: str) -> HostComparison:
    """Read the catalog of every host and compare. Writes nothing. Raises DatabaseError."""
    found = read_cluster(session.link(), cluster)
    catalogs = {
        host: without_bookkeeping(catalog, session.table.replace("`", ""))
        for host, catalog in found.catalogs.items()
    }
    here = catalogs.get(found.here)
    changes = {host: compare(here, catalog) for host, catalog in catalogs.items() if here and catalog != here}
    return HostComparison(found.here, len(catalogs), changes, found.silent)


def told_change(change: Change, host: str, here: str) -> str:
    """A difference in one sentence."""
    what = f"{change.kind} {change.name}"
    if change.what == "missing":
        return f"{host} lacks the {what}, which is on {here}"
    if change.what == "extra":
        return f"{host} has the {what}, which is not on {here}"
    there, before = change.after or "nothing", change.before or "nothing"
    return f"{what}: {change.what} is {there} on {host}, {before} on {here}"
