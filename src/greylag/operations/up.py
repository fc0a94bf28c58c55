"""``up``, ``up-to``, ``up-by-one``: apply what is pending."""

from __future__ import annotations

from typing import TYPE_CHECKING

from greylag.migrations.apply import apply
from greylag.migrations.files import MAX_VERSION, collect
from greylag.migrations.plan import NoNextError, Step, head, pending
from greylag.model.event import Nothing, Reached
from greylag.operations.history import ensure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from greylag.databases.base import Session
    from greylag.model.event import Event
    from greylag.operations.options import RunOptions


def up(
    session: Session, folder: str, options: RunOptions, *, to: int = MAX_VERSION, one: bool = False
) -> Iterator[Event]:
    """Apply pending files up to version ``to``, or only the first of them with ``one``.

    Yields Ran for each file, then Reached, or Nothing when there was nothing to run. With ``one`` a file
    that ran is the end of it, and nothing to run is NoNextError after Nothing.
    """
    migrations = collect(folder, upto=to)
    if not options.record:
        yield from _unversioned(session, [Step(m, "up") for m in migrations[: 1 if one else None]], options)
        return
    rows = ensure(session)
    head(rows)
    due = pending(migrations, rows, allow_missing=options.allow_missing)
    steps = [Step(migration, "up") for migration in (due[:1] if one else due)]
    yield from apply(session, steps, parse_options=options.parse, trace=options.trace)
    if not due:
        yield Nothing(head(rows))
    elif not one:
        yield Reached(due[-1].version)
    if one and not due:
        raise NoNextError


def _unversioned(session: Session, steps: list[Step], options: RunOptions) -> Iterator[Event]:
    yield from apply(session, steps, parse_options=options.parse, record=False, trace=options.trace)
    yield Reached(steps[-1].migration.version)
