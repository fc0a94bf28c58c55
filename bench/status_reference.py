"""What ``goose status`` has to wait for at least: import psycopg, connect, ask the version table."""

from __future__ import annotations

import sys

import psycopg

with psycopg.connect(sys.argv[1], autocommit=True) as connection:
    connection.execute("SELECT version_id, is_applied FROM goose_db_version ORDER BY id DESC").fetchall()
    connection.execute(
        "SELECT DISTINCT ON (version_id) version_id, tstamp, is_applied FROM goose_db_version "
        "ORDER BY version_id, tstamp DESC"
    ).fetchall()
