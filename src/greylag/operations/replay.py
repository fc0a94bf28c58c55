"""The schema a folder of migrations makes: run on an empty scratch database, read, and thrown away."""

from __future__ import annotations

import re
from contextlib import closing
from typing import TYPE_CHECKING

from greylag.errors import ApplyError, DatabaseError, ReplayError
from greylag.migrations.apply import apply
from greylag.migrations.files import collect
from greylag.migrations.plan import Step
from greylag.model.location import Location
from greylag.operations.catalogs import without_bookkeeping
from greylag.operations.connect import connect
from greylag.operations.options import any_line_options
from greylag.operations.reach import server_hint
from greylag.operations.scratch import scratch
from greylag.operations.server import make_roles
from greylag.schema.comparison.comparison import compare

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from typing import TypeVar

    from greylag.databases.base import Session
    from greylag.model.catalog.catalog import Catalog
    from greylag.model.change import Change
    from greylag.model.migration import Migration
    from greylag.operations.scratch import Workshop

    Result = TypeVar("Result")

_NO_ROLE = re.compile(r'role "(.+)" does not exist')
_MOST_ROLES = 50


def replay(
    workshop: Workshop,
    folder: str,
    engine: str,
    *,
    only: Collection[int] | None = None,
    table: str = "goose_db_version",
    database: str = "",
) -> Catalog:
    """Run the files of ``folder``, or those with a version in ``only``, and give what they make.

    ``database`` is what the database is called that they are meant for, where files of ClickHouse name it.
    Roles the files name are made on the scratch server, without a right to log in. Raises ReplayError with
    the place in the file that does not run, FilesError, ParseError, EmbeddedError.
    """
    migrations = collect(folder)
    if only is not None:
        migrations = [migration for migration in migrations if migration.version in only]

    def run(session: Session) -> Catalog:
        _apply(session, migrations)
        return without_bookkeeping(session.catalog(), table)

    return _with_roles(workshop, folder, engine, table, run, database)


def trace_changes(
    workshop: Workshop,
    folder: str,
    engine: str,
    *,
    table: str = "goose_db_version",
    database: str = "",
) -> list[tuple[Migration, list[Change]]]:
    """What every file of ``folder`` changes, found by looking before and after it. Raises as replay()."""
    migrations = collect(folder)

    def run(session: Session) -> list[tuple[Migration, list[Change]]]:
        before, found = without_bookkeeping(session.catalog(), table), []
        for migration in migrations:
            _apply(session, [migration])
            after = without_bookkeeping(session.catalog(), table)
            found.append((migration, compare(before, after)))
            before = after
        return found

    return _with_roles(workshop, folder, engine, table, run, database)


def _with_roles(
    workshop: Workshop,
    folder: str,
    engine: str,
    table: str,
    run: Callable[[Session], Result],
    database: str,
) -> Result:
    """Run on a scratch database, again and again until no role is missing there."""
    roles: set[str] = set()
    while True:
        try:
            with scratch(engine, workshop, database) as dsn:
                if roles:
                    make_roles(workshop.root, roles, bin=workshop.programs)
                with closing(connect(engine, dsn, table)) as session:
                    session.connect()
                    session.create_history()
                    return run(session)
        except ApplyError as error:
            role = missing_role(error.cause)
            if role is None or role in roles or len(roles) > _MOST_ROLES:
                raise _replay_error(error, folder) from error
            roles.add(role)


def missing_role(cause: DatabaseError) -> str | None:
    """The role a statement needs and a server has not."""
    match = _NO_ROLE.search(cause.message) if cause.sqlstate == "42704" else None
    return match[1] if match else None


def _apply(session: Session, migrations: Iterable[Migration]) -> None:
    steps = [Step(migration, "up") for migration in migrations]
    for _ in apply(session, steps, parse_options=any_line_options()):
        pass


def _replay_error(error: ApplyError, folder: str) -> ReplayError:
    cause, where = error.cause, Location(error.migration.path)
    if error.statement is not None:
        line, column = error.statement.place(max(cause.position, 1) - 1)
        where = Location(error.migration.path, line, column)
    return ReplayError(
        f"the files of {folder} do not run on an empty database: {cause.message}",
        where=where,
        hint=server_hint(cause.sqlstate, cause.message)
        or "what it stands on and no file makes is made by hand somewhere: write a file that makes it",
    )
