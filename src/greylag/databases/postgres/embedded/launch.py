"""A server that does not run yet: its data folder made, a port found, pg_ctl called."""

from __future__ import annotations

import secrets
import shlex
import socket
import time
from pathlib import Path
from typing import TYPE_CHECKING

from greylag.databases.postgres.embedded.accounts import run
from greylag.databases.postgres.embedded.cluster import check_cluster, make_cluster
from greylag.databases.postgres.embedded.log import open_log, read_from
from greylag.databases.postgres.embedded.places import make_socket_folder
from greylag.databases.postgres.embedded.postmaster import (
    HOST,
    START_SECONDS,
    find_postmaster,
    remove_socket_folder,
    stop_postmaster,
)
from greylag.databases.postgres.embedded.sources import find_source, reachable
from greylag.databases.postgres.embedded.started import Start, write_start, write_whole
from greylag.errors import EmbeddedError

if TYPE_CHECKING:
    import os

    from greylag.databases.postgres.embedded.places import Place
    from greylag.databases.postgres.embedded.postmaster import Postmaster
    from greylag.databases.postgres.embedded.sources import Source

_TRIES = 20
_PAUSE = 0.25
_HELD = ("is still in use", 'postmaster.pid" already exists')
# below the ports systems give to outgoing connections (32768 on Linux, 49152 on macOS), where a stored
# port would sooner or later be met by somebody else's
_PORTS = range(20_000, 32_000)


class PortTakenError(EmbeddedError):
    """Another program listens on the port."""


class StillHeldError(EmbeddedError):
    """A killed server, or children of it, are not gone yet."""


def launch(place: Place, setting: str | os.PathLike[str] | None, idle_seconds: float) -> Postmaster:
    """Start the server of ``place``, whose lock the caller holds; its data folder is made if need be.

    ``setting`` is ``[local] bin``, relative to the workspace. Raises EmbeddedError.
    """
    named = None if setting is None else place.root / Path(setting).expanduser()
    source = reachable(find_source(named), place.account)
    if not place.made:
        make_cluster(place, source)
    check_cluster(place)
    write_start(place, Start(source.name, source.version, str(source.bin), idle_seconds))
    socket_folder = make_socket_folder(place)
    for left in socket_folder.glob(".s.PGSQL.*"):
        left.unlink()  # of a server that was killed: its number may belong to another process by now
    try:
        return _try_to_start(place, source, socket_folder)
    except BaseException:
        # Ctrl-C while pg_ctl waits: a server without a watcher would stay for ever, and may not even have
        # written its pid file yet
        time.sleep(_PAUSE)
        stop_postmaster(place)
        remove_socket_folder(socket_folder)
        raise


def _try_to_start(place: Place, source: Source, socket_folder: Path) -> Postmaster:
    for _ in range(_TRIES):
        try:
            return start_postmaster(place, source, _port(place), socket_folder)
        except PortTakenError:
            continue  # somebody was quicker: the next look finds another
        except StillHeldError:
            time.sleep(_PAUSE)
    raise EmbeddedError(
        f"the server of {place.data} did not start in {_TRIES} tries",
        hint=f"processes of a server that was killed may still be there; the log: {place.log}",
    )


def start_postmaster(place: Place, source: Source, port: int, socket_folder: Path) -> Postmaster:
    """Start the server and wait until it takes connections.

    Raises PortTakenError and StillHeldError, after which another try makes sense, and EmbeddedError.
    """
    options = {
        "port": str(port),
        "listen_addresses": HOST,
        "unix_socket_directories": '"' + str(socket_folder).replace('"', '""') + '"',
        "unix_socket_permissions": "0700",
        "logging_collector": "off",
    }
    words = " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in options.items())
    argv: list[str | Path] = [
        source.bin / "pg_ctl",
        "start",
        "--silent",
        "--wait",
        "--timeout",
        str(START_SECONDS),
        "-o",
        words,
    ]
    with open_log(place.log) as log:
        begin = log.tell()
        try:
            # PGDATA, because pg_ctl would put -D between double quotes of a shell line
            run(place.account, argv, environ={"PGDATA": str(place.data)}, output=log)
        except OSError as failure:
            raise EmbeddedError(
                f"{argv[0]} cannot be run as {place.account.name}: {failure.strerror}"
            ) from failure
    seen = find_postmaster(place)
    if seen is None:
        raise _refusal(read_from(place.log, begin), place)
    return seen


def port_is_free(port: int) -> bool:
    """Whether a server could listen on ``port`` now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as PostgreSQL does
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _port(place: Place) -> int:
    """The stored port, or a new one, stored, if another program listens there."""
    try:
        port = int(place.port_file.read_text(encoding="ascii"))
    except (OSError, ValueError):
        port = 0
    if port and port_is_free(port):
        return port
    while not port_is_free(port := secrets.choice(_PORTS)):
        pass
    write_whole(place.port_file, f"{port}\n")
    return port


def _refusal(said: str, place: Place) -> EmbeddedError:
    if "could not bind" in said or "could not create any TCP/IP sockets" in said:
        return PortTakenError("the port is taken")
    if any(words in said for words in _HELD):
        return StillHeldError("processes of a killed server are still there")
    lines = [
        line for line in said.splitlines() if "FATAL" in line or "PANIC" in line or "error" in line.lower()
    ]
    reason = (lines or said.strip().splitlines() or ["it said nothing"])[-1]
    return EmbeddedError(f"PostgreSQL did not start: {reason}", hint=f"the whole log: {place.log}")
