"""schema.prisma after a run on a local database: pulled at once where the config says so, else looked at."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, NamedTuple

from greylag.errors import GreylagError
from greylag.model.workspace import LOCAL
from greylag.operations.schema_pull import pull, wishes_for
from greylag.operations.write import write

if TYPE_CHECKING:
    from typing import Literal

    from greylag.databases.base import Session
    from greylag.environments.resolution import Resolution
    from greylag.model.target import Target

    State = Literal["wrote", "current", "stale", "empty"]


class Followed(NamedTuple):
    """How the file at ``path`` stands to the database after a run.

    ``wrote``: it was pulled and had changed; ``current``: there was nothing to change; ``stale``: it is out
    of date, and not pulled because nobody asked for that; ``empty``: no table is left to pull.
    """

    path: str
    state: State


def follow(
    session: Session, target: Target, resolution: Resolution, *, table: str | None = None, ran: bool
) -> Followed | None:
    """Pull after a run where ``[schema] sync`` is true; else see whether what ``ran`` left the file behind.

    None where there is nothing to say: the target is not local or not PostgreSQL; without ``sync`` also where
    nothing ran, where no file is, and where it is up to date. Without ``sync`` nothing is raised. With it
    EditError and UsageError as by schema_pull.pull(); the file is then as it was.
    """
    if target.environment != LOCAL or target.dsn is not None or target.engine != "postgres":
        return None
    wishes = wishes_for(target, resolution)
    synced = resolution.workspace is not None and resolution.workspace.schema.sync
    table = table or target.table
    if synced:
        if session.is_empty():
            return Followed(wishes.path, "empty")
        return Followed(wishes.path, "wrote" if write([pull(session, table, wishes)]) else "current")
    if not ran or not os.path.exists(wishes.path):
        return None
    with contextlib.suppress(GreylagError):  # a file that cannot be pulled onto is told of by the pull itself
        edit = pull(session, table, wishes)
        if edit.before == edit.after:
            return None
    return Followed(wishes.path, "stale")
