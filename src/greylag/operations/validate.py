"""``validate``: names and both directions of the parser, without a database."""

from __future__ import annotations

import os
import stat

from greylag.errors import FilesError, ParseError
from greylag.migrations.files import join, version_of
from greylag.migrations.parser import ParseOptions, parse
from greylag.model.location import Location
from greylag.model.migration import Migration
from greylag.model.quoting import quote
from greylag.model.reasons import reason_of
from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


_DEFAULTS = ParseOptions()


class FileFacts(NamedTuple):
    """What a sound file holds. A direction of a ``.go`` file counts 1 when a function is there for it."""

    path: str
    transactional: bool
    up: int
    down: int


def validate(path: str, options: ParseOptions = _DEFAULTS) -> Iterator[FileFacts]:
    """Facts of every file of a folder, or of one file, by path. Raises FilesError at the first fault.

    As with goose duplicate versions pass, and files that are neither ``.sql`` nor ``.go`` are left out.
    """
    for name in migration_paths(path):
        if name.endswith((".sql", ".go")):
            yield _facts(name, options)


def migration_paths(path: str) -> list[str]:
    """What a folder holds, or the one file, sorted by path. Raises FilesError when there is neither."""
    try:
        is_folder = stat.S_ISDIR(os.stat(path).st_mode)
    except OSError as error:
        raise FilesError(f"stat {path}: {reason_of(error)}", where=Location(path)) from None
    if not is_folder:
        return [path]
    try:
        names = os.listdir(path)
    except OSError:  # as a glob sees it: nothing there
        return []
    return sorted((join(path, name) for name in names), key=os.fsencode)


def _facts(path: str, options: ParseOptions) -> FileFacts:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        raise FilesError(f"open {path}: {reason_of(error)}", where=Location(path)) from None
    try:
        is_folder = stat.S_ISDIR(os.fstat(handle).st_mode)
    finally:
        os.close(handle)
    try:
        version = version_of(path)
    except FilesError as error:
        raise FilesError(
            f"failed to get version from file {quote(path)}: {error.message}", where=Location(path)
        ) from None
    if is_folder:
        raise _fault(path, f"read {path}: is a directory")
    return (_sql_facts if path.endswith(".sql") else _go_facts)(Migration(version, path), options)


def _sql_facts(migration: Migration, options: ParseOptions) -> FileFacts:
    try:
        up, down = parse(migration, "up", options), parse(migration, "down", options)
    except ParseError as error:
        raise _fault(migration.path, error.message, error.where, error.hint) from None
    return FileFacts(migration.path, up.transactional, up.count, down.count)


def _go_facts(migration: Migration, options: ParseOptions) -> FileFacts:
    del options
    from greylag.migrations.go_source import GoFileError, read_go
    from greylag.migrations.go_tokens import GoSyntaxError

    try:
        with open(migration.path, "rb") as file:
            found = read_go(file.read())
    except (GoFileError, GoSyntaxError) as error:
        raise _fault(migration.path, str(error)) from None
    except OSError as error:
        raise _fault(migration.path, f"read {migration.path}: {reason_of(error)}") from None
    return FileFacts(migration.path, found.transactional, int(found.up != "nil"), int(found.down != "nil"))


def _fault(path: str, reason: str, where: Location | None = None, hint: str | None = None) -> FilesError:
    return FilesError(
        f"failed to parse file {quote(path)}: {reason}", where=where or Location(path), hint=hint
    )
