"""``history``: what was run on a database, by its journal, or by the version table where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from greylag.errors import FilesError, PlanError
from greylag.migrations.files import collect
from greylag.operations.survey import read_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from greylag.databases.base import Journal, Session
    from greylag.model.care import Entry
    from greylag.model.history import Stamp
    from greylag.model.server import Server


class TextNotKeptError(PlanError):
    """The journal holds no text of a version."""

    def __init__(self, version: int, *, known: bool) -> None:
        why = (
            "it never ran to its end with greylag, or its file was too large to keep"
            if known
            else "it has no row of it"
        )
        super().__init__(
            f"the journal does not hold the text of version {version}: {why}",
            hint=f"greylag history --version {version} shows what it holds",
        )
        self.version = version


class Past(NamedTuple):
    """What is known, newest first: ``entries`` of the journal, where there is none ``stamps`` of the table.

    ``closed``: there is one, and this role may not read it. ``names`` are the files of the folder by version,
    as far as it can be read.
    """

    server: Server
    journaled: bool
    closed: bool
    entries: list[Entry]
    stamps: list[Stamp]
    names: dict[int, str]


def past(
    session: Session,
    folder: str,
    *,
    version: int | None = None,
    limit: int | None = None,
    statements: bool = False,
) -> Past:
    """Read it. ``limit`` counts rows of files; with ``statements`` those of statements too.

    Raises DatabaseError.
    """
    server = session.connect()
    journal = session.journal()
    entries: list[Entry] = []
    if journal is not None and statements:
        entries = journal.entries(version=version, limit=limit)
    elif journal is not None:
        entries = _rows_of_files(journal, version, limit)
    if entries or (journal is not None and journal.entries(limit=1)):
        return Past(server, True, False, entries, [], {})
    stamps = _stamps(session, version)
    closed = journal is not None and bool(journal.opening().closed)
    return Past(server, False, closed, [], stamps[:limit], _names(folder))


def _rows_of_files(journal: Journal, version: int | None, limit: int | None) -> list[Entry]:
    """Rows with those of statements folded away, of which there may be any number in between."""
    asked = None if limit is None else 4 * limit
    while True:
        rows = journal.entries(version=version, limit=asked)
        found = list(_of_files(rows))[:limit]
        if asked is None or len(rows) < asked or len(found) == limit:
            return found
        asked *= 4


def _of_files(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Rows about whole files, and of what a person decided about one the last row."""
    decided = set()
    for entry in entries:
        if entry.statement is None:
            yield entry
        elif entry.state == "resolved" and (entry.run, entry.version) not in decided:
            decided.add((entry.run, entry.version))
            yield entry


def kept_text(session: Session, version: int) -> tuple[str, bytes]:
    """Name and text of the file that made ``version``, as it was applied. Raises TextNotKeptError."""
    journal = session.journal()
    found = journal.content(version) if journal else None
    if found is None:
        known = journal is not None and bool(journal.entries(version=version, limit=1))
        raise TextNotKeptError(version, known=known)
    return found


def _stamps(session: Session, version: int | None) -> list[Stamp]:
    """The newest row of every version, the newest versions first; empty without a version table."""
    if not read_rows(session):
        return []
    return sorted(
        (stamp for stamp in session.stamps() if stamp.version and version in (None, stamp.version)),
        key=lambda stamp: stamp.version,
        reverse=True,
    )


def _names(folder: str) -> dict[int, str]:
    try:
        return {migration.version: migration.name for migration in collect(folder)}
    except FilesError:  # the database's history needs no folder
        return {}
