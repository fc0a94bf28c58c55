"""What a database and a folder say of each other, without writing anything anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from greylag.errors import DatabaseError
from greylag.migrations.files import NoFilesError, collect
from greylag.migrations.plan import NoHeadError, applied_versions, head

if TYPE_CHECKING:
    from datetime import datetime

    from greylag.databases.base import Session
    from greylag.model.history import Applied
    from greylag.model.migration import Migration
    from greylag.model.server import Server

State = Literal["applied", "pending", "missing"]
"""``missing``: never applied although a higher version is; ``up`` refuses until that is decided."""


class Entry(NamedTuple):
    """A file of the folder and where it stands; ``at`` is set for applied ones."""

    migration: Migration
    state: State
    at: datetime | None


class Survey(NamedTuple):
    """``rows`` is None while there is no version table; ``ahead`` are applied versions without a file."""

    server: Server
    entries: list[Entry]
    rows: list[Applied] | None
    current: int
    ahead: list[int]

    @property
    def pending(self) -> list[Entry]:
        """Files that are not applied, missing ones included."""
        return [entry for entry in self.entries if entry.state != "applied"]


def read_rows(session: Session) -> list[Applied] | None:
    """All rows, newest first; None where there is no version table."""
    try:
        return session.history()
    except DatabaseError as error:
        if error.no_history:
            return None
        raise


def survey(session: Session, folder: str) -> Survey:
    """Compare. Raises FilesError, DuplicateVersionError and DatabaseError; an empty folder is fine."""
    try:
        migrations = collect(folder)
    except NoFilesError:
        migrations = []
    server = session.connect()
    rows = read_rows(session)
    stamps = {stamp.version: stamp for stamp in session.stamps()} if rows else {}
    states = applied_versions(rows or [])
    known = {row.version for row in rows or []}
    newest = max(known, default=0)
    entries = []
    for migration in migrations:
        version = migration.version
        stamp = stamps.get(version)
        if states.get(version):
            entries.append(Entry(migration, "applied", stamp.at if stamp else None))
        else:
            entries.append(
                Entry(migration, "missing" if version < newest and version not in known else "pending", None)
            )
    files = {migration.version for migration in migrations}
    ahead = sorted(
        version for version, applied in states.items() if applied and version and version not in files
    )
    return Survey(server, entries, rows, _current(rows), ahead)


def _current(rows: list[Applied] | None) -> int:
    try:
        return head(rows or [])
    except NoHeadError:
        return 0
