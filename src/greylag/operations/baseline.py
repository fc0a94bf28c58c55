"""``baseline``: adopt a database that has the schema, by recording files as applied that never ran."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from greylag.errors import DriftError, PlanError
from greylag.migrations.files import collect
from greylag.migrations.fingerprint import read_record
from greylag.migrations.plan import applied_versions
from greylag.operations.judging import unfinished_error
from greylag.operations.recording import UnknownVersionError, record_plainly
from greylag.operations.survey import read_all

if TYPE_CHECKING:
    from collections.abc import Sequence

    from greylag.databases.base import Session
    from greylag.model.history import Applied
    from greylag.model.migration import Migration
    from greylag.operations.options import Care
    from greylag.operations.scratch import Workshop


class HistoryThereError(PlanError):
    """The version table has a history already."""

    def __init__(self, applied: Sequence[int]) -> None:
        count = "1 version" if len(applied) == 1 else f"{len(applied)} versions, up to {max(applied)}"
        super().__init__(
            f"the version table records {count} already: baseline is for a database without a history",
            hint="greylag status shows what is recorded; single versions are recorded with "
            "greylag resolve VERSION --mark-applied",
        )
        self.applied = list(applied)


class NothingToAdoptError(PlanError):
    """Nobody has made a table yet."""

    def __init__(self, database: str) -> None:
        super().__init__(
            f"there is nothing to adopt: {database} has no table", hint="greylag up makes the schema"
        )


def foresee_baseline(session: Session, folder: str, version: int) -> list[Migration]:
    """The files that would be recorded, oldest first; none where exactly they are recorded already.

    Raises UnknownVersionError, HistoryThereError, NothingToAdoptError, UnfinishedError, FilesError.
    """
    migrations = collect(folder)
    chosen = [migration for migration in migrations if migration.version <= version]
    if not chosen or chosen[-1].version != version:
        raise UnknownVersionError(version, migrations)
    server = session.connect()
    opening = read_all(session).opening
    for unfinished in opening.unfinished:
        raise unfinished_error(unfinished, "baseline")
    if _is_recorded(opening.rows, chosen):
        return []
    if session.is_empty():
        raise NothingToAdoptError(server.database)
    return chosen


def compare_first(
    session: Session, folder: str, chosen: Sequence[Migration], workshop: Workshop, table: str
) -> None:
    """Look whether the database is what the files would make. Raises DriftError, and ReplayError.

    Owners and privileges do not count: a database older than its files was made by somebody else.
    """
    from greylag.operations.catalogs import as_replayed
    from greylag.operations.replay import replay
    from greylag.operations.schema_diff import Strictness, differences
    from greylag.operations.schema_show import read_schema

    server = session.connect()
    versions = {migration.version for migration in chosen}
    model = replay(workshop, folder, server.engine, only=versions, table=table, database=server.database)
    found = as_replayed(read_schema(session, table))
    changes = differences(model, found, Strictness(owners=False, privileges=False))
    if changes:
        count = "1 place" if len(changes) == 1 else f"{len(changes)} places"
        raise DriftError(
            f"the database is not what the files up to {max(versions)} make: it differs in {count} "
            "(- the files make it, + the database has it)",
            changes=changes,
            hint="bring one in line with the other, or record it as it is with --unchecked",
        )


def baseline(session: Session, folder: str, version: int, care: Care) -> list[Migration]:
    """Record them. Raises as foresee_baseline, and LockedError, PoolerError, DatabaseError."""
    chosen = foresee_baseline(session, folder, version)
    if not chosen:
        return []
    careful = session.careful(care.manners, care.tell)
    if careful is None:
        record_plainly(session, chosen, "up")
        return chosen
    with closing(careful):
        opening = careful.open()
        if _is_recorded(opening.rows, chosen):  # by another runner, before the lock was ours
            return []
        careful.mark([read_record(migration, form=opening.form) for migration in chosen], "adopted")
    return chosen


def _is_recorded(rows: Sequence[Applied], chosen: Sequence[Migration]) -> bool:
    applied = {version for version, on in applied_versions(rows).items() if on and version > 0}
    if not applied:
        return False
    if applied == {migration.version for migration in chosen}:
        return True
    raise HistoryThereError(sorted(applied))
