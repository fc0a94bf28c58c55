"""``down``, ``down-to``, ``redo``, ``reset``: take migrations back."""

from __future__ import annotations

from greylag.migrations import plan
from greylag.migrations.files import collect
from greylag.operations.history import ensure
from greylag.operations.perform import perform

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from greylag.databases.base import Session
    from greylag.model.event import Event
    from greylag.operations.options import RunOptions


def down(session: Session, folder: str, options: RunOptions) -> Iterator[Event]:
    """Take back the head version. Raises FileGoneError when its file is not in the folder."""
    migrations = collect(folder)
    if options.record:
        return perform(session, plan.down(migrations, ensure(session)), options)
    return perform(session, plan.unversioned_down(migrations, migrations[-1].version - 1), options)


def down_to(session: Session, folder: str, version: int, options: RunOptions) -> Iterator[Event]:
    """Take back head after head until one is at or below ``version``; ends with Nothing(current)."""
    migrations = collect(folder)
    if options.record:
        return perform(session, plan.down_to(migrations, ensure(session), version), options)
    return perform(session, plan.unversioned_down(migrations, version), options)


def redo(session: Session, folder: str, options: RunOptions) -> Iterator[Event]:
    """Take back the head version and apply it again, in two transactions."""
    migrations = collect(folder)
    if options.record:
        return perform(session, plan.redo(migrations, ensure(session)), options)
    return perform(session, plan.unversioned_redo(migrations), options)


def reset(session: Session, folder: str, options: RunOptions) -> Iterator[Event]:
    """Take back every file whose newest row is applied, highest version first.

    The version table is not made: on a fresh database reading it fails, as with goose.
    """
    migrations = collect(folder)
    if options.record:
        return perform(session, plan.reset(migrations, session.history()), options)
    return perform(session, plan.unversioned_down(migrations, 0), options)
