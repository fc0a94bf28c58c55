"""Does a pooler stand between, and does it hand out server processes per transaction?"""

from __future__ import annotations

from greylag.databases.base import Deadline
from greylag.databases.postgres import connection
from greylag.databases.postgres.waiting import StopError
from greylag.errors import DatabaseError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.databases.postgres.channel import Channel
    from greylag.databases.postgres.settings import Settings

_PID = b"select pg_catalog.pg_backend_pid()"
_SECONDS = 5.0
"""How long the two probes may take: a pool of one, held by the caller, keeps them waiting."""
_TRIES = 3
"""Another client may take the process that the second probe was to get."""
_NO_TRANSACTIONS = "statement pooling"
"""In pgbouncer's answer to BEGIN where it lends processes per statement."""


def backend_pid(channel: Channel) -> int:
    """The number of the server process that answers now. Raises DatabaseError, StopError."""
    ((value,),) = channel.fetch(_PID).rows
    return int.from_bytes(value or b"", "big")


def is_pooled(channel: Channel) -> bool:
    """Whether the process that answers is not the one that greeted us: a pooler, of whatever manner.

    Raises DatabaseError, StopError.
    """
    return backend_pid(channel) != channel.canceller.pid


def is_transaction_pooler(channel: Channel, settings: Settings) -> bool:
    """Whether server processes are lent per transaction: neither locks nor settings of a session hold then.

    Without a pooler that takes one query on ``channel``, which may be inside a transaction. Behind one, two
    connections more are opened for a moment. Raises DatabaseError and StopError for ``channel``, and for a
    signal; probes that cannot be had prove nothing.
    """
    if not is_pooled(channel):
        return False
    probes: list[Channel] = []
    try:
        while len(probes) < 2:
            probes.append(connection.connect(settings, Deadline(_SECONDS), channel.interrupt))
        return any(_lends(*probes) for _ in range(_TRIES))
    except DatabaseError as error:
        return _NO_TRANSACTIONS in error.message
    except StopError as stop:
        if stop.signal:
            raise
        return False
    finally:
        for probe in probes:
            probe.close()


def _lends(first: Channel, second: Channel) -> bool:
    """Whether the first one's process changes, or the second, holding one, has it or made it change."""
    mine = backend_pid(first)
    # lent in turn (server_round_robin), two processes could go round with the questions below in step
    if backend_pid(first) != mine:
        return True
    second.execute(b"begin")
    lent = backend_pid(second) == mine or backend_pid(first) != mine
    second.execute(b"rollback")
    return lent
