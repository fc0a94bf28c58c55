"""A look at a PostgreSQL database for ``greylag doctor``: the queries, and their answers as plain values.

Nothing here writes, and nothing waits for long. One query asks all sections at once; where the server refuses
a part of it, they are asked one by one, so that a role with few rights still sees what it may see.
"""

from __future__ import annotations

import json
from time import time

from greylag.databases.postgres import pooling
from greylag.databases.postgres.careful.lock import LOCK_ID
from greylag.databases.postgres.encoding import sql_bytes
from greylag.databases.postgres.waiting import StopError
from greylag.errors import DatabaseError, LostError
from greylag.model.examination import Examination

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from greylag.databases.postgres.channel import Channel
    from greylag.databases.postgres.session import PostgresSession

_OUR_DATABASE = "(SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())"

_SETTINGS = (
    "TimeZone", "lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout",
    "transaction_timeout", "default_transaction_read_only", "transaction_read_only", "max_connections",
    "superuser_reserved_connections", "reserved_connections", "synchronous_commit",
    "synchronous_standby_names",
)  # fmt: skip
"""Those that can spoil a run. pg_settings leaves out what a role may not see and what a version has not."""

_NAMES = ", ".join(f"'{name}'" for name in _SETTINGS)

_SECTIONS = {
    "login": """
SELECT pg_catalog.json_build_object(
  'role', current_user, 'number', pg_catalog.current_setting('server_version_num')::int,
  'superuser', (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user),
  'sees_all', pg_catalog.pg_has_role(current_user, 'pg_read_all_stats', 'USAGE'),
  'standby', pg_catalog.pg_is_in_recovery(),
  'tls', (SELECT version FROM pg_catalog.pg_stat_ssl WHERE pid = pg_catalog.pg_backend_pid() AND ssl))""",
    "settings": f"""
SELECT pg_catalog.json_object_agg(name, pg_catalog.json_build_object(
  'value', setting, 'unit', coalesce(unit, ''), 'source', source))
FROM pg_catalog.pg_settings WHERE name IN ({_NAMES})""",
    # settings that were given to roles and databases: the ones in force here, and other roles' time zones
    "given": f"""
SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
  'role', r.rolname, 'database', d.datname, 'mine', r.rolname IS NULL OR r.rolname = session_user,
  'name', pg_catalog.split_part(s.line, '=', 1),
  'value', pg_catalog.substr(s.line, pg_catalog.strpos(s.line, '=') + 1))), '[]')
FROM (SELECT setdatabase, setrole, pg_catalog.unnest(setconfig) AS line
      FROM pg_catalog.pg_db_role_setting WHERE setdatabase IN (0, {_OUR_DATABASE})) s
LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole
LEFT JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase""",
    "table": """
SELECT pg_catalog.json_build_object(
  'schema', coalesce(n.nspname, (pg_catalog.parse_ident({table}))[
    pg_catalog.array_length(pg_catalog.parse_ident({table}), 1) - 1], pg_catalog.current_schema()),
  'there', c.oid IS NOT NULL, 'owner', pg_catalog.pg_get_userbyid(c.relowner),
  'select', pg_catalog.has_table_privilege(c.oid, 'SELECT'),
  'insert', pg_catalog.has_table_privilege(c.oid, 'INSERT'),
  'delete', pg_catalog.has_table_privilege(c.oid, 'DELETE'),
  'columns', (SELECT pg_catalog.json_object_agg(a.attname, pg_catalog.json_build_object(
      'type', pg_catalog.format_type(a.atttypid, NULL), 'default', a.atthasdef OR a.attidentity <> ''))
    FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
  'sequence', (SELECT s.oid::pg_catalog.regclass::text FROM pg_catalog.pg_class s
    JOIN pg_catalog.pg_depend p ON p.objid = s.oid AND p.classid = 'pg_catalog.pg_class'::regclass
    JOIN pg_catalog.pg_attribute a ON a.attrelid = p.refobjid AND a.attnum = p.refobjsubid
    WHERE s.relkind = 'S' AND p.refobjid = c.oid AND a.attname = 'id' LIMIT 1))
FROM (SELECT pg_catalog.to_regclass({table}) AS oid) t
LEFT JOIN pg_catalog.pg_class c ON c.oid = t.oid
LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace""",
    "rights": """
SELECT pg_catalog.json_build_object(
  'database', pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE'),
  'schemas', (SELECT pg_catalog.json_object_agg(nspname, pg_catalog.has_schema_privilege(oid, 'CREATE'))
    FROM pg_catalog.pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'))""",
    # a partition, an index, a sequence of a column follow their table: only those one alters are listed
    "strangers": """
SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
  'schema', n.nspname, 'name', c.relname, 'owner', pg_catalog.pg_get_userbyid(c.relowner))
  ORDER BY c.relname), '[]')
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND NOT pg_catalog.pg_has_role(c.relowner, 'USAGE')
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')""",
    "connections": """
SELECT pg_catalog.json_build_object(
  'clients', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_stat_activity WHERE datid IS NOT NULL),
  'here', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_stat_activity
    WHERE datname = pg_catalog.current_database()),
  'mine', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_stat_activity WHERE usename = session_user),
  'database_limit', (SELECT datconnlimit FROM pg_catalog.pg_database
    WHERE datname = pg_catalog.current_database()),
  'role_limit', (SELECT rolconnlimit FROM pg_catalog.pg_roles WHERE rolname = session_user))""",
    "standbys": """
SELECT pg_catalog.json_build_object(
  'synchronous', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_stat_replication
    WHERE sync_state IN ('sync', 'quorum')),
  'waiting', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_stat_activity WHERE wait_event = 'SyncRep'))""",
    "local_times": """
SELECT pg_catalog.count(*) FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
  AND a.atttypid = 'timestamp'::pg_catalog.regtype AND n.nspname !~ '^pg_'
  AND n.nspname NOT IN ('information_schema', 'greylag')
  AND c.oid IS DISTINCT FROM pg_catalog.to_regclass({table})""",
    # the lock of goose's library and greylag
    "lock": f"""
SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
  'pid', l.pid, 'role', a.usename, 'application', a.application_name, 'state', a.state,
  'client', pg_catalog.host(a.client_addr),
  'seconds', EXTRACT(epoch FROM pg_catalog.clock_timestamp() - a.backend_start)::int,
  'idle_seconds', EXTRACT(epoch FROM pg_catalog.clock_timestamp() - a.state_change)::int)), '[]')
FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'advisory' AND l.granted AND l.classid = {LOCK_ID >> 32}
  AND l.objid = {LOCK_ID & 0xFFFFFFFF}::oid AND l.objsubid = 1 AND l.database = {_OUR_DATABASE}""",
    "processes": """
SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
  'pid', pid, 'role', usename, 'application', application_name, 'state', state,
  'client', pg_catalog.host(client_addr),
  'seconds', EXTRACT(epoch FROM pg_catalog.clock_timestamp() - state_change)::int)
  ORDER BY pid), '[]')
FROM pg_catalog.pg_stat_activity
WHERE datname = pg_catalog.current_database() AND pid <> pg_catalog.pg_backend_pid()
  AND application_name LIKE 'greylag%'""",
    "indexes": """
SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
  'name', i.indexrelid::pg_catalog.regclass::text, 'table', i.indrelid::pg_catalog.regclass::text,
  'valid', i.indisvalid, 'partitioned', c.relkind = 'I',
  'constraint', (SELECT conname FROM pg_catalog.pg_constraint
    WHERE conindid = i.indexrelid AND conrelid = i.indrelid LIMIT 1),
  'leftover', c.relname ~ '_cc(new|old)[0-9]*$',
  'building', EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index p
    WHERE p.relid = i.indrelid AND p.index_relid IN (0, i.indexrelid)))
  ORDER BY c.relname), '[]')
FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
WHERE NOT i.indisvalid OR NOT i.indisready OR c.relname ~ '_cc(new|old)[0-9]*$'""",
    # to_jsonb: before PostgreSQL 18 there is no column conenforced, and what is not enforced is never valid
    "constraints": """
SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
  'name', pg_catalog.quote_ident(k.conname), 'table', k.conrelid::pg_catalog.regclass::text)
  ORDER BY k.conname), '[]')
FROM pg_catalog.pg_constraint k
WHERE NOT k.convalidated AND k.conrelid <> 0 AND k.conparentid = 0
  AND coalesce(pg_catalog.to_jsonb(k)->>'conenforced', 'true') = 'true'""",
    "prepared": """
SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
  'gid', gid, 'owner', owner,
  'seconds', EXTRACT(epoch FROM pg_catalog.clock_timestamp() - prepared)::int) ORDER BY prepared), '[]')
FROM pg_catalog.pg_prepared_xacts WHERE database = pg_catalog.current_database()""",
}
"""Section to the query for its value. ``{table}`` is the version table's name as an SQL literal."""

_ROWS = """
SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_array(
  id, version_id, is_applied, tstamp IS NULL) ORDER BY id), '[]') FROM {table}"""
_NEXT = "SELECT pg_catalog.json_build_array(last_value, is_called) FROM {sequence}"
_GENTLY = b"begin read only; set local lock_timeout = '2s'; set local statement_timeout = '10s'"
"""The version table may be locked, and a doctor that hangs helps nobody."""


def examine(session: PostgresSession) -> Examination:
    """Connect and look. Raises ConnectError, LostError, InterruptedRunError; every other refusal is noted."""
    server = session.connect()
    channel = session.clean_channel()
    try:
        facts, unseen = _look(session, channel)
    except StopError as stop:
        session.abandon()
        raise stop.as_error() from None
    return Examination(server, facts, unseen)


def _look(session: PostgresSession, channel: Channel) -> tuple[dict[str, Any], dict[str, str]]:
    facts, unseen = _sections(channel, session.table)
    if "login" in facts:
        facts["login"]["tls"] = _tls(channel, facts["login"]["tls"])
    facts["trip"] = _trip(channel)
    facts["pooler"] = _pooler(channel, session)
    table = facts.get("table")
    if table and table["there"]:
        for name, query in {
            "rows": _ROWS.format(table=session.table),
            **({"sequence": _NEXT.format(sequence=table["sequence"])} if table["sequence"] else {}),
        }.items():
            _ask_gently(channel, name, query, facts, unseen)
    elif table:
        facts["rows"] = None
    return facts, unseen


def _sections(channel: Channel, table: str) -> tuple[dict[str, Any], dict[str, str]]:
    name = _literal(table)
    queries = {section: query.format(table=name) for section, query in _SECTIONS.items()}
    together = ", ".join(f"'{section}', ({query})" for section, query in queries.items())
    facts: dict[str, Any] = {}
    unseen: dict[str, str] = {}
    try:
        return _value(channel, f"SELECT pg_catalog.json_build_object({together})"), unseen
    except LostError:
        raise
    except DatabaseError:
        for section, query in queries.items():
            _ask(channel, section, query, facts, unseen)
    return facts, unseen


def _ask(channel: Channel, section: str, query: str, facts: dict[str, Any], unseen: dict[str, str]) -> None:
    try:
        facts[section] = _value(channel, query)
    except LostError:
        raise
    except DatabaseError as error:
        unseen[section] = error.message


def _ask_gently(
    channel: Channel, section: str, query: str, facts: dict[str, Any], unseen: dict[str, str]
) -> None:
    try:
        channel.execute(_GENTLY)
        _ask(channel, section, query, facts, unseen)
    except DatabaseError as error:  # a pooler that lends per statement refuses it, and may hang up
        unseen[section] = error.message
    finally:
        if channel.usable:
            channel.roll_back()


def _value(channel: Channel, query: str) -> Any:
    ((value,),) = channel.fetch(sql_bytes(query), binary=False).rows
    return json.loads(value) if value is not None else None


def _tls(channel: Channel, said: str | None) -> str | None:
    """What this end speaks; the server, which may have a proxy in front, knows the protocol's version."""
    return (said or "TLS") if channel.place.encrypted else None


def _trip(channel: Channel) -> dict[str, float]:
    """How long one round trip takes, and by how many seconds the server's clock is ahead of this one."""
    before = time()
    answer = _value(channel, "SELECT EXTRACT(epoch FROM pg_catalog.clock_timestamp())")
    after = time()
    return {"seconds": after - before, "ahead_seconds": float(answer) - (before + after) / 2}


def _pooler(channel: Channel, session: PostgresSession) -> str:
    """Empty, ``session`` or ``transaction``: how long a client keeps its server process."""
    if not pooling.is_pooled(channel):
        return ""
    return "transaction" if pooling.is_transaction_pooler(channel, session.settings) else "session"


def _literal(text: str) -> str:
    return "E'" + text.replace("\\", "\\\\").replace("'", "''") + "'"
