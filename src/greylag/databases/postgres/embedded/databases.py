"""Databases of the embedded server: made, dropped, listed."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from greylag.databases.postgres import connection, dsn
from greylag.errors import DatabaseError, EmbeddedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from greylag.databases.postgres.channel import Channel
    from greylag.databases.postgres.embedded.supervisor import EmbeddedServer

_OWN = ("postgres", "template0", "template1")
_NAME_BYTES = 63
_EXISTS = ("42P04", "23505")  # two who make it at once: the later one may meet either

_NAMES = b"SELECT datname FROM pg_database"
_SIZES = b"""
    SELECT datname, pg_database_size(oid)::text FROM pg_database WHERE NOT datistemplate ORDER BY datname
"""
_CLIENTS = b"""
    SELECT count(*)::text FROM pg_stat_activity
     WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
"""
# greylag's own looks are sessions of the database postgres
_SESSIONS = b"""
    SELECT coalesce(sum(sessions), 0)::bigint::text FROM pg_stat_database WHERE datname <> 'postgres'
"""


class Database(NamedTuple):
    """A database and its size on disk in bytes."""

    name: str
    size_bytes: int


class Contents(NamedTuple):
    """What a running server holds: its databases but its own, and how many clients are connected."""

    databases: tuple[Database, ...]
    connections: int


class Activity(NamedTuple):
    """``clients`` are connected now; ``sessions`` is how many the workspace's databases have ever had."""

    clients: int
    sessions: int


def ensure_database(server: EmbeddedServer, name: str) -> bool:
    """Make the database ``name`` unless it is there; whether it was made. Raises EmbeddedError."""
    _check_name(name)
    with _connected(server, f"the database {name} could not be made") as channel:
        if name in _names(channel):
            return False
        try:
            channel.execute(f"CREATE DATABASE {_quoted(name)}".encode())
        except DatabaseError as error:
            if error.sqlstate not in _EXISTS:
                raise
            return False
    return True


def drop_database(server: EmbeddedServer, name: str) -> bool:
    """Drop the database ``name``, ending its connections; whether it was there. Raises EmbeddedError."""
    _check_name(name)
    if name in _OWN:
        raise EmbeddedError(f"the database {name} belongs to the server itself and is not dropped")
    with _connected(server, f"the database {name} could not be dropped") as channel:
        if name not in _names(channel):
            return False
        channel.execute(f"DROP DATABASE IF EXISTS {_quoted(name)} WITH (FORCE)".encode())
    return True


def ensure_roles(server: EmbeddedServer, names: Iterable[str]) -> None:
    """Make the roles that are missing, none of which can log in. Raises EmbeddedError."""
    with _connected(server, "a role could not be made") as channel:
        there = {name for (name,) in _rows(channel, b"SELECT rolname FROM pg_roles")}
        for name in names:
            if name not in there:
                channel.execute(f"CREATE ROLE {_quoted(name)}".encode())


def list_contents(server: EmbeddedServer) -> Contents:
    """What the server holds. Raises EmbeddedError."""
    with _connected(server, "the server could not say what it holds") as channel:
        databases = tuple(
            Database(name, int(size)) for name, size in _rows(channel, _SIZES) if name not in _OWN
        )
        return Contents(databases, int(_rows(channel, _CLIENTS)[0][0]))


def look_at_activity(server: EmbeddedServer) -> Activity:
    """Who uses the server, and whether anybody has since the last look. Raises EmbeddedError."""
    with _connected(server, "the server could not say who uses it") as channel:
        return Activity(int(_rows(channel, _CLIENTS)[0][0]), int(_rows(channel, _SESSIONS)[0][0]))


@contextmanager
def _connected(server: EmbeddedServer, failure: str) -> Iterator[Channel]:
    """A connection to the database ``postgres``, whatever PG* variables say; ``failure`` begins an error."""
    text = f"{server.dsn('postgres')}&connect_timeout=10&application_name=greylag"
    try:
        channel = connection.connect(dsn.parse(text, {}), None, None)
        try:
            yield channel
        finally:
            channel.close()
    except DatabaseError as error:
        raise EmbeddedError(
            f"{failure}: {error.message}", hint="greylag server logs shows what the server said"
        ) from error


def _rows(channel: Channel, query: bytes) -> list[list[str]]:
    return [[(value or b"").decode() for value in row] for row in channel.fetch(query).rows]


def _names(channel: Channel) -> set[str]:
    return {name for (name,) in _rows(channel, _NAMES)}


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _check_name(name: str) -> None:
    if not name or "\0" in name or len(name.encode(errors="replace")) > _NAME_BYTES:
        raise EmbeddedError(f"{name!r} cannot be the name of a database: 1 to {_NAME_BYTES} bytes are needed")
