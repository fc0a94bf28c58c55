"""After a lost connection: which files stand, according to the version table."""

from __future__ import annotations

from time import monotonic, perf_counter_ns, sleep

from greylag.databases.base import Deadline
from greylag.databases.postgres import connection
from greylag.databases.postgres.history import read_rows
from greylag.databases.postgres.waiting import StopError
from greylag.errors import DatabaseError
from greylag.model.event import Ran

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.databases.postgres.pipeline import Flight
    from greylag.databases.postgres.session import PostgresSession

_SECONDS = 3.0
_STARTING = "57P03"
"""SQLSTATE of a server that comes back from a crash: worth another try."""


def find_standing(
    session: PostgresSession, flights: list[Flight], *, recorded: bool
) -> tuple[list[Ran], str]:
    """The files of ``flights`` that were committed, and a sentence that says how certain that is.

    One short try: a server that is gone stays unasked.
    """
    doubtful = [flight for flight in flights if flight.sent]
    first = doubtful[0].script.migration.name
    if not recorded:
        return [], f"it is not known whether {first} was committed: nothing records it"
    versions = _read_versions(session)
    if versions is None:
        return [], f"the server cannot be asked whether {first} was committed: look at {session.table}"
    standing: list[Ran] = []
    for flight in doubtful:
        script = flight.script
        if (script.migration.version in versions) != (script.direction == "up"):
            break
        took = perf_counter_ns() - flight.began
        standing.append(Ran(script.migration, script.direction, flight.count, took))
    if len(standing) == len(flights):
        return standing, ""
    return (
        standing,
        f"{flights[len(standing)].script.migration.name} was not committed: {session.table} says so",
    )


def _read_versions(session: PostgresSession) -> set[int] | None:
    session.close()
    until = monotonic() + _SECONDS
    while True:
        try:
            channel = connection.connect(session.settings, Deadline(_SECONDS), None)
        except StopError:
            return None
        except DatabaseError as error:
            if error.sqlstate != _STARTING or monotonic() >= until:
                return None
            sleep(0.1)
            continue
        try:
            return {row.version for row in read_rows(channel, session.table)}
        except (DatabaseError, StopError):
            return None
        finally:
            channel.close()
