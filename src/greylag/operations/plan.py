"""``plan`` and ``--dry-run``: what a verb would run, read from the database without writing to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from greylag.errors import GoMigrationError
from greylag.migrations import plan as planning
from greylag.migrations.files import NoFilesError, collect, join
from greylag.migrations.fingerprint import statement_hashes
from greylag.migrations.parser import parse, parse_content
from greylag.migrations.resume import find_resume
from greylag.model.history import Applied
from greylag.model.migration import Migration
from greylag.operations.careful import OutOfOrderError
from greylag.operations.dialects import as_run
from greylag.operations.judging import deleted_error, edited_error, judge, unfinished_error
from greylag.operations.survey import read_all

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from greylag.databases.base import Session
    from greylag.migrations.plan import Plan, Step
    from greylag.model.care import Opening, Resume
    from greylag.model.facts import Facts
    from greylag.model.migration import Script
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


class Foreseen(NamedTuple):
    """A script that would run. ``resume``: it was broken off, and goes on there.

    ``kept``: its file is not in the folder, its text is the journal's.
    """

    script: Script
    resume: Resume | None = None
    kept: bool = False


class Foresight(NamedTuple):
    """The server that was asked, whether it has a version table, and what would run, in order."""

    server: Server
    tracked: bool
    current: int
    steps: list[Foreseen]


def foresee(
    session: Session, folder: str, verb: str, options: RunOptions, *, version: int | None = None
) -> Foresight:
    """Plan a verb of PLANNERS. Raises what the verb itself would raise before it runs anything."""
    server = session.connect()
    rows, opening = read_all(session)
    migrations = _files(folder, verb, opening)
    wanted, gone = migrations, _gone(folder, migrations, opening)
    if verb == "up-to" and version is not None:
        wanted = [migration for migration in migrations if migration.version <= version]
        if not wanted:
            raise NoFilesError("no migration files found", hint=f"the oldest is {migrations[0].name}")
    elif not verb.startswith("up"):
        wanted = sorted([*migrations, *gone.values()])
    _refuse(session, folder, verb, migrations, opening)
    standing = [Applied(0, True)] if rows is None else rows
    try:
        chosen = PLANNERS[verb](wanted, standing, version or 0, options.allow_missing)
    except planning.MissingError as error:
        if session.journal() is None:
            raise
        raise OutOfOrderError(error.missing, error.newest) from None
    steps = [_foreseen(session, step, opening, options, gone) for step in chosen.steps]
    return Foresight(server, rows is not None, planning.head(standing), steps)


def _files(folder: str, verb: str, opening: Opening) -> list[Migration]:
    """The folder's files. An empty one is fine for ``up``, and for going back by what the journal knows."""
    try:
        return collect(folder)
    except NoFilesError:
        if verb == "up" or (opening.known and not verb.startswith("up")):
            return []
        raise


def _refuse(
    session: Session, folder: str, verb: str, migrations: Sequence[Migration], opening: Opening
) -> None:
    """Raise what stops the verb at its opening."""
    direction = "up" if verb.startswith("up") else "down"
    for unfinished in opening.unfinished:
        if unfinished.direction != direction:
            raise unfinished_error(unfinished, verb)
    judgement = judge(folder, migrations, opening)
    if direction == "up" and judgement.edited:
        raise edited_error(session, judgement.edited, opening.form)
    if direction == "up" and judgement.deleted:
        raise deleted_error(judgement.deleted)


def _gone(folder: str, migrations: Sequence[Migration], opening: Opening) -> dict[int, Migration]:
    """Files that the journal alone still knows: their Down is taken from it."""
    files = {migration.version for migration in migrations}
    return {
        version: Migration(version, join(folder, known.file))
        for version, known in opening.known.items()
        if version not in files
    }


def _foreseen(
    session: Session, step: Step, opening: Opening, options: RunOptions, gone: Mapping[int, Migration]
) -> Foreseen:
    migration, direction = step
    if not migration.is_sql:
        raise GoMigrationError(migration)
    if migration.version in gone:
        journal = session.journal()
        found = journal.content(migration.version) if journal else None
        if found is None:
            raise planning.FileGoneError(migration.version)
        kept = parse_content(migration, direction, found[1], options.parse)
        return Foreseen(as_run(kept, opening.form), kept=True)
    script = as_run(parse(migration, direction, options.parse), opening.form)
    begun = {(each.version, each.direction): each for each in opening.unfinished}
    unfinished = begun.get((migration.version, direction))
    if unfinished is None or script.transactional:
        return Foreseen(script)
    return Foreseen(
        script, find_resume(unfinished, migration, statement_hashes(script.statements, opening.form))
    )


def facts_of(found: Foresight, script: Script) -> list[Facts | None]:
    """What running each statement asks of others; None for an engine that has no such locks."""
    if found.server.engine != "postgres":
        return [None] * script.count
    from greylag.sql.facts import examine

    return [examine(statement.text) for statement in script.statements]
