"""One runner at a time: the session lock that goose's library takes too, polled and never waited for.

A blocking pg_advisory_lock keeps a snapshot while it waits, which concurrent index builds wait for: the
server takes it for a deadlock and one of the two fails. The id is that of
github.com/pressly/goose/v3/lock (DefaultLockID).
"""

from __future__ import annotations

from time import monotonic

from greylag.databases.postgres.encoding import sql_bytes
from greylag.databases.postgres.failures import text
from greylag.databases.postgres.waiting import jittered, pause
from greylag.errors import DatabaseError, LockedError
from greylag.model.event import Notice
from greylag.model.masking import masked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.databases.postgres.channel import Channel
    from greylag.model.care import Tell

LOCK_ID = 4097083626

_TELL_AFTER, _TELL_EVERY = 1.0, 15.0
_LEAST_PAUSE, _MOST_PAUSE = 0.05, 1.0

_HOLDER = f"""
SELECT a.pid, coalesce(a.usename, ''), coalesce(a.application_name, ''), coalesce(host(a.client_addr), ''),
       pg_catalog.date_trunc('second', a.backend_start AT TIME ZONE 'UTC')::text, coalesce(a.state, ''),
       coalesce(left(a.query, 200), '')
  FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
 WHERE l.locktype = 'advisory' AND l.granted AND l.classid = {LOCK_ID >> 32}
   AND l.objid = {LOCK_ID & 0xFFFFFFFF} AND l.objsubid = 1
   AND l.database = (SELECT oid FROM pg_catalog.pg_database
                      WHERE datname = pg_catalog.current_database()) LIMIT 1"""


def take(channel: Channel, wait_seconds: float, tell: Tell) -> None:
    """Take the lock; tells who holds it while it waits. Raises LockedError, DatabaseError, StopError."""
    began = monotonic()
    said, told_at, break_ = "", 0.0, _LEAST_PAUSE
    while not _try(channel):
        waited = monotonic() - began
        holder, pid = "", 0
        if waited >= min(_TELL_AFTER, wait_seconds):
            holder, pid = _holder(channel)
        if waited >= wait_seconds:
            raise LockedError(
                f"another runner holds the lock of this database: {holder or 'its session is just ending'}",
                holder=holder,
                hint="run it again when that one is done, wait longer with --lock-wait 30m, or end that "
                f"session: SELECT pg_terminate_backend({pid or 'pid'})",
            )
        if holder and (holder != said or waited - told_at >= _TELL_EVERY):
            said, told_at = holder, waited
            tell(
                Notice(
                    "waiting",
                    f"waiting for another runner: {holder}",
                    {"holder": holder, "pid": pid, "waited_seconds": round(waited, 1)},
                )
            )
        pause(min(jittered(break_), max(0.01, wait_seconds - waited)), channel)
        break_ = min(_MOST_PAUSE, break_ * 2)


def _try(channel: Channel) -> bool:
    query = f"SELECT pg_catalog.pg_try_advisory_lock({LOCK_ID})"
    ((got,),) = channel.fetch(sql_bytes(query)).rows
    return got == b"\x01"


def release(channel: Channel) -> None:
    """Give it back; the server does so by itself when the session ends."""
    try:
        channel.fetch(sql_bytes(f"SELECT pg_catalog.pg_advisory_unlock({LOCK_ID})"))
    except DatabaseError:
        channel.close()


def _holder(channel: Channel) -> tuple[str, int]:
    """Who holds the lock, in words, and the server process; empty and 0 when nobody does any more."""
    rows = channel.fetch(sql_bytes(_HOLDER), binary=False).rows
    if not rows:
        return "", 0
    pid, role, program, address, since, state, query = (text(value) for value in rows[0])
    who = f"{role}@{address}" if address else role
    words = f"pid {pid} ({who or 'not visible to this role'}"
    words += f', "{program}"' if program else ""
    words += f"), connected since {since} UTC" if since else ")"
    if state == "active" and query:
        words += f", running: {masked(' '.join(query.split()))[:120]}"
    elif state:
        words += f", {state}"
    return words, int(pid or 0)
