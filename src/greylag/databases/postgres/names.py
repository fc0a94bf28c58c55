"""Names of tables and columns that are there, for hints about names that are not."""

from __future__ import annotations

from greylag.databases.postgres.encoding import sql_bytes
from greylag.databases.postgres.failures import text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.databases.postgres.channel import Channel

_TABLES = """
SELECT CASE WHEN pg_catalog.pg_table_is_visible(c.oid) THEN c.relname::text
            ELSE n.nspname || '.' || c.relname END
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname <> 'information_schema'
   AND n.nspname NOT LIKE E'pg\\\\_%' AND n.nspname <> 'greylag'
 ORDER BY 1 LIMIT 5000"""
"""greylag's own schema is no place to send anybody."""

_COLUMNS = """
SELECT attname::text FROM pg_catalog.pg_attribute
 WHERE attrelid = pg_catalog.to_regclass(E'{table}') AND attnum > 0 AND NOT attisdropped
 ORDER BY attnum"""


def read_names(channel: Channel, table: str) -> list[str]:
    """Tables and views of the database, with their schema where it is not on the search path.

    With ``table`` (as SQL names it) its columns in order; none where there is no such table. Raises
    DatabaseError.
    """
    query = _COLUMNS.format(table=table.replace("\\", "\\\\").replace("'", "''")) if table else _TABLES
    return [text(name) for (name,) in channel.fetch(sql_bytes(query)).rows]
