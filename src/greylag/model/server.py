"""Which database a session talks to."""

from __future__ import annotations

from greylag.model.records import NamedTuple


class Server(NamedTuple):
    """Facts of an open connection, as the first line of output names them."""

    engine: str
    version: str
    host: str
    port: int
    database: str
    role: str
