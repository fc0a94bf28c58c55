"""Whether anybody has made a table in a database."""

from __future__ import annotations

from greylag.databases.postgres.encoding import sql_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.databases.postgres.channel import Channel

_OWN_NAMES = "'greylag_journal', 'greylag_journal_version'"
"""The journal where it stands beside the version table."""


def has_relations(channel: Channel, table: str) -> bool:
    """True when there is a table or view but the version table, the journal and what extensions brought.

    Raises DatabaseError.
    """
    quoted = table.replace("\\", "\\\\").replace("'", "''")
    query = f"""
SELECT EXISTS (
  SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
     AND n.nspname <> ALL ('{{information_schema,greylag}}') AND n.nspname NOT LIKE E'pg\\\\_%'
     AND c.relname NOT IN ({_OWN_NAMES})
     AND c.oid IS DISTINCT FROM pg_catalog.to_regclass(E'{quoted}')
     AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d
                      WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid
                        AND d.deptype = 'e'))"""
    ((found,),) = channel.fetch(sql_bytes(query)).rows
    return found == b"\x01"
