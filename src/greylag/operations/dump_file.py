"""A dump of PostgreSQL, loaded into a scratch database by the programs it was made for."""

from __future__ import annotations

import os
import re
import subprocess
from contextlib import closing
from typing import TYPE_CHECKING

from greylag.errors import ReplayError
from greylag.model.location import Location
from greylag.operations.connect import connect
from greylag.operations.scratch import scratch
from greylag.operations.server import client_command, make_roles

if TYPE_CHECKING:
    from greylag.model.catalog.catalog import Catalog
    from greylag.operations.scratch import Workshop

_ARCHIVE = b"PGDMP"
_NO_ROLE = re.compile(r'role "(.+)" does not exist')
_AT = re.compile(r"^psql:.*?:(\d+): (?:ERROR|FATAL):\s*(.*)$", re.MULTILINE)
_ERROR = re.compile(r"(?:ERROR|error):\s*(.*)")


def load(workshop: Workshop, path: str) -> Catalog:
    """What a plain dump (``pg_dump``, any SQL psql reads) or an archive (``-Fc``) makes; rows are left out
    of an archive. Roles it names are made on the scratch server. Raises ReplayError, EmbeddedError.
    """  # fmt: skip
    roles: set[str] = set()
    while True:
        with scratch("postgres", workshop) as dsn:
            if roles:
                make_roles(workshop.root, roles, bin=workshop.programs)
            said = _run(workshop, dsn, path)
            if said is None:
                with closing(connect("postgres", dsn, "goose_db_version")) as session:
                    session.connect()
                    return session.catalog()
        missing = set(_NO_ROLE.findall(said)) - roles
        if not missing:
            raise _error(path, said)
        roles |= missing


def _run(workshop: Workshop, dsn: str, path: str) -> str | None:
    """None when all of it ran, else what the program said."""
    database = dsn.rpartition("/")[2].partition("?")[0]
    with open(path, "rb") as file:
        archive = file.read(len(_ARCHIVE)) == _ARCHIVE
    if archive:
        words = ["--schema-only", "--exit-on-error", path]
    else:
        words = ["-X", "-q", "-o", os.devnull, "-v", "ON_ERROR_STOP=1", "-f", path]
    program = "pg_restore" if archive else "psql"
    argv, environ = client_command(workshop.root, program, database, words, bin=workshop.programs)
    done = subprocess.run(argv, env=environ, capture_output=True, check=False, stdin=subprocess.DEVNULL)
    return None if done.returncode == 0 else done.stderr.decode(errors="replace")


def _error(path: str, said: str) -> ReplayError:
    if match := _AT.search(said):
        return ReplayError(
            f"the dump does not load into an empty database: {match[2]}", where=Location(path, int(match[1]))
        )
    match = _ERROR.search(said)
    reason = match[1] if match else (said.strip().splitlines() or ["no reason given"])[-1]
    return ReplayError(f"the dump does not load into an empty database: {reason}", where=Location(path))
