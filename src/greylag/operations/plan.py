"""``plan`` and ``--dry-run``: what a verb would run, read from the database without writing to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from greylag.migrations import plan as planning
from greylag.migrations.apply import scripts
from greylag.migrations.files import MAX_VERSION, NoFilesError, collect
from greylag.model.history import Applied
from greylag.operations.survey import read_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from greylag.databases.base import Session
    from greylag.migrations.plan import Plan
    from greylag.model.migration import Migration, Script
    from greylag.model.server import Server
    from greylag.operations.options import RunOptions

    Planner = Callable[[Sequence[Migration], Sequence[Applied], int, bool], Plan]

PLANNERS: dict[str, Planner] = {
    "up": lambda files, rows, _, missing: planning.up(files, rows, allow_missing=missing),
    "up-to": lambda files, rows, _, missing: planning.up(files, rows, allow_missing=missing),
    "up-by-one": lambda files, rows, _, missing: planning.up_by_one(files, rows, allow_missing=missing),
    "down": lambda files, rows, _, __: planning.down(files, rows),
    "down-to": lambda files, rows, version, _: planning.down_to(files, rows, version),
    "redo": lambda files, rows, _, __: planning.redo(files, rows),
    "reset": lambda files, rows, _, __: planning.reset(files, rows),
}
"""Verb to the function that plans it: files, rows, version asked for, whether missing files are allowed."""


class Foresight(NamedTuple):
    """The server that was asked, whether it has a version table, and the scripts that would run, in order."""

    server: Server
    tracked: bool
    current: int
    scripts: list[Script]


def foresee(
    session: Session, folder: str, verb: str, options: RunOptions, *, version: int | None = None
) -> Foresight:
    """Plan a verb of PLANNERS. Raises what the verb itself would raise before it runs anything."""
    upto = version if version is not None and verb == "up-to" else MAX_VERSION
    try:
        migrations = collect(folder, upto=upto)
    except NoFilesError:
        if verb != "up":
            raise
        migrations = []
    server = session.connect()
    found = read_rows(session)
    rows = [Applied(0, True)] if found is None else found
    chosen = PLANNERS[verb](migrations, rows, version or 0, options.allow_missing)
    return Foresight(
        server, found is not None, planning.head(rows), list(scripts(chosen.steps, options.parse))
    )
