"""Engines started before they are needed: what a start takes goes on beside other work."""

from __future__ import annotations

import os

from greylag.databases.clickhouse.dsn import read_dsn
from greylag.databases.clickhouse.embedded.child import Child
from greylag.databases.clickhouse.wire import Patience
from greylag.errors import ConnectError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.databases.clickhouse.dsn import Settings

_waiting: dict[tuple[object, ...], Child] = {}
"""Engines nobody has asked for yet. Those that nobody asks for end with this process."""


def start_early(dsn: str) -> None:
    """Start the engine of a ``chdb://`` DSN. Why one cannot be started is told to whoever asks for it."""
    settings = read_dsn(dsn)
    if _key(settings) in _waiting:
        return
    try:
        _waiting[_key(settings)] = Child(settings, Patience(None, None))
    except ConnectError:
        return


def take_child(settings: Settings, patience: Patience) -> Child:
    """The engine that was started for these settings, else a new one. Raises ConnectError."""
    child = _waiting.pop(_key(settings), None)
    if child is None:
        return Child(settings, patience)
    child.patience = patience
    return child


def _key(settings: Settings) -> tuple[object, ...]:
    return os.path.abspath(settings.folder), settings.database, *sorted(settings.server.items())
