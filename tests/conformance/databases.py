"""The databases scenarios run on: what they are called, and what they hold after a step."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING, Any

import psycopg

from tests.plugins.clickhouse import Refused, shared_clickhouse

if TYPE_CHECKING:
    from pathlib import Path

    from tests.plugins.postgres import PostgresServer

_OURS = "n.nspname !~ '^(pg_|information_schema$)'"
_RELATION = "pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"

SCHEMA = f"""
SELECT 'schema ' || n.nspname FROM pg_namespace n WHERE {_OURS}
UNION ALL
SELECT 'extension ' || extname FROM pg_extension
UNION ALL
SELECT format('%s %s.%s column %s %s %s%s%s%s',
              CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned' WHEN 'v' THEN 'view'
                             WHEN 'm' THEN 'matview' ELSE 'foreign' END,
              n.nspname, c.relname, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod),
              CASE WHEN a.attnotnull THEN ' not null' END,
              CASE a.attidentity WHEN 'd' THEN ' identity by default' WHEN 'a' THEN ' identity always' END,
              ' default ' || pg_get_expr(d.adbin, d.adrelid))
FROM {_RELATION} JOIN pg_attribute a ON c.oid = a.attrelid
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND a.attnum > 0 AND NOT a.attisdropped AND {_OURS}
UNION ALL
SELECT format('table %s.%s exists', n.nspname, c.relname) FROM {_RELATION} WHERE c.relkind IN ('r', 'p') AND {_OURS}
UNION ALL
SELECT format('constraint %s.%s %s %s', n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid))
FROM {_RELATION} JOIN pg_constraint k ON c.oid = k.conrelid WHERE {_OURS}
UNION ALL
SELECT format('index %s%s', pg_get_indexdef(i.indexrelid), CASE WHEN NOT i.indisvalid THEN ' INVALID' END)
FROM {_RELATION} JOIN pg_index i ON c.oid = i.indrelid WHERE {_OURS}
UNION ALL
SELECT format('viewdef %s.%s %s', n.nspname, c.relname, pg_get_viewdef(c.oid)) FROM {_RELATION}
WHERE c.relkind IN ('v', 'm') AND {_OURS}
UNION ALL
SELECT 'function ' || pg_get_functiondef(p.oid) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE p.prokind IN ('f', 'p') AND {_OURS}
UNION ALL
SELECT format('sequence %s.%s', n.nspname, c.relname) FROM {_RELATION} WHERE c.relkind = 'S' AND {_OURS}
"""

Rows = list[list[Any]]


def ansic(at: datetime) -> str:
    """A stored time as goose prints it."""
    return f"{at:%a %b} {at.day:2d} {at:%H:%M:%S %Y}"


def plain(rows: Any) -> Rows:
    """Rows of a query with every value as text."""
    return [[None if value is None else str(value) for value in row] for row in rows]


class NoDatabase:
    """For scenarios about files and the command line."""

    dsn = name = ""
    port = 0
    tables = False

    def __init__(self, *_: object) -> None: ...

    def normal(self, text: str) -> str:
        """``text`` without what differs from run to run because of this database."""
        return text

    def script(self, sql: str) -> None:
        raise AssertionError("this scenario has no database")

    def query(self, sql: str) -> Rows:
        raise AssertionError("this scenario has no database")

    def versions(self, table: str) -> tuple[Rows | str | None, list[str]]:
        """Rows of the version table in their order (None: no such table), and their times as goose prints them."""
        return None, []

    def schema(self) -> set[str]:
        """What is compared of the schema, one line for each thing."""
        return set()

    def close(self) -> None: ...


class Postgres(NoDatabase):
    tables = True

    def __init__(self, server: PostgresServer, name: str, work: Path) -> None:
        self.server, self.name, self.dsn, self.port = server, name, server.url(name), server.port
        self._on_server(f'CREATE DATABASE "{name}"')

    def normal(self, text: str) -> str:
        text = text.replace(self.name, "<DBNAME>")
        return re.sub(rf"(?<!\d){self.port}(?!\d)", "<PORT>", text)

    def _on_server(self, statement: str) -> None:
        with psycopg.connect(self.server.url(), autocommit=True) as connection:
            connection.execute(statement)

    def script(self, sql: str) -> None:
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            connection.execute(sql)

    def query(self, sql: str) -> Rows:
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            return plain(connection.execute(sql).fetchall())

    def versions(self, table: str) -> tuple[Rows | str | None, list[str]]:
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            try:
                rows = connection.execute(
                    f"SELECT version_id, is_applied, tstamp FROM {table} ORDER BY id"
                ).fetchall()
            except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
                return None, []
            except psycopg.errors.UndefinedColumn:
                return "other columns", []
        return [list(row[:2]) for row in rows], [
            ansic(row[2]) for row in rows if isinstance(row[2], datetime)
        ]

    def schema(self) -> set[str]:
        return {row[0] for row in self.query(SCHEMA)}

    def close(self) -> None:
        self._on_server(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')


class Sqlite(NoDatabase):
    tables = True

    def __init__(self, server: object, name: str, work: Path) -> None:
        self.path = work / "app.db"
        self.dsn = self.name = "./app.db"

    def script(self, sql: str) -> None:
        with closing(sqlite3.connect(self.path)) as connection:
            connection.executescript(sql)

    def query(self, sql: str) -> Rows:
        with closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)) as connection:
            connection.text_factory = lambda data: data.decode("utf-8", "replace")
            return plain(connection.execute(sql).fetchall())

    def versions(self, table: str) -> tuple[Rows | str | None, list[str]]:
        if not self.path.exists():
            return None, []
        if [table] not in self.query("SELECT name FROM sqlite_master"):
            return None, []
        rows = self.query(f"SELECT version_id, is_applied, tstamp FROM {table} ORDER BY id")
        times = [ansic(datetime.fromisoformat(row[2])) for row in rows if row[2]]
        return [[int(row[0]), row[1] == "1"] for row in rows], times

    def schema(self) -> set[str]:
        if not self.path.exists():
            return set()
        found = self.query("SELECT type, name, sql FROM sqlite_master")
        return {f"{kind} {name} {' '.join((sql or '').split())}" for kind, name, sql in found}


class Clickhouse(NoDatabase):
    tables = True

    def __init__(self, _server: object, name: str, work: Path) -> None:
        self.server = shared_clickhouse()
        self.name, self.dsn, self.port = name, self.server.url(name), self.server.port
        self.server.ask(f"CREATE DATABASE {name}")

    def normal(self, text: str) -> str:
        text = text.replace(self.name, "<DBNAME>")
        text = re.sub(rf"(?<!\d){self.port}(?!\d)", "<PORT>", text)
        return re.sub(r"\(version [\d.]+\)", "(version <VERSION>)", text)

    def script(self, sql: str) -> None:
        for statement in filter(None, map(str.strip, sql.split(";\n"))):
            self.server.ask(statement, self.name)

    def query(self, sql: str) -> Rows:
        return plain(self.server.ask(sql, self.name))

    def versions(self, table: str) -> tuple[Rows | str | None, list[str]]:
        columns = "version_id, is_applied, toString(tstamp)"
        try:
            rows = self.server.ask(f"SELECT {columns} FROM {table} ORDER BY version_id, tstamp", self.name)
        except Refused as error:
            if "Code: 47." in str(error):
                return "other columns", []
            return None, []
        times = [ansic(datetime.fromisoformat(row[2])) for row in rows if row[2]]
        return plain([row[:2] for row in rows]), times

    def schema(self) -> set[str]:
        columns = f"name || ' ' || create_table_query FROM system.tables WHERE database = '{self.name}'"
        return {row[0] for row in self.query(f"SELECT {columns}")}

    def close(self) -> None:
        self.server.ask(f"DROP DATABASE IF EXISTS {self.name} SYNC")


ENGINES = {"postgres": Postgres, "sqlite3": Sqlite, "clickhouse": Clickhouse, "none": NoDatabase}
