"""What a server process waits for and how far it is: one query, and the values it gives."""

from __future__ import annotations

from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from greylag.databases.postgres.channel import Channel

_HIDDEN = "<insufficient privilege>"
"""What pg_stat_activity shows as the query of a role whose statistics one may not read."""

_QUERY = """
WITH RECURSIVE locks AS MATERIALIZED (
  SELECT * FROM pg_catalog.pg_locks
), wanted AS (
  SELECT * FROM locks WHERE pid = {pid} AND NOT granted LIMIT 1
), nearest AS (
  SELECT pg_catalog.unnest(pg_catalog.pg_blocking_pids({pid})) AS pid
  UNION
  SELECT current_locker_pid::int FROM pg_catalog.pg_stat_progress_create_index
  WHERE pid = {pid} AND current_locker_pid > 0
), chain AS (
  SELECT pid, pg_catalog.pg_blocking_pids(pid) AS behind FROM nearest
  UNION
  SELECT next.pid, pg_catalog.pg_blocking_pids(next.pid)
  FROM chain, pg_catalog.unnest(chain.behind) AS next (pid) WHERE next.pid <> {pid}
)
SELECT pg_catalog.json_build_object(
  'there', EXISTS (SELECT FROM pg_catalog.pg_stat_activity WHERE pid = {pid}),
  'role', SESSION_USER,
  'wait', CASE WHEN EXISTS (
    SELECT FROM pg_catalog.pg_stat_activity WHERE pid = {pid} AND wait_event_type = 'Lock'
  ) THEN (SELECT pg_catalog.json_build_object(
    'kind', (SELECT locktype FROM wanted),
    'mode', (SELECT mode FROM wanted),
    'relation', (SELECT relation::pg_catalog.regclass::text FROM wanted),
    'catalog', (SELECT classid::pg_catalog.regclass::text FROM wanted),
    'transaction', (SELECT transactionid::text FROM wanted),
    'nearest', (SELECT pg_catalog.json_agg(pid) FROM nearest),
    'queue', (
      SELECT pg_catalog.count(DISTINCT l.pid) FROM locks l
      WHERE NOT l.granted AND l.pid <> {pid} AND NOT EXISTS (SELECT FROM chain WHERE chain.pid = l.pid)
        AND ({pid} = ANY (pg_catalog.pg_blocking_pids(l.pid)) OR EXISTS (
          SELECT FROM wanted w
          WHERE w.locktype = 'relation' AND l.locktype = 'relation'
            AND l.database = w.database AND l.relation = w.relation))
    ),
    'blockers', (
      SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
        'pid', c.pid, 'behind', c.behind, 'role', a.usename, 'application', a.application_name,
        'client', pg_catalog.host(a.client_addr), 'state', a.state, 'kind', a.backend_type, 'query', a.query,
        'open_seconds', EXTRACT(epoch FROM pg_catalog.clock_timestamp() - a.xact_start)))
      FROM chain c LEFT JOIN pg_catalog.pg_stat_activity a USING (pid) WHERE c.pid <> 0
    ),
    'prepared', (
      SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
        'gid', p.gid, 'role', p.owner,
        'open_seconds', EXTRACT(epoch FROM pg_catalog.clock_timestamp() - p.prepared)))
      FROM pg_catalog.pg_prepared_xacts p WHERE p.transaction = (SELECT transactionid FROM wanted)
        OR p.transaction IN (
          SELECT t.transactionid FROM wanted w
          JOIN locks h ON h.granted AND h.pid IS NULL AND h.locktype = w.locktype
            AND h.database = w.database AND h.relation = w.relation
          JOIN locks t ON t.pid IS NULL AND t.locktype = 'transactionid'
            AND t.virtualtransaction = h.virtualtransaction)
    )
  )) END,
  'progress', (
    SELECT pg_catalog.json_build_object('phase', phase, 'counts', CASE
      WHEN phase LIKE 'waiting%' THEN ARRAY[lockers_done, lockers_total]
      WHEN phase LIKE '%tuples%' THEN ARRAY[tuples_done, tuples_total]
      ELSE ARRAY[blocks_done, blocks_total] END)
    FROM pg_catalog.pg_stat_progress_create_index WHERE pid = {pid}
    UNION ALL
    SELECT pg_catalog.json_build_object('phase', phase, 'counts', CASE
      WHEN phase LIKE '%scanning heap' THEN ARRAY[heap_blks_scanned, heap_blks_total]
      ELSE ARRAY[0, 0] END)
    FROM pg_catalog.pg_stat_progress_cluster WHERE pid = {pid}
    LIMIT 1
  )
)::text
"""
"""PostgreSQL 12 and later. A holder of a prepared transaction has no pid in pg_locks; its locks and its
transaction id share a virtual transaction there. Index builds that wait for writers or old snapshots wait
on virtual transactions, whose holders pg_blocking_pids names as well."""


class Blocker(NamedTuple):
    """A session in front. Empty fields are not known or hidden; ``behind`` are pids it waits for itself."""

    pid: int
    behind: tuple[int, ...]
    role: str
    application: str
    client: str
    state: str
    kind: str
    query: str
    open_seconds: float
    hidden: bool


class Prepared(NamedTuple):
    """A transaction that was prepared for a second phase that did not come, and holds its locks."""

    gid: str
    role: str
    open_seconds: float


class Wait(NamedTuple):
    """A lock that is waited for: its kind and mode as pg_locks has them, and all that stands in front.

    ``nearest`` are the pids directly in front (0: a prepared transaction), ``blockers`` these and what they
    wait for in turn, ``queue`` how many sessions wait behind.
    """

    kind: str
    mode: str
    relation: str
    catalog: str
    transaction: str
    nearest: tuple[int, ...]
    blockers: tuple[Blocker, ...]
    prepared: tuple[Prepared, ...]
    queue: int


class Look(NamedTuple):
    """What one look at a process showed. ``progress`` is the server's phase, done and total (0: unknown)."""

    there: bool
    role: str
    wait: Wait | None
    progress: tuple[str, int, int] | None


def look_at(pid: int, channel: Channel) -> Look:
    """Ask the server about the process ``pid``. Raises DatabaseError, StopError."""
    import json  # only a run that has waited a second comes here

    ((answer,),) = channel.fetch(_QUERY.format(pid=int(pid)).encode(), binary=False).rows
    found = json.loads(answer or b"{}")
    wait, progress = found["wait"], found["progress"]
    return Look(
        there=found["there"],
        role=found["role"],
        wait=_wait(wait) if wait and wait["nearest"] else None,
        progress=(progress["phase"], *progress["counts"]) if progress else None,
    )


def _wait(found: dict[str, Any]) -> Wait:
    blockers = {each["pid"]: _blocker(each) for each in found["blockers"] or ()}
    return Wait(
        kind=found["kind"] or "",
        mode=found["mode"] or "",
        relation=found["relation"] or "",
        catalog=found["catalog"] or "",
        transaction=found["transaction"] or "",
        nearest=tuple(sorted(set(found["nearest"]))),
        blockers=tuple(blockers[pid] for pid in sorted(blockers)),
        prepared=tuple(Prepared(**each) for each in found["prepared"] or ()),
        queue=found["queue"],
    )


def _blocker(found: dict[str, Any]) -> Blocker:
    query = found["query"] or ""
    return Blocker(
        pid=found["pid"],
        behind=tuple(sorted(set(found["behind"] or ()))),
        role=found["role"] or "",
        application=found["application"] or "",
        client=found["client"] or "",
        state=found["state"] or "",
        kind=found["kind"] or "",
        query="" if query == _HIDDEN else query,
        open_seconds=float(found["open_seconds"] or 0),
        hidden=query == _HIDDEN,
    )
