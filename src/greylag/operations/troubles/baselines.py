"""A dump made by pg_dump as the first migration of a database that is there already."""

from __future__ import annotations

import re

from greylag.operations.troubles.lines import indented, lines_of
from greylag.operations.troubles.trouble import Scene, Trouble

_COPY = re.compile(r"\s*COPY\s.+\sFROM\s+STDIN\b", re.IGNORECASE)
_FOR_PSQL = (
    "Lines that begin with a backslash are commands of psql, such as the \\restrict and \\unrestrict of a "
    "pg_dump: delete them, and the SET lines at its head too"
)


def _copy(scene: Scene) -> str:
    version = scene.version or "VERSION"
    return indented(
        "A migration file cannot hold the data of COPY. Write the dump with INSERT (pg_dump --inserts, or "
        "--column-inserts), or with no data at all (--schema-only). Where the database has all of it "
        "already, "
        "nothing has to run:",
        f"greylag baseline {version}",
    )


def _copied_data(scene: Scene) -> str | None:
    """The parser stumbles over the rows under a COPY, unless one of them ends in a semicolon."""
    above = [line for line in lines_of(scene.path)[: max(0, scene.line - 1)] if line.strip()]
    return _copy(scene) if above and _COPY.match(above[-1]) else None


TROUBLES = (
    Trouble(
        "", _copy, says="COPY … FROM stdin, which waits for data|^COPY FROM STDIN waits for data", page="copy"
    ),
    Trouble("", _copied_data, says="unexpected unfinished SQL query: .*missing semicolon", page="copy"),
    Trouble("", _FOR_PSQL, says=r'unexpected unfinished SQL query: "\\\\', page="dump"),
    Trouble("42601", _FOR_PSQL, says=r'^syntax error at or near "\\"', page="dump"),
    Trouble(
        "3F000",
        "search_path names no schema: a file before this one emptied it for the rest of the run, as the "
        "first lines of a pg_dump do. The next run begins with its own. In a file that has not run "
        "anywhere yet, delete the line that empties it",
        says="^no schema has been selected to create in",
        page="search-path",
    ),
)
