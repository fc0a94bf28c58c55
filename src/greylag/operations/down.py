"""``down``, ``down-to``, ``redo``, ``reset``: take migrations back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from greylag.migrations.apply import apply
from greylag.migrations.files import collect
from greylag.migrations.plan import Step, applied_versions, file_of, head, rollback_to
from greylag.model.event import Nothing, Reached
from greylag.operations.history import ensure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from greylag.databases.base import Session
    from greylag.model.event import Event, Ran
    from greylag.model.migration import Migration
    from greylag.operations.options import RunOptions


def down(session: Session, folder: str, options: RunOptions) -> Iterator[Event]:
    """Take back the head version. Raises FileGoneError when its file is not in the folder."""
    migrations = collect(folder)
    if not options.record:
        yield from _down_unversioned(session, migrations, migrations[-1].version - 1, options)
        return
    migration = file_of(migrations, head(ensure(session)))
    yield from _run(session, [Step(migration, "down")], options)


def down_to(session: Session, folder: str, version: int, options: RunOptions) -> Iterator[Event]:
    """Take back head after head until one is at or below ``version``; ends with Nothing(current).

    After out-of-order runs higher versions can stay applied: the head is the version applied last.
    """
    migrations = collect(folder)
    if not options.record:
        yield from _down_unversioned(session, migrations, version, options)
        return
    rollback = rollback_to(migrations, ensure(session), version)
    yield from _run(session, rollback.steps, options)
    if rollback.error is not None:
        raise rollback.error
    yield Nothing(rollback.current)


def redo(session: Session, folder: str, options: RunOptions) -> Iterator[Event]:
    """Take back the head version and apply it again, in two transactions."""
    migrations = collect(folder)
    version = head(ensure(session)) if options.record else migrations[-1].version
    migration = file_of(migrations, version)
    yield from _run(session, [Step(migration, "down"), Step(migration, "up")], options)


def reset(session: Session, folder: str, options: RunOptions) -> Iterator[Event]:
    """Take back every file whose newest row is applied, highest version first.

    The version table is not made: on a fresh database reading it fails, as with goose.
    """
    migrations = collect(folder)
    if not options.record:
        yield from _down_unversioned(session, migrations, 0, options)
        return
    states = applied_versions(session.history())
    due = [migration for migration in reversed(migrations) if states.get(migration.version)]
    yield from _run(session, [Step(migration, "down") for migration in due], options)


def _run(session: Session, steps: Iterable[Step], options: RunOptions) -> Iterator[Ran]:
    return apply(session, steps, parse_options=options.parse, record=options.record, trace=options.trace)


def _down_unversioned(
    session: Session, migrations: list[Migration], version: int, options: RunOptions
) -> Iterator[Event]:
    due = [migration for migration in reversed(migrations) if migration.version > version]
    yield from _run(session, [Step(migration, "down") for migration in due], options)
    below = [migration.version for migration in migrations if migration.version <= version]
    yield Reached(below[-1] if below else 0)
