"""What there is to say about the server of a workspace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from greylag.databases.postgres.embedded.databases import list_contents
from greylag.databases.postgres.embedded.places import find_place
from greylag.databases.postgres.embedded.postmaster import HOST
from greylag.databases.postgres.embedded.started import read_start
from greylag.databases.postgres.embedded.supervisor import find_running, unused_for

if TYPE_CHECKING:
    import os

    from greylag.databases.postgres.embedded.databases import Database
    from greylag.databases.postgres.embedded.places import Place
    from greylag.databases.postgres.embedded.supervisor import EmbeddedServer


@dataclass(frozen=True)
class ServerFacts:
    """A workspace's server, as people and ``--json`` are told; no field holds a secret.

    ``running`` decides which fields are None. ``user`` is who the server runs as, ``outside`` why its data is
    not in the workspace ("" when it is), ``connections`` are clients but the one that asks, ``idle_seconds``
    how long it may be unused, ``idle_stop_in_seconds`` what is left of that (None while clients are there).
    """

    running: bool
    data: str
    log: str
    user: str
    outside: str
    host: str = HOST
    port: int | None = None
    pid: int | None = None
    version: str | None = None
    source: str | None = None
    bin: str | None = None
    socket: str | None = None
    since: datetime | None = None
    fresh: bool = False
    databases: tuple[Database, ...] | None = None
    connections: int | None = None
    idle_seconds: float | None = None
    idle_stop_in_seconds: float | None = None


def server_status(root: str | os.PathLike[str]) -> ServerFacts:
    """The facts of the workspace's server, its contents too when it runs. Starts nothing."""
    server = find_running(root)
    if server is None:
        return _absent(find_place(root))
    return server_facts(server, contents=True)


def server_facts(server: EmbeddedServer, *, contents: bool = False) -> ServerFacts:
    """The facts of a running server; only with ``contents`` is it asked for databases and connections."""
    place, postmaster = server.place, server.postmaster
    start = read_start(place)
    held = list_contents(server) if contents else None
    left = None
    if start is not None and held is not None and held.connections == 0:
        left = max(0.0, start.idle_seconds - unused_for(place))
    return ServerFacts(
        running=True,
        data=str(place.data),
        log=str(place.log),
        user=place.account.name,
        outside=place.why,
        port=postmaster.port,
        pid=postmaster.pid,
        version=start.version if start else None,
        source=start.source if start else None,
        bin=start.bin if start else None,
        socket=str(postmaster.socket_folder),
        since=datetime.fromtimestamp(postmaster.since, UTC),
        fresh=server.fresh,
        databases=held.databases if held else None,
        connections=held.connections if held else None,
        idle_seconds=start.idle_seconds if start else None,
        idle_stop_in_seconds=left,
    )


def _absent(place: Place) -> ServerFacts:
    return ServerFacts(False, str(place.data), str(place.log), place.account.name, place.why)
