"""The locks read off a text are those the server takes, on relations that were there before."""

from __future__ import annotations

import psycopg
import pytest

from greylag.sql.facts import examine
from greylag.sql.locks import MODES, claims

BEFORE = """
CREATE SCHEMA s;
CREATE EXTENSION IF NOT EXISTS plpgsql;
CREATE TABLE u (id int PRIMARY KEY, name text, email text, n int);
CREATE TABLE s.p (id int PRIMARY KEY);
CREATE TABLE c (id int, u_id int CONSTRAINT c_u REFERENCES u, p_id int, CONSTRAINT pos CHECK (id > 0) NOT VALID);
CREATE TABLE "Odd Name" (id int);
CREATE TABLE m (id int, at date) PARTITION BY RANGE (at);
CREATE TABLE m1 PARTITION OF m FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE loose (id int, at date);
CREATE TABLE parent (id int);
CREATE TABLE heir (id int) INHERITS (parent);
CREATE INDEX u_name ON u (name);
CREATE UNIQUE INDEX u_email ON u (email);
CREATE INDEX m_at ON ONLY m (at);
CREATE INDEX m1_at ON m1 (at);
CREATE VIEW v AS SELECT id FROM u;
CREATE MATERIALIZED VIEW mv AS SELECT id FROM u;
CREATE UNIQUE INDEX mv_id ON mv (id);
CREATE SEQUENCE q;
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER t BEFORE INSERT ON u FOR EACH ROW EXECUTE FUNCTION f();
CREATE POLICY pol ON u;
CREATE RULE r AS ON UPDATE TO c DO ALSO NOTHING;
CREATE DOMAIN d AS int;
CREATE TABLE uses_d (x d);
CREATE TYPE e AS ENUM ('a');
CREATE TYPE pair AS (a int, b int);
CREATE PUBLICATION pub;
CREATE STATISTICS st ON id, n FROM u;
CREATE ROLE greylag_locks;
"""

AE, SRE, S, SUE, RE = (
    "ACCESS EXCLUSIVE",
    "SHARE ROW EXCLUSIVE",
    "SHARE",
    "SHARE UPDATE EXCLUSIVE",
    "ROW EXCLUSIVE",
)

CASES = [
    ("ALTER TABLE u ADD COLUMN x int", AE, ("u",)),
    ("ALTER TABLE ONLY public.u ADD COLUMN x int NOT NULL DEFAULT 1, ADD y text", AE, ("public.u",)),
    ("ALTER TABLE u ADD COLUMN x int REFERENCES s.p (id)", AE, ("u", "s.p")),
    ("ALTER TABLE u ADD COLUMN x serial", AE, ("u",)),
    ("ALTER TABLE u DROP COLUMN n", AE, ("u",)),
    ("ALTER TABLE u ALTER COLUMN n TYPE bigint", AE, ("u",)),
    ("ALTER TABLE u ALTER COLUMN n SET NOT NULL", AE, ("u",)),
    ("ALTER TABLE u ALTER n DROP NOT NULL, ALTER n SET DEFAULT 3", AE, ("u",)),
    ("ALTER TABLE u ALTER n SET STATISTICS 5", SUE, ("u",)),
    ("ALTER TABLE u ALTER n SET (n_distinct = 5)", SUE, ("u",)),
    ("ALTER TABLE u SET (fillfactor = 70, autovacuum_enabled = off)", SUE, ("u",)),
    ("ALTER TABLE u SET (user_catalog_table = true)", AE, ("u",)),
    ("ALTER TABLE u RESET (fillfactor)", SUE, ("u",)),
    ("ALTER TABLE u ALTER name SET STORAGE EXTERNAL", AE, ("u",)),
    ("ALTER TABLE u CLUSTER ON u_pkey", SUE, ("u",)),
    ("ALTER TABLE u SET WITHOUT CLUSTER", SUE, ("u",)),
    ("ALTER TABLE u REPLICA IDENTITY FULL", AE, ("u",)),
    ("ALTER TABLE u ENABLE ROW LEVEL SECURITY", AE, ("u",)),
    ("ALTER TABLE u OWNER TO greylag_locks", AE, ("u",)),
    ("ALTER TABLE loose SET UNLOGGED", AE, ("loose",)),
    ("ALTER TABLE u DISABLE TRIGGER t", SRE, ("u",)),
    ("ALTER TABLE u ENABLE ALWAYS TRIGGER t", SRE, ("u",)),
    ("ALTER TABLE u DISABLE TRIGGER ALL", SRE, ("u",)),
    ("ALTER TABLE c DISABLE RULE r", AE, ("c",)),
    ("ALTER TABLE u ADD CONSTRAINT k CHECK (n > 0)", AE, ("u",)),
    ("ALTER TABLE u ADD CONSTRAINT k CHECK (n > 0) NOT VALID", AE, ("u",)),
    ("ALTER TABLE u ADD CONSTRAINT k UNIQUE (n)", AE, ("u",)),
    ("ALTER TABLE u ADD CONSTRAINT k UNIQUE USING INDEX u_email", AE, ("u",)),
    ("ALTER TABLE c ADD FOREIGN KEY (p_id) REFERENCES s.p (id) NOT VALID", SRE, ("c", "s.p")),
    ("ALTER TABLE c ADD CONSTRAINT k FOREIGN KEY (p_id) REFERENCES s.p", SRE, ("c", "s.p")),
    ("ALTER TABLE c VALIDATE CONSTRAINT pos", SUE, ("c",)),
    ("ALTER TABLE c ALTER CONSTRAINT c_u DEFERRABLE", AE, ("c",)),
    ("ALTER TABLE c DROP CONSTRAINT c_u", AE, ("c",)),
    ("ALTER TABLE u RENAME TO u2", AE, ("u",)),
    ("ALTER TABLE u RENAME COLUMN n TO k", AE, ("u",)),
    ("ALTER TABLE c RENAME CONSTRAINT pos TO positive", AE, ("c",)),
    ("ALTER TABLE u SET SCHEMA s", AE, ("u",)),
    ("ALTER TABLE loose INHERIT parent", AE, ("loose", "parent")),
    ("ALTER TABLE heir NO INHERIT parent", AE, ("heir",)),
    ("ALTER TABLE m ATTACH PARTITION loose FOR VALUES FROM ('2021-01-01') TO ('2022-01-01')", AE, ("loose", "m")),
    ("ALTER TABLE m DETACH PARTITION m1", AE, ("m", "m1")),
    ("ALTER INDEX u_name RENAME TO u_nm", SUE, ("u_name",)),
    ("ALTER INDEX u_name SET (fillfactor = 80)", SUE, ("u_name",)),
    ("ALTER INDEX m_at ATTACH PARTITION m1_at", AE, ("m1_at", "m_at")),
    ("ALTER SEQUENCE q RESTART", SRE, ("q",)),
    ("ALTER SEQUENCE q OWNED BY u.id", SRE, ("q",)),
    ("ALTER VIEW v RENAME TO w", AE, ("v",)),
    ("ALTER VIEW v SET (security_barrier = true)", AE, ("v",)),
    ("ALTER TRIGGER t ON u RENAME TO tt", AE, ("u",)),
    ("ALTER POLICY pol ON u TO public", AE, ("u",)),
    ("ALTER POLICY pol ON u RENAME TO polly", AE, ("u",)),
    ("ALTER DOMAIN d ADD CHECK (VALUE > 0)", S, ()),
    ("ALTER DOMAIN d SET NOT NULL", S, ()),
    ("ALTER DOMAIN d ADD CONSTRAINT k CHECK (VALUE > 0) NOT VALID", "", ()),
    ("ALTER DOMAIN d SET DEFAULT 3", "", ()),
    ("ALTER TYPE e ADD VALUE 'b'", "", ()),
    ("ALTER TYPE pair ADD ATTRIBUTE c int", AE, ("pair",)),
    ("ALTER PUBLICATION pub ADD TABLE u, s.p", SUE, ("u", "s.p")),
    ("ALTER STATISTICS st SET STATISTICS 10", "", ()),
    ("CREATE TABLE n (id int PRIMARY KEY, x text UNIQUE)", "", ()),
    ("CREATE TABLE n (id int PRIMARY KEY, up int REFERENCES n, u_id int REFERENCES u)", SRE, ("u",)),
    ("CREATE TABLE n (a int, FOREIGN KEY (a) REFERENCES s.p)", SRE, ("s.p",)),
    ("CREATE TABLE n PARTITION OF m FOR VALUES FROM ('2022-01-01') TO ('2023-01-01')", AE, ("m",)),
    ("CREATE TABLE n () INHERITS (parent)", SUE, ("parent",)),
    ("CREATE TABLE n (LIKE u INCLUDING ALL)", "", ()),
    ("CREATE TABLE n AS SELECT * FROM u", "", ()),
    ("SELECT * INTO n FROM u", "", ()),
    ("CREATE SCHEMA z CREATE TABLE n (id int, u_id int REFERENCES public.u)", SRE, ("public.u",)),
    ("CREATE INDEX ON u (n)", S, ("u",)),
    ("CREATE UNIQUE INDEX k ON public.u USING btree (n)", S, ("public.u",)),
    ('CREATE INDEX ON "Odd Name" (id)', S, ('"Odd Name"',)),
    ("CREATE VIEW n AS SELECT * FROM u", "", ()),
    ("CREATE OR REPLACE VIEW v AS SELECT id FROM u", AE, ("v",)),
    ("CREATE MATERIALIZED VIEW n AS SELECT * FROM u", "", ()),
    ("CREATE TRIGGER k AFTER INSERT ON u FOR EACH ROW EXECUTE FUNCTION f()", SRE, ("u",)),
    ("CREATE OR REPLACE TRIGGER t AFTER INSERT ON u FOR EACH ROW EXECUTE FUNCTION f()", SRE, ("u",)),
    ("CREATE RULE k AS ON DELETE TO c DO INSTEAD NOTHING", AE, ("c",)),
    ("CREATE POLICY k ON u USING (true)", AE, ("u",)),
    ("CREATE STATISTICS k ON name, email FROM u", SUE, ("u",)),
    ("CREATE PUBLICATION k FOR TABLE u", SUE, ("u",)),
    ("CREATE SEQUENCE k", "", ()),
    ("CREATE FUNCTION k() RETURNS int LANGUAGE sql AS 'SELECT 1'", "", ()),
    ("CREATE TYPE k AS ENUM ('x')", "", ()),
    ("DROP TABLE parent CASCADE", AE, ("parent",)),
    ("DROP TABLE IF EXISTS loose, \"Odd Name\"", AE, ("loose", '"Odd Name"')),
    ("DROP INDEX u_name", AE, ("u_name",)),
    ("DROP VIEW v", AE, ("v",)),
    ("DROP MATERIALIZED VIEW mv", AE, ("mv",)),
    ("DROP SEQUENCE q", AE, ("q",)),
    ("DROP TRIGGER t ON public.u", AE, ("public.u",)),
    ("DROP POLICY pol ON u", AE, ("u",)),
    ("DROP RULE r ON c", AE, ("c",)),
    ("DROP FUNCTION f() CASCADE", AE, ()),
    ("DROP SCHEMA s CASCADE", AE, ()),
    ("DROP TYPE e", "", ()),
    ("DROP STATISTICS st", SUE, ()),
    ("TRUNCATE loose, parent", AE, ("loose", "parent")),
    ("LOCK TABLE u IN SHARE MODE", S, ("u",)),
    ("LOCK TABLE u, s.p", AE, ("u", "s.p")),
    ("REFRESH MATERIALIZED VIEW mv", AE, ("mv",)),
    ("REFRESH MATERIALIZED VIEW CONCURRENTLY mv", "EXCLUSIVE", ("mv",)),
    ("REINDEX TABLE u", AE, ("u",)),
    ("REINDEX INDEX u_name", AE, ("u_name",)),
    ("CLUSTER u USING u_pkey", AE, ("u",)),
    ("ANALYZE u", SUE, ("u",)),
    ("COMMENT ON TABLE u IS 'x'", SUE, ("u",)),
    ("COMMENT ON COLUMN public.u.n IS 'x'", SUE, ("public.u",)),
    ("COMMENT ON INDEX u_name IS 'x'", SUE, ("u_name",)),
    ("COMMENT ON FUNCTION f() IS 'x'", "", ()),
    ("COMMENT ON TRIGGER t ON u IS 'x'", "", ()),
    ("COMMENT ON CONSTRAINT pos ON c IS 'x'", "", ()),
    ("GRANT SELECT ON u TO public", "", ()),
    ("INSERT INTO s.p VALUES (1)", RE, ("s.p",)),
    ("-- rows\nUPDATE u SET n = 1", RE, ("u",)),
    ("WITH x AS (SELECT 1) DELETE FROM ONLY u", RE, ("u",)),
    ("MERGE INTO u USING s.p ON u.id = p.id WHEN MATCHED THEN DELETE", RE, ("u",)),
    ("EXPLAIN ANALYZE DELETE FROM loose", RE, ("loose",)),
    ("SELECT * FROM u", "", ()),
    ("SELECT * FROM u FOR UPDATE", "", ()),
    ("SET search_path TO s", "", ()),
    ("SAVEPOINT a", "", ()),
    ("CREATE INDEX ON u (n); ALTER TABLE s.p ADD x int; INSERT INTO loose VALUES (1)", AE, ("s.p", "u", "loose")),
]  # fmt: skip


@pytest.fixture(scope="module")
def connection(postgres):
    with psycopg.connect(postgres.url(), autocommit=True) as server:
        server.execute("CREATE DATABASE greylag_locks")
    with psycopg.connect(postgres.url("greylag_locks")) as connection:
        connection.execute(BEFORE)
        connection.commit()
        yield connection
    with psycopg.connect(postgres.url(), autocommit=True) as server:
        server.execute("DROP DATABASE greylag_locks WITH (FORCE)")
        server.execute("DROP ROLE greylag_locks")


def taken(connection: psycopg.Connection, before: dict[int, str]) -> dict[str, str]:
    """Strongest mode by relation, of those stronger than any read asks for."""
    rows = connection.execute(
        "SELECT relation::int8, mode FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'relation'"
    ).fetchall()
    found: dict[str, str] = {}
    for relation, mode in rows:
        words = "".join(" " + letter if letter.isupper() else letter for letter in mode).strip()
        words = words.removesuffix(" Lock").upper()
        if relation in before and MODES.index(words) > MODES.index("ROW SHARE"):
            name = before[relation]
            found[name] = max(found.get(name, ""), words, key=MODES.index)
    return found


def strongest(modes) -> str:
    return max(modes, key=MODES.index, default="")


@pytest.mark.parametrize(("text", "lock", "relations"), CASES)
def test_a_text_tells_what_the_server_locks(connection, text, lock, relations):
    facts = examine(text)
    assert (facts.lock, facts.relations) == (lock, relations)
    before = dict(
        connection.execute(
            "SELECT c.oid::int8, n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON "
            "n.oid = c.relnamespace WHERE n.nspname IN ('public', 's')"
        ).fetchall()
    )
    names = {
        name: before[connection.execute("SELECT to_regclass(%s)::oid::int8", (name,)).fetchone()[0]]
        for name in relations
    }
    try:
        connection.execute(text)
        found = taken(connection, before)
    finally:
        connection.rollback()
    assert strongest(found.values()) == lock
    assert set(names.values()) <= set(found), "a relation is named that the server does not lock"
    if relations and not text.startswith("REINDEX TABLE"):
        assert found[names[relations[0]]] == lock


def test_a_command_of_no_known_kind_locks_nothing():
    assert list(claims(("FutureStmt", {"relation": {"relname": "u"}}))) == []


def test_an_unknown_kind_of_alter_table_is_the_strictest():
    step = {"AlterTableCmd": {"subtype": "AT_Future"}}
    assert list(claims(("AlterTableStmt", {"relation": {"relname": "u"}, "cmds": [step]}))) == [(AE, "u")]
