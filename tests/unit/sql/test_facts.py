"""A unit of SQL and what running it asks of others."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greylag.model.facts import Effect, Facts
from greylag.sql import facts
from greylag.sql.facts import examine
from greylag.sql.postgres import commands

WAITS = [
    ("ALTER TABLE t ADD x int", "short"), ("CREATE INDEX ON t (x)", "short"), ("CREATE TRIGGER a AFTER INSERT ON t EXECUTE FUNCTION f()", "short"),
    ("REFRESH MATERIALIZED VIEW CONCURRENTLY m", "short"), ("CREATE TABLE a (b int REFERENCES c)", "short"),
    ("CREATE TABLE a PARTITION OF b DEFAULT", "short"), ("VACUUM FULL t", "short"), ("VACUUM (FULL false) t", "long"),
    ("CREATE INDEX CONCURRENTLY ON t (x)", "long"), ("DROP INDEX CONCURRENTLY i", "long"), ("REINDEX TABLE CONCURRENTLY t", "long"),
    ("ALTER TABLE m DETACH PARTITION p CONCURRENTLY", "long"), ("ALTER TABLE m DETACH PARTITION p FINALIZE", "short"),
    ("ALTER TABLE t VALIDATE CONSTRAINT c", "long"), ("ALTER TABLE t VALIDATE CONSTRAINT c, ADD x int", "short"),
    ("DROP OWNED BY a", "short"), ("ALTER TABLE ALL IN TABLESPACE a SET TABLESPACE b", "short"),
    ("VACUUM", "long"), ("ANALYZE t", "long"), ("COMMENT ON TABLE t IS 'x'", "long"),
    ("ALTER TABLE t VALIDATE CONSTRAINT c; CREATE INDEX ON t (x)", "short"),
    ("INSERT INTO t VALUES (1)", ""), ("UPDATE t SET a = 1", ""), ("DELETE FROM t", ""), ("SELECT 1", ""), ("CREATE TABLE a (b int)", ""),
    ("CREATE TYPE a AS ENUM ()", ""), ("COPY t FROM '/x'", ""),
    ("DO $$ BEGIN ALTER TABLE t ADD x int; END $$", "short"), ("DO $$ BEGIN EXECUTE 'drop table t'; END $$", "short"),
    ("DO $$ BEGIN CREATE TYPE e AS ENUM ('x'); END $$", ""), ("DO $$ BEGIN UPDATE t SET a = 1; COMMIT; END $$", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "waits"), WAITS)
def test_waits(text, waits):
    assert examine(text).waits == waits


@pytest.mark.parametrize(("text", "own"), [
    ("SET lock_timeout = '3s'", True), ("SET LOCAL lock_timeout TO 0", True), ("set session LOCK_TIMEOUT = 1", True),
    ('SET "Lock_Timeout" = 1', True), ("SET lock_timeout TO DEFAULT", True), ("RESET lock_timeout", True),
    ("SELECT set_config('lock_timeout', '1s', true)", True), ("SELECT pg_catalog.set_config('LOCK_TIMEOUT'::text, '1s', true)", True),
    ("INSERT INTO t SELECT set_config('lock_timeout', '1s', true)", True), ("ALTER TABLE t ADD x int; SET lock_timeout = 1", True),
    ("DO $$ BEGIN SET LOCAL lock_timeout = '1s'; END $$", True),
    ("SET statement_timeout = 1", False), ("ALTER ROLE a SET lock_timeout = 1", False), ("ALTER DATABASE a SET lock_timeout = 1", False),
    ("ALTER SYSTEM SET lock_timeout = 1", False), ("CREATE FUNCTION f() RETURNS int LANGUAGE sql SET lock_timeout = 1 AS 'SELECT 1'", False),
    ("SELECT set_config('work_mem', 'lock_timeout', true)", False), ("SELECT set_config(), f('lock_timeout')", False),
    ("-- lock_timeout\nSELECT 1", False), ("INSERT INTO t VALUES ('lock_timeout')", False), ("SHOW lock_timeout", False),
])  # fmt: skip
def test_own_timeout(text, own):
    assert examine(text).own_timeout is own


@pytest.mark.parametrize(("text", "copies"), [
    ("COPY t FROM STDIN", True), ("COPY public.t (a, b) FROM stdin WITH (FORMAT csv)", True), ("COPY t FROM '/x'", False),
    ("COPY t FROM PROGRAM 'x'", False), ("COPY t TO STDOUT", False), ("INSERT INTO t VALUES ('COPY t FROM STDIN')", False),
])  # fmt: skip
def test_copies(text, copies):
    assert examine(text).copies is copies


def test_a_unit_of_several_commands():
    found = examine("VACUUM t; BEGIN; SET lock_timeout = 1; CREATE INDEX CONCURRENTLY i ON s.t (x)")
    assert found == Facts(
        "SHARE UPDATE EXCLUSIVE", ("t", "s.t"), "long", alone=True, control="BEGIN", own_timeout=True
    )
    assert examine("VACUUM; REINDEX SCHEMA s").repeatable
    assert not examine("VACUUM; DROP TABLE t").repeatable


def test_one_command_has_its_effect():
    assert examine("/* c */ CREATE INDEX CONCURRENTLY i ON t (x);").effect == Effect(
        "index built", "", "i", "t"
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        ";",
        "-- x",
        "SELEC 1",
        "CREATE TABLE (",
        "ALTER TABLE t ADD x int; SELEC",
        "\0",
        "'",
        "BEGIN; SELEC 1",
    ],
)
def test_what_cannot_be_read_has_the_defaults(text):
    assert examine(text) == Facts()


ROWS = [
    "INSERT INTO t VALUES (1);", "insert into only1(a) values ('x;y')", "INSERT INTO a.b.c SELECT 1", "UPDATE ONLY a.t SET x = 'a''b'",
    "DELETE FROM T", "DELETE FROM t;", "-- c\n  UPDATE T AS x SET y = $$a$$ WHERE z", "INSERT INTO a.B (c) VALUES (2) RETURNING c",
    "SELECT 1", "SELECT * FROM t FOR UPDATE", "select 1 into n", "INSERT INTO x$1 VALUES (1)", "INSERT INTO Ä VALUES (1)",
    'UPDATE "T" SET a = 1', "UPDATE t* SET a = 1", "INSERT INTO t VALUES (1); INSERT INTO u VALUES (2)",
    "INSERT INTO t WITH x AS (DELETE FROM u RETURNING 1) SELECT * FROM x",
]  # fmt: skip


@pytest.mark.parametrize("text", ROWS)
def test_the_short_way_says_what_the_parser_says(text, monkeypatch):
    short = examine(text)
    monkeypatch.setattr(facts, "is_plain", lambda text: False)
    assert examine(text) == short


def test_the_short_way_needs_no_parser():
    script = (
        "import sys; from greylag.sql.facts import examine; examine('INSERT INTO t VALUES (1);'); examine('SELECT 1');"
        "print('pglast' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True).stdout == "False\n"


LARGE = " x" * (1 << 20)


@pytest.mark.parametrize(("text", "expected"), [
    ("INSERT INTO t VALUES (1)", Facts()), ("-- c\nbegin work;", Facts(control="BEGIN")), ("START  TRANSACTION;", Facts(control="START TRANSACTION")),
    ("END;", Facts(control="COMMIT")), ("ABORT;", Facts(control="ROLLBACK")), ("ROLLBACK;", Facts(control="ROLLBACK")),
    ("ROLLBACK TO a;", Facts()), ("ROLLBACK WORK TO a;", Facts()), ("DO $$", Facts(alone=True)), ("CALL p('", Facts(alone=True)),
    ("COPY t (a) FROM stdin;\n1", Facts(copies=True)), ("COPY t TO stdout; COPY u FROM stdin", Facts()), ("DOMAIN", Facts()),
])  # fmt: skip
def test_a_large_text_is_known_by_its_first_words(text, expected):
    assert examine(text + LARGE) == expected


def test_a_tree_too_deep_is_known_by_its_first_words():
    deep = "1" + "+1" * 5000
    assert commands(f"CALL p({deep})") is None
    assert examine(f"CALL p({deep})") == Facts(alone=True)
    assert examine(f"CREATE TABLE t (a int DEFAULT {deep})") == Facts()


@pytest.mark.parametrize(
    "piece",
    ["(", "NOT ", "SELECT * FROM (", " UNION SELECT 1", "||'b'", "CASE WHEN ", "ARRAY[", ";", "SELECT 1;"],
)
def test_generated_texts_do_not_raise(piece):
    for count in (100, 3000, 60_000):
        assert isinstance(examine("CREATE VIEW v AS SELECT 1" + piece * count), Facts)


WORDS = ["ALTER", "TABLE", "t", "ADD", "x", "int", "DROP", "INDEX", "CONCURRENTLY", "IF", "EXISTS", "CREATE", "ON", "(", ")", ",", ";",
         "REFERENCES", "SET", "lock_timeout", "=", "'x'", "VACUUM", "FULL", "$$", "COPY", "FROM", "STDIN", "COMMENT", "IS", "TYPE",
         "PARTITION", "OF", "DETACH", "s", ".", "REINDEX", "CALL", "DO", "SELECT", "set_config", "CONSTRAINT", "TRIGGER", "\udcff", "\ud800"]  # fmt: skip


@given(st.lists(st.sampled_from(WORDS), max_size=10).map(" ".join))
@settings(max_examples=500, deadline=None)
def test_nothing_raises(text):
    assert isinstance(examine(text), Facts)
