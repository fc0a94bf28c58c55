"""A session that has read a table and forgets to commit, as the demo puts it in a migration's way."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Timer
from typing import TYPE_CHECKING

from greylag.databases.base import Deadline
from greylag.operations.reach import dsn_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from greylag.environments.resolution import Resolution
    from greylag.model.target import Target

_CONNECT_SECONDS = 30.0


@contextmanager
def bystander(
    target: Target, resolution: Resolution, environ: Mapping[str, str], *, query: str, seconds: float
) -> Iterator[None]:
    """Run ``query`` in a transaction of another session, which stays open for ``seconds`` and then goes away.

    It goes at the end of the block at the latest, and with this process however that ends. PostgreSQL only.
    Raises as dsn_of() does, DatabaseError.
    """
    from greylag.databases.postgres import connection, dsn

    settings = dsn.parse(dsn_of(target, resolution, environ), environ)
    settings = settings._replace(runtime={**settings.runtime, "application_name": "weekly report"})
    channel = connection.connect(settings, Deadline(_CONNECT_SECONDS), None)
    leave = Timer(seconds, channel.close)
    leave.daemon = True
    try:
        channel.execute(b"BEGIN")
        channel.fetch(query.encode())
        leave.start()
        yield
    finally:
        leave.cancel()
        if leave.ident is not None:
            leave.join()  # it may be closing the connection just now
        channel.close()
