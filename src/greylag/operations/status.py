"""``status`` and ``version`` as goose answers them: both make the version table where there is none."""

from __future__ import annotations

from greylag.migrations.files import collect
from greylag.migrations.plan import head
from greylag.model.records import NamedTuple
from greylag.operations.history import ensure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from greylag.databases.base import Session
    from greylag.model.history import Stamp
    from greylag.model.migration import Migration
    from greylag.operations.options import RunOptions


class StatusLine(NamedTuple):
    """A file and the newest row of its version; None: there is no row, or the table was not asked."""

    migration: Migration
    stamp: Stamp | None


def status(session: Session, folder: str, options: RunOptions) -> Iterator[StatusLine]:
    """Every file of the folder with its state, in order of versions.

    Folder and version table are looked at here, the rows when the first line is asked for: goose prints its
    head lines in between.
    """
    migrations = collect(folder)
    if options.record:
        head(ensure(session))
    return _lines(session, migrations, recorded=options.record)


def _lines(session: Session, migrations: list[Migration], *, recorded: bool) -> Iterator[StatusLine]:
    stamps = {stamp.version: stamp for stamp in session.stamps()} if recorded else {}
    for migration in migrations:
        yield StatusLine(migration, stamps.get(migration.version))


def version(session: Session, folder: str, options: RunOptions) -> int:
    """The head version; without versioning the newest file's."""
    if not options.record:
        return collect(folder)[-1].version
    return head(ensure(session))
