"""From a target to a session: fetch the connection string, start what is embedded, connect."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from greylag.environments.connections import connection_of
from greylag.migrations.files import require_folder
from greylag.operations.connect import connect, engine_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from greylag.databases.base import Interrupt, Session
    from greylag.environments.resolution import Resolution
    from greylag.model.target import Target


class Reach:
    """A way to a target: its session, and ``source``, which says where the connection string is from."""

    def __init__(self, target: Target, session: Session, source: str) -> None:
        self.target = target
        self.session = session
        self.source = source


def reach(
    target: Target,
    resolution: Resolution,
    environ: Mapping[str, str],
    *,
    table: str | None = None,
    timeout_seconds: float | None = None,
    interrupt: Interrupt | None = None,
) -> Reach:
    """A session on ``target``; the embedded server is started if it is meant and its database is made.

    Raises TargetError, SecretError and FilesError before anything is connected to, and EmbeddedError. The
    connection itself is opened when the session is first used.
    """
    connection = connection_of(target, resolution.workspace, resolution.root, environ, engine_words())
    if connection.dsn is None:
        require_folder(target.folder)  # a mistyped folder is no reason to start a server
        engine, text = "postgres", embedded_dsn(resolution, connection.database)
    else:
        engine, text = connection.dsn.engine, connection.dsn.reveal()
        if target.environment == "local" and target.dsn is None:
            if engine == "sqlite":
                os.makedirs(os.path.dirname(text), exist_ok=True)
            else:
                require_folder(target.folder)
    session = connect(
        engine,
        text,
        table or target.table,
        timeout_seconds=timeout_seconds,
        interrupt=interrupt,
        spread=target.spread,
    )
    return Reach(target, session, connection.source)


def dsn_of(target: Target, resolution: Resolution, environ: Mapping[str, str]) -> str:
    """The connection string of a target, whole: it may hold a password. Raises as reach() does."""
    connection = connection_of(target, resolution.workspace, resolution.root, environ, engine_words())
    if connection.dsn is None:
        return embedded_dsn(resolution, connection.database)
    return connection.dsn.reveal()


def programs_of(resolution: Resolution) -> str | None:
    """``[local] bin`` of the config, where the embedded server's programs are."""
    return (resolution.workspace.local_programs or None) if resolution.workspace else None


def embedded_dsn(resolution: Resolution, database: str) -> str:
    """The URL of a database of the embedded server, which is started and the database made if need be."""
    from greylag.operations.server import local_dsn

    return local_dsn(resolution.root, database, bin=programs_of(resolution))


def server_hint(sqlstate: str, message: str) -> str | None:
    """What to type when the embedded server lacks an extension; None for every other answer."""
    from greylag.databases.postgres.embedded.extensions import extension_hint

    return extension_hint(sqlstate, message)
