"""``schema dump``: the schema of a target as one SQL file, to read and to commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from greylag.errors import UsageError
from greylag.model.edit import Edit
from greylag.operations.schema_show import read_schema
from greylag.operations.write import read
from greylag.schema.ddl.script import script

if TYPE_CHECKING:
    from greylag.databases.base import Session

HEAD = "-- The schema as the migrations make it. Written by greylag schema dump; do not edit.\n\n"


def dump(session: Session, table: str) -> str:
    """The script. Raises DatabaseError, and UsageError for an engine other than PostgreSQL."""
    catalog = read_schema(session, table)
    if catalog.engine != "postgres":
        raise UsageError(
            f"schema dump writes PostgreSQL, and this is {catalog.engine}",
            hint="greylag schema show --json gives the whole of any schema",
        )
    return HEAD + script(catalog)


def dump_edit(session: Session, table: str, path: str) -> Edit:
    """The same as an edit of the file ``path``. Raises EditError too."""
    return Edit(path, read(path), dump(session, table))
