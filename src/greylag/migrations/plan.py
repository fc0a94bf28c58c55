"""Files and history to the steps of a run: pure functions, no connection.

"Newest row" is the order in which an engine lists its history; what is missing, pending or head follows
goose's command line (up.go, down.go, reset.go of v3.27.3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from greylag.errors import PlanError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from greylag.model.history import Applied
    from greylag.model.migration import Direction, Migration


class Step(NamedTuple):
    """One file to run in one direction."""

    migration: Migration
    direction: Direction


class MissingError(PlanError):
    """Files below the newest applied version were never applied. Facts for faces that decide otherwise."""

    def __init__(self, missing: Sequence[Migration], newest: int) -> None:
        listed = "".join(f"\n\tversion {version}: {path}" for version, path in missing)
        super().__init__(
            f"error: found {len(missing)} missing migrations before current version {newest}:{listed}",
            hint="give them a newer version, or apply them out of order with --allow-missing",
        )
        self.missing = list(missing)
        self.newest = newest


class NoHeadError(PlanError):
    """The version table holds no applied row, not even the one for version 0."""

    def __init__(self) -> None:
        super().__init__(
            "no next version found",
            hint="the version table is empty: insert its first row, (version_id, is_applied) = (0, true)",
        )


class NoNextError(PlanError):
    """``up-by-one`` with nothing left to apply."""

    def __init__(self) -> None:
        super().__init__("no next version found")


class FileGoneError(PlanError):
    """The file of the head version is not in the folder."""

    def __init__(self, version: int) -> None:
        super().__init__(
            "no current version found",
            hint=f"version {version} is applied, its file is not here: check out the revision that holds it",
        )
        self.version = version


def head(rows: Iterable[Applied]) -> int:
    """The first version, newest row first, whose newest row is applied. Raises NoHeadError."""
    rolled_back: set[int] = set()
    for version, applied in rows:
        if version in rolled_back:
            continue
        if applied:
            return version
        rolled_back.add(version)
    raise NoHeadError


def pending(
    migrations: Sequence[Migration], rows: Sequence[Applied], *, allow_missing: bool = False
) -> list[Migration]:
    """What ``up`` runs: missing files first (only when allowed), then those above the newest version.

    Any row counts as applied here, rolled back or not. Raises MissingError.
    """
    known = {row.version for row in rows}
    newest = max(known)
    unknown = [migration for migration in migrations if migration.version not in known]
    missing = [migration for migration in unknown if migration.version < newest]
    if missing and not allow_missing:
        raise MissingError(missing, newest)
    return missing + [migration for migration in unknown if migration.version > newest]


def file_of(migrations: Iterable[Migration], version: int) -> Migration:
    """The file that carries ``version``. Raises FileGoneError."""
    for migration in migrations:
        if migration.version == version:
            return migration
    raise FileGoneError(version)


class Rollback(NamedTuple):
    """What ``down-to`` runs, and how it ends: at ``current``, or with an error after the steps."""

    steps: list[Step]
    current: int
    error: PlanError | None


def rollback_to(migrations: Sequence[Migration], rows: Sequence[Applied], version: int) -> Rollback:
    """Head after head, until one is at or below ``version``; a Down takes all rows of its version away."""
    files = {migration.version: migration for migration in migrations}
    left = list(rows)
    steps: list[Step] = []
    while True:
        try:
            current = head(left)
        except NoHeadError as error:
            return Rollback(steps, 0, error)
        if current == 0:
            return Rollback(steps, 0, None)
        migration = files.get(current)
        if migration is None:
            return Rollback(steps, current, FileGoneError(current))
        if current <= version:
            return Rollback(steps, current, None)
        steps.append(Step(migration, "down"))
        left = [row for row in left if row.version != current]


def applied_versions(rows: Iterable[Applied]) -> dict[int, bool]:
    """Version to the state of its newest row."""
    states: dict[int, bool] = {}
    for version, applied in rows:
        states.setdefault(version, applied)
    return states
