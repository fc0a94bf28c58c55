"""What a database and a folder say of each other, without writing anything there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from greylag.errors import DatabaseError, ParseError
from greylag.migrations.files import NoFilesError, collect
from greylag.migrations.plan import NoHeadError, applied_versions, head
from greylag.migrations.resume import next_number
from greylag.model.care import Opening
from greylag.operations.judging import judge

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from greylag.databases.base import Session
    from greylag.model.care import Known, Unfinished
    from greylag.model.history import Applied
    from greylag.model.migration import Migration
    from greylag.model.server import Server

State = Literal["applied", "pending", "missing"]
"""``missing``: never applied although a higher version is; ``up`` refuses until that is decided."""


class Entry(NamedTuple):
    """A file of the folder and where it stands; ``at`` is set for applied ones.

    ``edited``: its statements are not those that were applied.
    """

    migration: Migration
    state: State
    at: datetime | None
    edited: bool = False


class Gone(NamedTuple):
    """An applied version without a file here. ``file`` is its name where the journal knows it, else empty.

    ``ahead``: it is newer than every file here, as in an image that is older than the database.
    """

    version: int
    file: str
    ahead: bool


class Halt(NamedTuple):
    """A file that was broken off in statement ``number`` of ``count``; 0 where its file cannot be read."""

    unfinished: Unfinished
    number: int
    count: int  # type: ignore[assignment]  # the field hides tuple.count on purpose


class Survey(NamedTuple):
    """``rows`` is None while there is no version table.

    ``blind``: this role may not read the journal, so that nothing is known of edited and unfinished files.
    """

    server: Server
    entries: list[Entry]
    rows: list[Applied] | None
    current: int
    gone: list[Gone]
    halts: list[Halt]
    blind: bool

    @property
    def pending(self) -> list[Entry]:
        """Files that are not applied, missing ones included."""
        return [entry for entry in self.entries if entry.state != "applied"]

    @property
    def edited(self) -> list[Entry]:
        """Files that were edited since they were applied."""
        return [entry for entry in self.entries if entry.edited]


def read_rows(session: Session) -> list[Applied] | None:
    """All rows, newest first; None where there is no version table."""
    try:
        return session.history()
    except DatabaseError as error:
        if error.no_history:
            return None
        raise


class Reading(NamedTuple):
    """The rows of the version table (None: there is none), and with them what the journal knows."""

    rows: list[Applied] | None
    opening: Opening


def read_all(session: Session) -> Reading:
    """Ask version table and journal. Raises DatabaseError."""
    journal = session.journal()
    opening = journal.opening() if journal is not None else Opening([], {}, ())
    rows = opening.rows or read_rows(session)
    return Reading(rows, opening._replace(rows=rows or []))


def current_of(session: Session) -> tuple[Server, int]:
    """The server, and the version it is at; 0 before the first."""
    return session.connect(), _current(read_rows(session))


def survey(session: Session, folder: str) -> Survey:
    """Compare. Raises FilesError, DuplicateVersionError and DatabaseError; an empty folder is fine."""
    try:
        migrations = collect(folder)
    except NoFilesError:
        migrations = []
    server = session.connect()
    rows, opening = read_all(session)
    moments = session.moments() if rows else {}
    states = applied_versions(opening.rows)
    known = {row.version for row in opening.rows}
    newest = max(known, default=0)
    edited = {migration.version for migration in judge(folder, migrations, opening).edited}
    entries = []
    for migration in migrations:
        version = migration.version
        if states.get(version):
            entries.append(Entry(migration, "applied", moments.get(version), version in edited))
        else:
            state: State = "missing" if version < newest and version not in known else "pending"
            entries.append(Entry(migration, state, None))
    applied = [version for version, is_applied in states.items() if is_applied and version]
    return Survey(
        server,
        entries,
        rows,
        _current(rows),
        _gone(applied, migrations, opening.known),
        [halt_of(each, migrations, opening.form) for each in opening.unfinished],
        bool(opening.closed),
    )


def _gone(applied: Iterable[int], migrations: list[Migration], known: Mapping[int, Known]) -> list[Gone]:
    files = {migration.version for migration in migrations}
    last = max(files, default=0)
    return [
        Gone(version, known[version].file if version in known else "", version > last)
        for version in sorted(applied)
        if version not in files
    ]


def halt_of(unfinished: Unfinished, migrations: Iterable[Migration], form: str = "postgres") -> Halt:
    """Where an unfinished file stopped, or where a person said that it goes on."""
    return Halt(unfinished, unfinished.next or next_number(unfinished), _count(unfinished, migrations, form))


def _count(unfinished: Unfinished, migrations: Iterable[Migration], form: str) -> int:
    from greylag.migrations.parser import parse
    from greylag.operations.dialects import as_run
    from greylag.operations.options import any_line_options

    for migration in migrations:
        if migration.version == unfinished.version and migration.is_sql:
            try:
                return as_run(parse(migration, unfinished.direction, any_line_options()), form).count
            except ParseError:
                return 0
    return 0


def _current(rows: list[Applied] | None) -> int:
    try:
        return head(rows or [])
    except NoHeadError:
        return 0
