"""The last step to a database: a target's connection string, fetched, checked and never shown."""

from __future__ import annotations

import os

from greylag.environments.guards import check_alone, check_readable, rightful
from greylag.environments.secrets.registry import fetch
from greylag.environments.settings import ENGINES
from greylag.errors import TargetError
from greylag.model.dsn import Dsn
from greylag.model.target import Connection

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from greylag.model.target import Target
    from greylag.model.workspace import Workspace

STATE_FOLDER = ".greylag"
"""Folder under the root of a workspace or project for what greylag keeps there."""


def connection_of(
    target: Target,
    workspace: Workspace | None,
    root: str,
    environ: Mapping[str, str],
    engines: Collection[str],
) -> Connection:
    """How to reach a target. ``root`` is the resolution's; ``engines`` are the words of those this build has.

    Raises SecretError when no source gives a connection string, and TargetError, before anything is connected
    to, when it is for an engine that is not there, for another database than the target's, or for the
    database of another environment.
    """
    if target.dsn is not None:
        dsn, source = target.dsn, target.source
    elif target.secrets is None:
        _check_engine(target.engine, target.name, engines)
        return _local(target, root)
    else:
        text, source = fetch(target.name, target.secrets, environ)
        dsn = Dsn(text)
    check_readable(dsn, source)
    _check_engine(dsn.engine, source, engines)
    if workspace is not None and target.service:
        dsn = rightful(target, dsn, source, environ)
        check_alone(target, dsn, source, workspace, environ)
    return Connection(dsn, dsn.database, source)


def _local(target: Target, root: str) -> Connection:
    """The embedded PostgreSQL, for SQLite a file beside its data, for ClickHouse a folder there."""
    if target.engine == "clickhouse":
        folder = os.path.join(root, STATE_FOLDER, "clickhouse", target.database)
        return Connection(Dsn.embedded(folder, target.database), target.database, STATE_FOLDER)
    if target.engine != "sqlite":
        return Connection(None, target.database, "the embedded server")
    path = os.path.join(root, STATE_FOLDER, "sqlite", f"{target.database}.db")
    return Connection(Dsn(path, "sqlite"), path, STATE_FOLDER)


def _check_engine(engine: str, what: str, engines: Collection[str]) -> None:
    if engine not in engines:
        here = " and ".join(title for word, title in ENGINES.items() if word in engines)
        raise TargetError(
            f"{what} needs the engine for {ENGINES[engine]}, which is not in this build",
            hint=f"this build has {here}",
        )
