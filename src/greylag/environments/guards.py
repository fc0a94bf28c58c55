"""Refusals before anything is connected to: a target must lead to its own database and to no other's."""

from __future__ import annotations

import os

from greylag.environments.secrets import variables
from greylag.environments.targets import owned_databases, target_of
from greylag.errors import TargetError
from greylag.model.dsn import Dsn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from greylag.model.target import Target
    from greylag.model.workspace import Workspace

    Spot = tuple[str, int, str]
    """Host, port and database, in one spelling; for SQLite the file's real path alone."""

_PORTS = {"postgres": 5432, "clickhouse": 9000}
_HERE = {
    "",
    "::1",
    "0.0.0.0",  # noqa: S104
    "::",
    "localhost",
    "/var/run/postgresql",
    "/run/postgresql",
    "/tmp",  # noqa: S108
}
"""Hosts that are this machine: loopback, its names, and the folders where libpq looks for a socket."""


def check_readable(dsn: Dsn, source: str) -> None:
    """Raise TargetError for a text that is no connection string, or whose parts cannot be told apart."""
    if not dsn.engine:
        hint = "it begins with postgres:// or sqlite:, or reads host=… dbname=…"
        raise TargetError(f"{source} is of no known form of connection string", hint=hint)
    if not dsn.readable:
        hint = (
            "write odd characters of a password as escapes: @ is %40, / is %2F, : is %3A, # is %23, ? is %3F"
        )
        raise TargetError(f"the connection string in {source} cannot be taken apart", hint=hint)


def rightful(target: Target, dsn: Dsn, source: str, environ: Mapping[str, str]) -> Dsn:
    """The connection string with the target's own database in it.

    Raises TargetError for another engine, and for another database unless the config says "replace".
    """
    if dsn.engine != target.engine:
        hint = f"let {source} hold a {target.engine} connection string, or correct engine in the config"
        raise TargetError(f"{source} is for {dsn.engine}, but {target.name} is {target.engine}", hint=hint)
    if target.engine == "sqlite":
        return dsn
    if target.replace_database:
        return dsn.with_database(target.database)
    named = dsn.database or environ.get("PGDATABASE", "")
    if named == target.database:
        return dsn
    says = f"names the database {named!r}" if named else "names no database"
    raise TargetError(
        f"{source} {says}, but {target.name} is {target.database!r}",
        hint='correct one of them, or let [secrets] say dsn_database = "replace"',
    )


def check_alone(
    target: Target, dsn: Dsn, source: str, workspace: Workspace, environ: Mapping[str, str]
) -> None:
    """Raise TargetError if a target of another environment is the same database on the same server.

    Compared are the connection strings that environment variables hold; no network is asked.
    """
    mine = _spots(dsn, environ)
    for other, theirs, variable in _known(workspace, environ):
        if other.environment == target.environment or other.engine != target.engine:
            continue
        if shared := mine & _spots(theirs, environ):
            host, port, database = min(shared)
            where = f"{database!r} on {host}:{port}" if port else repr(database)
            raise TargetError(
                f"{target.name} and {other.name} are one database: {where}",
                hint=f"{source} and {variable} lead to the same place: correct one of them",
            )


def _known(workspace: Workspace, environ: Mapping[str, str]) -> Iterator[tuple[Target, Dsn, str]]:
    for database in owned_databases(workspace):
        for environment in workspace.environments:
            target = target_of(workspace, database, environment)
            if target.secrets and (answer := variables.ask(target.secrets, environ)):
                dsn = Dsn(answer[0])
                yield (
                    target,
                    dsn.with_database(target.database) if target.replace_database else dsn,
                    answer[1],
                )


def _spots(dsn: Dsn, environ: Mapping[str, str]) -> set[Spot]:
    if dsn.engine == "sqlite":
        return {("", 0, os.path.realpath(dsn.database))}
    if dsn.folder:
        return {("", 0, f"{os.path.realpath(dsn.folder)}?{dsn.database}")}
    if not dsn.readable:
        return set()
    fallback = (environ.get("PGHOST", ""), environ.get("PGPORT", ""), environ.get("PGDATABASE", ""))
    host, port, database = fallback if dsn.engine == "postgres" else ("", "", "")
    default = int(port) if port.isascii() and port.isdigit() else _PORTS.get(dsn.engine, 0)
    # without any name libpq takes the role's
    name = dsn.database or database or dsn.user or environ.get("PGUSER", "")
    return {(_spelled(each or host), number or default, name) for each, number in dsn.addresses or (("", 0),)}


def _spelled(host: str) -> str:
    host = host.lower().rstrip("./") or host
    return "localhost" if host in _HERE or host.startswith("127.") else host
