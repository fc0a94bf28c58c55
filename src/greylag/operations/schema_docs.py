"""``schema docs``: the handbook page of a database, with the files that made and changed its tables."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from greylag.operations.replay import trace_changes
from greylag.operations.schema_show import read_schema
from greylag.schema.docs import docs, stories
from greylag.schema.neutral import at_home

if TYPE_CHECKING:
    from greylag.databases.base import Session
    from greylag.operations.scratch import Workshop
    from greylag.schema.docs import Story


def write_docs(
    session: Session, table: str, *, title: str, folder: str = "", workshop: Workshop | None = None
) -> str:
    """The page of a database; with ``workshop`` the files of ``folder`` are run one by one for its history.

    Raises DatabaseError, ReplayError, FilesError, EmbeddedError.
    """
    catalog = read_schema(session, table)
    past: dict[str, Story] = {}
    if workshop is not None and os.path.isdir(folder):
        database = session.connect().database
        past = stories(trace_changes(workshop, folder, catalog.engine, table=table, database=database))
    return docs(at_home(catalog), title, past)
