"""A dump made by pg_dump as the first migration of a database that is there already."""

from __future__ import annotations

import re

from greylag.operations.troubles.lines import indented, lines_of
from greylag.operations.troubles.trouble import Scene, Trouble

_COPY = re.compile(r"\s*COPY\s.+\sFROM\s+STDIN\b", re.IGNORECASE)


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
)
