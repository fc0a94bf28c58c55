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
    from greylag.databases.postgres.channel import Channel
    from greylag.databases.postgres.flight import Flight
    from greylag.databases.postgres.session import PostgresSession

_SECONDS = 3.0
_PAUSE_SECONDS = 0.1
_STARTING = "57P03"
"""SQLSTATE of a server that comes back from a crash: worth another try."""

_AT_WORK = (
    "SELECT count(*) FROM pg_catalog.pg_stat_activity "
    "WHERE pid = {} AND wait_event IS DISTINCT FROM 'ClientRead'"
)
"""1 while a server process still works on what it was sent: its COMMIT may be yet to come."""


def find_standing(
    session: PostgresSession, lost: Channel | None, flights: list[Flight], *, recorded: bool
) -> tuple[list[Ran], str]:
    """The files of ``flights`` that were committed, and a sentence that says how certain that is.

    A server that lost us goes on with what it was sent, so it is told to stop (over ``lost``) before the
    version table is read. All of it may take three seconds: a server that is gone stays unasked.
    """
    doubtful = [flight for flight in flights if flight.sent]
    first = doubtful[0].script.migration.name
    if not recorded:
        return [], f"it is not known whether {first} was committed: nothing records it"
    versions = _read_versions(session, lost)
    if versions is None:
        return (
            [],
            f"it is not known whether {first} was committed: look at {session.table} when the server answers",
        )
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


def _read_versions(session: PostgresSession, lost: Channel | None) -> set[int] | None:
    until = monotonic() + _SECONDS
    while True:
        if lost is not None:
            lost.canceller.cancel()
        try:
            channel = connection.connect(session.settings, Deadline(_SECONDS), None)
        except StopError:
            return None
        except DatabaseError as error:
            if error.sqlstate != _STARTING:
                return None
        else:
            versions = _ask(channel, session.table, lost)
            if versions is not None:
                return versions
        if monotonic() >= until:
            return None
        sleep(_PAUSE_SECONDS)


def _ask(channel: Channel, table: str, lost: Channel | None) -> set[int] | None:
    """The versions in the table, None while they may still change."""
    try:
        if lost is not None:
            ((at_work,),) = channel.fetch(_AT_WORK.format(lost.canceller.pid).encode()).rows
            if at_work != bytes(8):
                return None
        return {row.version for row in read_rows(channel, table)}
    except (DatabaseError, StopError):
        return None
    finally:
        channel.close()
