"""What the server refuses in a transaction block, by its own word."""

from __future__ import annotations

import psycopg
import pytest

from greylag.sql.postgres import commands
from greylag.sql.solitary import control, is_alone, is_repeatable

BEFORE = """
CREATE SCHEMA s;
CREATE TABLE u (id int PRIMARY KEY, n int);
CREATE INDEX u_n ON u (n);
CREATE TABLE m (id int) PARTITION BY LIST (id);
CREATE TABLE m1 PARTITION OF m FOR VALUES IN (1);
CREATE MATERIALIZED VIEW mv AS SELECT id FROM u;
CREATE UNIQUE INDEX mv_id ON mv (id);
CREATE TYPE e AS ENUM ('a');
CREATE SUBSCRIPTION sub CONNECTION 'dbname=nowhere' PUBLICATION p WITH (connect = false);
CLUSTER u USING u_pkey;
"""

ALONE = [
    "CREATE INDEX CONCURRENTLY ON u (n)", "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS k ON u (n)",
    "DROP INDEX CONCURRENTLY u_n", "DROP INDEX CONCURRENTLY IF EXISTS u_n", "REINDEX INDEX CONCURRENTLY u_n",
    "REINDEX (CONCURRENTLY) TABLE u", "REINDEX (CONCURRENTLY true, VERBOSE) TABLE u", "REINDEX SCHEMA s",
    "REINDEX DATABASE greylag_alone", "REINDEX DATABASE", "REINDEX SYSTEM", "VACUUM", "VACUUM u", "VACUUM (FULL, ANALYZE) u",
    "CREATE DATABASE k", "DROP DATABASE k", "DROP DATABASE IF EXISTS k", "ALTER DATABASE greylag_alone SET TABLESPACE x",
    "CREATE TABLESPACE k LOCATION '/k'", "DROP TABLESPACE k", "DROP TABLESPACE IF EXISTS k",
    "ALTER SYSTEM SET work_mem = '4MB'", "ALTER SYSTEM RESET ALL", "CLUSTER",
    "CREATE SUBSCRIPTION k CONNECTION 'dbname=nowhere' PUBLICATION p",
    "CREATE SUBSCRIPTION k CONNECTION 'dbname=nowhere' PUBLICATION p WITH (enabled = false)", "DROP SUBSCRIPTION sub",
    "ALTER TABLE m DETACH PARTITION m1 CONCURRENTLY", "DISCARD ALL", "COMMIT PREPARED 'x'", "ROLLBACK PREPARED 'x'",
]  # fmt: skip

TOGETHER = [
    "CREATE INDEX ON u (n)", "DROP INDEX u_n", "REINDEX TABLE u", "REINDEX (CONCURRENTLY false) INDEX u_n", "ANALYZE",
    "ANALYZE u", "CLUSTER u USING u_pkey", "REFRESH MATERIALIZED VIEW CONCURRENTLY mv", "ALTER TYPE e ADD VALUE 'b'",
    "ALTER DATABASE greylag_alone SET work_mem = '4MB'", "ALTER DATABASE greylag_alone CONNECTION LIMIT 50",
    "CREATE SUBSCRIPTION k CONNECTION 'dbname=nowhere' PUBLICATION p WITH (connect = false)",
    "CREATE SUBSCRIPTION k CONNECTION 'dbname=nowhere' PUBLICATION p WITH (connect = off, slot_name = NONE)",
    "ALTER SUBSCRIPTION sub SET PUBLICATION q WITH (refresh = false)", "ALTER SUBSCRIPTION sub DISABLE",
    "ALTER TABLE m DETACH PARTITION m1", "DISCARD PLANS", "DISCARD TEMP", "SAVEPOINT a", "CHECKPOINT",
    "CREATE ROLE greylag_alone", "LOCK TABLE u",
]  # fmt: skip

NOT_ASKED = ["CALL p()", "DO $$ BEGIN COMMIT; END $$", "DO 'BEGIN COMMIT; END' LANGUAGE plpgsql",
             "ALTER SUBSCRIPTION sub REFRESH PUBLICATION", "ALTER SUBSCRIPTION sub ADD PUBLICATION q", "ALTER SUBSCRIPTION sub SET PUBLICATION q WITH (refresh)"]  # fmt: skip
"""Alone as well: three that may end a transaction, three the server asks about once a publisher answers."""


def one(text):
    (command,) = commands(text)
    return command


@pytest.fixture(scope="module")
def connection(postgres):
    with psycopg.connect(postgres.url(), autocommit=True) as server:
        server.execute("CREATE DATABASE greylag_alone")
    with psycopg.connect(postgres.url("greylag_alone"), autocommit=True) as connection:
        connection.add_notice_handler(lambda notice: None)
        for text in BEFORE.split(";"):
            connection.execute(text)
        connection.autocommit = False
        yield connection
        connection.rollback()
        connection.autocommit = True
        connection.execute("ALTER SUBSCRIPTION sub SET (slot_name = NONE)")
        connection.execute("DROP SUBSCRIPTION sub")
    with psycopg.connect(postgres.url(), autocommit=True) as server:
        server.execute("DROP DATABASE greylag_alone WITH (FORCE)")


@pytest.mark.parametrize("text", ALONE)
def test_alone_is_what_the_server_refuses(connection, text):
    assert is_alone(one(text))
    try:
        with pytest.raises(psycopg.errors.ActiveSqlTransaction):
            connection.execute(text)
    finally:
        connection.rollback()


@pytest.mark.parametrize("text", TOGETHER)
def test_the_others_run_in_a_transaction(connection, text):
    assert not is_alone(one(text))
    try:
        connection.execute(text)
    finally:
        connection.rollback()


@pytest.mark.parametrize("text", NOT_ASKED)
def test_what_may_end_a_transaction_is_alone(text):
    assert is_alone(one(text))


@pytest.mark.parametrize(("text", "word"), [
    ("BEGIN", "BEGIN"), ("begin isolation level serializable", "BEGIN"), ("START TRANSACTION", "START TRANSACTION"),
    ("COMMIT", "COMMIT"), ("END", "COMMIT"), ("COMMIT AND CHAIN", "COMMIT"), ("ROLLBACK", "ROLLBACK"), ("ABORT", "ROLLBACK"),
    ("PREPARE TRANSACTION 'x'", "PREPARE TRANSACTION"), ("COMMIT PREPARED 'x'", "COMMIT PREPARED"),
    ("ROLLBACK PREPARED 'x'", "ROLLBACK PREPARED"), ("SAVEPOINT a", ""), ("RELEASE a", ""), ("ROLLBACK TO a", ""),
    ("PREPARE x AS SELECT 1", ""), ("SET TRANSACTION READ ONLY", ""), ("SELECT 1", ""),
])  # fmt: skip
def test_control(text, word):
    assert control(one(text)) == word


@pytest.mark.parametrize(("text", "repeatable"), [
    ("VACUUM", True), ("ANALYZE u", True), ("REINDEX TABLE CONCURRENTLY u", True), ("CLUSTER", True),
    ("ALTER SYSTEM SET work_mem = 1", True), ("DISCARD ALL", True), ("ALTER DATABASE a SET TABLESPACE b", True),
    ("DROP INDEX CONCURRENTLY IF EXISTS i", True), ("DROP INDEX CONCURRENTLY i", False),
    ("DROP DATABASE IF EXISTS a", True), ("DROP DATABASE a", False), ("DROP SUBSCRIPTION IF EXISTS s", True),
    ("DROP TABLESPACE IF EXISTS s", True), ("CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a)", False),
    ("CREATE DATABASE a", False), ("ALTER SUBSCRIPTION s REFRESH PUBLICATION", True),
    ("ALTER SUBSCRIPTION s SET PUBLICATION p", True), ("ALTER SUBSCRIPTION s ADD PUBLICATION p", False),
    ("ALTER TABLE m DETACH PARTITION m1 CONCURRENTLY", False), ("CALL p()", False), ("DO ''", False),
    ("REFRESH MATERIALIZED VIEW m", True), ("SET work_mem = 1", True), ("INSERT INTO t VALUES (1)", False),
])  # fmt: skip
def test_repeatable(text, repeatable):
    assert is_repeatable(one(text)) is repeatable


def test_an_unknown_command_is_neither():
    unknown = ("FutureStmt", {"concurrent": True})
    assert not is_alone(unknown)
    assert not is_repeatable(unknown)
    assert control(unknown) == ""
