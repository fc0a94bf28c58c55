"""A folder of migrations that belongs to no workspace: what it is called and which database it means."""

from __future__ import annotations

import os
import re

from greylag.errors import TargetError
from greylag.model.dsn import Dsn, engine_of
from greylag.model.target import Target
from greylag.model.workspace import LOCAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.environments.environ import Environ

DSN_VARIABLES = ("GOOSE_DBSTRING", "DATABASE_URL")
"""Variables that may hold the connection string, in the order in which they are asked."""

CANDIDATES = (".", "migrations", "db/migrations")
"""Where migrations are looked for when nothing names their folder."""

DRIVERS = {
    "postgres": "postgres",
    "pgx": "postgres",
    "redshift": "postgres",
    "sqlite3": "sqlite",
    "sqlite": "sqlite",
    "clickhouse": "clickhouse",
}
"""goose's driver words, as GOOSE_DRIVER holds them, to engines."""

_FOLDER_NAMES = ("migrations", "db")


def folder_of(cwd: str, given: str | None, environ: Environ) -> str:
    """The folder meant, absolute: ``--dir``, GOOSE_MIGRATION_DIR, the first candidate with SQL files."""
    named = given or environ.get("GOOSE_MIGRATION_DIR") or _first_candidate(cwd)
    return os.path.normpath(os.path.join(cwd, named))


def project_of(folder: str) -> str:
    """The folder that the migrations belong to: the first one above that is not called after them."""
    while os.path.basename(folder) in _FOLDER_NAMES:
        folder = os.path.dirname(folder)
    return folder


def target_of_folder(folder: str, cwd: str, environ: Environ) -> Target:
    """The folder's target as long as no connection string is known: a database of the embedded server."""
    name = re.sub(r"[^a-z0-9]+", "_", os.path.basename(project_of(folder)).lower()).strip("_")
    return Target(
        name=os.path.relpath(folder, cwd),
        service="",
        key="",
        environment=LOCAL,
        engine="postgres",
        folder=folder,
        table=environ.get("GOOSE_TABLE") or "goose_db_version",
        database=name[:63] or "app",
        protected=False,
        replace_database=False,
        secrets=None,
    )


def with_dsn(target: Target, dsn: Dsn, source: str) -> Target:
    """The same folder, meant for the database of a connection string."""
    return target._replace(environment="", engine=dsn.engine, database=dsn.database, dsn=dsn, source=source)


def connection_in(environ: Environ) -> tuple[Dsn, str] | None:
    """The connection string that the variables hold and its place.

    Raises TargetError when GOOSE_DRIVER is for an engine nobody knows here, or contradicts GOOSE_DBSTRING.
    """
    for name in DSN_VARIABLES:
        if text := environ.get(name).strip():
            engine = _driver_engine(environ, text) if name == "GOOSE_DBSTRING" else ""
            return Dsn(text, engine), environ.source(name)
    return None


def _driver_engine(environ: Environ, text: str) -> str:
    driver = environ.get("GOOSE_DRIVER")
    if not driver:
        return ""
    if driver not in DRIVERS:
        hint = f"GOOSE_DRIVER may be {', '.join(DRIVERS)}"
        raise TargetError(
            f"{environ.source('GOOSE_DRIVER')} is {driver!r}, which no engine here speaks", hint=hint
        )
    formed = engine_of(text)
    if formed and formed != DRIVERS[driver]:
        hint = "correct one of them, or unset GOOSE_DRIVER: the form of a connection string says enough"
        raise TargetError(f"GOOSE_DRIVER is {driver!r}, but GOOSE_DBSTRING is for {formed}", hint=hint)
    return DRIVERS[driver]


def _first_candidate(cwd: str) -> str:
    existing = [each for each in CANDIDATES if os.path.isdir(os.path.join(cwd, each))]
    filled = (each for each in existing if _holds_sql(os.path.join(cwd, each)))
    # an empty folder called migrations is meant before the folder one stands in
    return next(filled, existing[1] if len(existing) > 1 else CANDIDATES[0])


def _holds_sql(folder: str) -> bool:
    try:
        with os.scandir(folder) as entries:
            return any(entry.name.endswith(".sql") for entry in entries)
    except OSError:
        return False
