"""``schema diff`` and ``drift``: two schemas compared, or every database with its migrations."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from greylag.errors import GreylagError
from greylag.migrations.files import NoFilesError, collect
from greylag.migrations.plan import applied_versions
from greylag.operations.catalogs import as_replayed, without_bookkeeping
from greylag.operations.reach import reach
from greylag.operations.replay import replay
from greylag.operations.schema_sides import Side, comparable
from greylag.operations.scratch import workshop_of
from greylag.operations.survey import read_rows
from greylag.schema.comparison.comparison import compare
from greylag.schema.neutral import with_one_owner, without_owners, without_privileges

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from greylag.environments.resolution import Resolution
    from greylag.model.catalog.catalog import Catalog
    from greylag.model.change import Change
    from greylag.model.server import Server
    from greylag.model.target import Target
    from greylag.operations.schema_prisma import PrismaSide

AT_ONCE = 8
"""How many databases are looked at at the same time, unless it is said."""


class Strictness(NamedTuple):
    """What counts as a difference. ``owners`` False: nobody's, ``privileges`` False: nothing of GRANT."""

    owners: bool = True
    privileges: bool = True


STRICT = Strictness()


class Drift(NamedTuple):
    """How a database stands to its migrations. ``error``: it could not be found out, and why.

    ``missing`` versions are applied there and have no file here; ``pending`` is how many files are not
    applied: neither is drift. ``changes`` go from what the applied files make to what the database is.
    """

    target: Target
    server: Server | None = None
    changes: Sequence[Change] = ()
    missing: Sequence[int] = ()
    pending: int = 0
    error: GreylagError | None = None


def differences(before: Catalog, after: Catalog, strictness: Strictness = STRICT) -> list[Change]:
    """What differs; a role that owns most of its side is the same as the one of the other side."""
    return compare(_leveled(before, strictness), _leveled(after, strictness))


def between(
    one: Side | PrismaSide, other: Side | PrismaSide, strictness: Strictness = STRICT
) -> list[Change]:
    """What differs between two sides as they were named; where one is a schema.prisma, as Prisma sees it."""
    if isinstance(one, Side) and isinstance(other, Side):
        return differences(*comparable(one, other), strictness)
    from greylag.operations.schema_prisma import compare_prisma

    return compare_prisma(
        one.catalog if isinstance(one, Side) else one, other.catalog if isinstance(other, Side) else other
    )


def drift(
    resolution: Resolution,
    environ: Mapping[str, str],
    *,
    table: str | None = None,
    strictness: Strictness = STRICT,
    at_once: int = AT_ONCE,
) -> Iterator[Drift]:
    """Every target of a resolution, ``at_once`` of them, in their order; each with the files applied there.

    A target that cannot be judged has ``error`` and keeps no other from being judged.
    """
    models = _Models(resolution)

    def judge(target: Target) -> Drift:
        try:
            return _judge(target, resolution, environ, models, table, strictness)
        except GreylagError as error:
            return Drift(target, error=error)

    if at_once == 1 or len(resolution.targets) == 1:
        yield from map(judge, resolution.targets)
        return
    with ThreadPoolExecutor(at_once) as pool:
        yield from pool.map(judge, resolution.targets)


def _judge(
    target: Target,
    resolution: Resolution,
    environ: Mapping[str, str],
    models: _Models,
    table: str | None,
    strictness: Strictness,
) -> Drift:
    way = reach(target, resolution, environ, table=table)
    with closing(way.session) as session:
        server = session.connect()
        rows = read_rows(session)
        catalog = without_bookkeeping(session.catalog(), table or target.table)
    applied = {version for version, on in applied_versions(rows or []).items() if on and version}
    try:
        files = {migration.version for migration in collect(target.folder)}
    except NoFilesError:
        files = set()
    missing = sorted(applied - files)
    pending = len(files - applied)
    if missing:
        return Drift(target, server, missing=missing, pending=pending)
    model = models.of(target, server, frozenset(applied), table or target.table)
    return Drift(target, server, differences(model, as_replayed(catalog), strictness), (), pending)


class _Models:
    """What folders make, each replayed once however many databases are compared with it."""

    def __init__(self, resolution: Resolution) -> None:
        self._workshop = workshop_of(resolution)
        self._lock = Lock()
        self._made: dict[tuple[str, str, str, frozenset[int]], Catalog] = {}

    def of(self, target: Target, server: Server, versions: frozenset[int], table: str) -> Catalog:
        # files of ClickHouse name the database, and give another schema where it has another name
        name = server.database if server.engine == "clickhouse" else ""
        key = (target.folder, server.engine, name, versions)
        with self._lock:
            if key not in self._made:
                self._made[key] = replay(
                    self._workshop, target.folder, server.engine, only=versions, table=table, database=name
                )
            return self._made[key]


def _leveled(catalog: Catalog, strictness: Strictness) -> Catalog:
    catalog = with_one_owner(catalog)
    if not strictness.owners:
        catalog = without_owners(catalog)
    return catalog if strictness.privileges else without_privileges(catalog)
