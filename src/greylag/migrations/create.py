"""New migration files as ``goose create`` writes them: name, version and content."""

from __future__ import annotations

import os
import time

from greylag.errors import FilesError
from greylag.migrations.names import camel_case, snake_case

SQL_TEXT = """\
-- +goose Up
SELECT 'up SQL query';

-- +goose Down
SELECT 'down SQL query';
"""

_GO_TEXT = """\
package migrations

import (
	"context"
	"database/sql"
	"github.com/pressly/goose/v3"
)

func init() {
	goose.AddMigrationContext(up%(name)s, down%(name)s)
}

func up%(name)s(ctx context.Context, tx *sql.Tx) error {
	// This code is executed when the migration is applied.
	return nil
}

func down%(name)s(ctx context.Context, tx *sql.Tx) error {
	// This code is executed when the migration is rolled back.
	return nil
}
"""


def create(folder: str, name: str, kind: str, *, now: float, sequential: bool = False, text: str = "") -> str:
    """Write ``<version>_<name>.<kind>`` into ``folder`` and give its path, as output shows it.

    ``now`` is in seconds of the epoch. ``kind`` is not checked: it becomes the extension, and everything but
    ``go`` gets SQL text. Raises FilesError, worded as goose words it.
    """
    version = f"{next_number(folder):05d}" if sequential else time.strftime("%Y%m%d%H%M%S", time.gmtime(now))
    content = text or (_GO_TEXT % {"name": camel_case(name)} if kind == "go" else SQL_TEXT)
    return write_new(folder, f"{version}_{snake_case(name)}.{kind}", content)


def write_new(folder: str, name: str, content: str) -> str:
    """Write a file that must not be there yet. Raises FilesError, worded as goose words it."""
    from greylag.model.reasons import reason_of

    path = _join(folder, name)
    try:
        os.stat(path)
    except FileNotFoundError:
        pass
    except OSError as error:
        raise FilesError(f"failed to create migration file: stat {path}: {reason_of(error)}") from None
    else:
        # goose formats an error that is not there
        raise FilesError(
            "failed to create migration file: %!w(<nil>)", hint=f"{path} exists already: choose another name"
        )
    try:
        with open(path, "wb") as file:
            file.write(content.encode("utf-8", "surrogateescape"))
    except OSError as error:
        raise FilesError(f"failed to create migration file: open {path}: {reason_of(error)}") from None
    return path


def _join(folder: str, name: str) -> str:
    path = os.path.normpath(f"{folder}/{name}" if folder else name)
    return path[1:] if path.startswith("//") else path


def next_number(folder: str) -> int:
    """One more than the highest version that is no time stamp. Raises FilesError."""
    from greylag.migrations.files import NoFilesError, collect
    from greylag.migrations.fix import is_number

    try:
        migrations = collect(folder)
    except NoFilesError:
        return 1
    return max((each.version for each in migrations if is_number(each.version)), default=0) + 1
