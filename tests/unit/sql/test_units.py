"""Which units may travel over the extended protocol."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greylag.sql.units import is_plain

PLAIN = [
    "SELECT 1;", "SELECT 1", "", ";", "-- only a comment", "/* c /* nested ; */ ; */ SELECT 1;",
    "INSERT INTO a VALUES ('one; two', 'it''s');", 'SELECT "a;b" FROM t;', "SELECT E'a\\';b' ;",
    "CREATE FUNCTION f() RETURNS int AS $$ BEGIN; RETURN $1; END $$ LANGUAGE plpgsql;",
    "CREATE FUNCTION f() RETURNS int AS $body$ SELECT ';' $body$ LANGUAGE sql;",
    "SELECT a$1, b$c FROM t;", "SELECT 1; -- done", "SELECT 1; /* done */", "ROLLBACK TO SAVEPOINT a;",
    "ROLLBACK WORK TO a;", "PREPARE q AS SELECT 1;", "SELECT 1 -- a ; b\n;", "(SELECT 1);", "SAVEPOINT a;",
    "SELECT '$1';", "DO $do$ BEGIN COMMIT; END $do$;", "SELECT 'a'\n'b;c';", "SET search_path TO a;",
    "CREATE TABLE 사용자 (id int);", "SELECT $tag$ $$ ; $1 $tag$;",
    "SELECT 'never closed;", 'SELECT "never closed;',
]  # fmt: skip

NOT_PLAIN = [
    "SELECT 1; SELECT 2;", "SELECT 1;;", "BEGIN;", "begin", "/* x */ BEGIN;", "-- x\nCOMMIT;", "Start Transaction;",
    "END;", "ROLLBACK;", "rollback", "ROLLBACK AND CHAIN;", "ABORT;", "PREPARE TRANSACTION 'x';",
    "-- c\nprepare  transaction 'x';", "COPY t FROM stdin;", "COPY(SELECT 1) TO STDOUT;", "SELECT $1;",
    "SELECT $$open;", "/* open ; ", "SELECT 'a\\';b';", "SELECT 1; x",
    "INSERT INTO a VALUES ('a'); INSERT INTO a VALUES ('b')", "BEGIN\tWORK;", "COMMIT/**/;",
    "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END;", "SELECT 1; 'x'",
]  # fmt: skip


@pytest.mark.parametrize("text", PLAIN)
def test_plain(text):
    assert is_plain(text)


@pytest.mark.parametrize("text", NOT_PLAIN)
def test_not_plain(text):
    assert not is_plain(text)


def test_every_plain_unit_behaves_alike_in_both_protocols(database):
    """The claim itself, asked of a real server: whatever is called plain gives the same answer both ways."""
    import psycopg

    from_both = []
    for extended in (False, True):
        with psycopg.connect(database, autocommit=True) as connection:
            answers = []
            for text in PLAIN:
                query = text.encode()
                connection.pgconn.exec_(b"BEGIN")
                connection.pgconn.exec_(
                    b'CREATE TABLE a (x text, y text); CREATE TABLE t ("a;b" int, a$1 int, b$c int); SAVEPOINT a'
                )
                result = (
                    connection.pgconn.exec_params(query, None) if extended else connection.pgconn.exec_(query)
                )
                answers.append((text, result.status, result.error_field(psycopg.pq.DiagnosticField.SQLSTATE)))
                connection.pgconn.exec_(b"ROLLBACK")
                connection.pgconn.exec_(b"DEALLOCATE ALL")
            from_both.append(answers)
    assert from_both[0] == from_both[1]


@settings(max_examples=500, deadline=None)
@given(st.text(alphabet="aE'\"$;-/*\n 1\\()", max_size=20))
def test_any_text_gets_an_answer(text):
    assert is_plain(text) in (True, False)
