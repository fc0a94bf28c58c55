"""Files and history to the steps of a run: pure functions, no connection.

"Newest row" is the order in which an engine lists its history; what is missing, pending or head follows
goose's command line (up.go, down.go, reset.go of v3.27.3).
"""

from __future__ import annotations

from greylag.errors import PlanError
from greylag.model.event import Nothing, Reached
from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from greylag.model.history import Applied
    from greylag.model.migration import Direction, Migration


class Step(NamedTuple):
    """One file to run in one direction."""

    migration: Migration
    direction: Direction


class Plan(NamedTuple):
    """What a verb will run, in order, and how it ends.

    ``end`` is told after the last step (None: goose prints no closing line), then ``error`` is raised.
    """

    steps: list[Step]
    end: Nothing | Reached | None = None
    error: PlanError | None = None


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
            hint=f"version {version} is applied, its file is not here: check out the revision that holds it"
            if version
            else "nothing is applied, so there is nothing to take back",
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


def up(migrations: Sequence[Migration], rows: Sequence[Applied], *, allow_missing: bool = False) -> Plan:
    """``up`` and, with files up to a version, ``up-to``. Raises MissingError and NoHeadError."""
    current = head(rows)
    due = pending(migrations, rows, allow_missing=allow_missing)
    end = Reached(due[-1].version) if due else Nothing(current)
    return Plan([Step(migration, "up") for migration in due], end)


def up_by_one(
    migrations: Sequence[Migration], rows: Sequence[Applied], *, allow_missing: bool = False
) -> Plan:
    """The first step of ``up``; nothing to run is an error, said after the closing line."""
    whole = up(migrations, rows, allow_missing=allow_missing)
    return Plan(whole.steps[:1]) if whole.steps else whole._replace(error=NoNextError())


def down(migrations: Sequence[Migration], rows: Sequence[Applied]) -> Plan:
    """The head version back. Raises FileGoneError and NoHeadError."""
    return Plan([Step(file_of(migrations, head(rows)), "down")])


def redo(migrations: Sequence[Migration], rows: Sequence[Applied]) -> Plan:
    """The head version back and forth, in two transactions. Raises FileGoneError and NoHeadError."""
    migration = file_of(migrations, head(rows))
    return Plan([Step(migration, "down"), Step(migration, "up")])


def reset(migrations: Sequence[Migration], rows: Sequence[Applied]) -> Plan:
    """Every file whose newest row is applied, highest version first; rows without a file stay."""
    states = applied_versions(rows)
    return Plan(
        [Step(migration, "down") for migration in reversed(migrations) if states.get(migration.version)]
    )


def down_to(migrations: Sequence[Migration], rows: Sequence[Applied], version: int) -> Plan:
    """Head after head, until one is at or below ``version``; a Down takes all rows of its version away.

    After out-of-order runs higher versions can stay applied: the head is the version applied last.
    """
    files = {migration.version: migration for migration in migrations}
    left = list(rows)
    steps: list[Step] = []
    while True:
        try:
            current = head(left)
        except NoHeadError as error:
            return Plan(steps, None, error)
        migration = files.get(current)
        if current != 0 and migration is None:
            return Plan(steps, None, FileGoneError(current))
        if migration is None or current <= version:
            return Plan(steps, Nothing(current))
        steps.append(Step(migration, "down"))
        left = [row for row in left if row.version != current]


def applied_versions(rows: Iterable[Applied]) -> dict[int, bool]:
    """Version to the state of its newest row."""
    states: dict[int, bool] = {}
    for version, applied in rows:
        states.setdefault(version, applied)
    return states


def unversioned_up(migrations: Sequence[Migration], *, one: bool = False) -> Plan:
    """goose's -no-versioning: every file, or always the first."""
    due = migrations[:1] if one else migrations
    return Plan([Step(migration, "up") for migration in due], Reached(due[-1].version))


def unversioned_down(migrations: Sequence[Migration], version: int) -> Plan:
    """goose's -no-versioning: every file above ``version``, newest first; ends at the newest file left."""
    steps = [Step(migration, "down") for migration in reversed(migrations) if migration.version > version]
    left = [migration.version for migration in migrations if migration.version <= version]
    return Plan(steps, Reached(left[-1] if left else 0))


def unversioned_redo(migrations: Sequence[Migration]) -> Plan:
    """goose's -no-versioning: the newest file back and forth."""
    return Plan([Step(migrations[-1], "down"), Step(migrations[-1], "up")])
