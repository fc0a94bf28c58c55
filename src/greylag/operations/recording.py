"""Recording versions as applied or not without running anything, where an engine keeps no journal."""

from __future__ import annotations

from bisect import bisect
from typing import TYPE_CHECKING

from greylag.errors import PlanError
from greylag.model.migration import Script
from greylag.operations.history import ensure

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from greylag.databases.base import Session
    from greylag.model.migration import Direction, Migration


class UnknownVersionError(PlanError):
    """No file carries a version, and nothing else is known of it either."""

    def __init__(self, version: int, migrations: Sequence[Migration]) -> None:
        versions = [migration.version for migration in migrations]
        place = bisect(versions, version)
        near = [migration.name for migration in migrations[max(0, place - 1) : place + 1]]
        super().__init__(
            f"no file here carries version {version}",
            hint=f"the nearest: {' and '.join(near)}" if near else "there are no files here; give --dir",
        )
        self.version = version


def record_plainly(session: Session, migrations: Iterable[Migration], direction: Direction) -> None:
    """Write or delete version rows as for files without a statement. Raises DatabaseError, ApplyError."""
    ensure(session)
    for _ in session.apply(
        Script(migration, direction, (), 0, transactional=True, plain=True) for migration in migrations
    ):
        pass
