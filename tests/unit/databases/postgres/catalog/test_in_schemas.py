"""Objects in schemas that are known as statements: each statement makes the same object again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.databases.postgres.catalog.in_schemas import QUERIES

if TYPE_CHECKING:
    from tests.unit.databases.postgres.catalog.conftest import Place

BEFORE = """CREATE SCHEMA app; CREATE TABLE app.t (a int, b int);
CREATE FUNCTION app.teq(text, text) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE FUNCTION app.cmp(int, int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 - $2';
CREATE TEXT SEARCH DICTIONARY app.plain (TEMPLATE = simple)"""


@pytest.mark.parametrize(
    ("kind", "ddl", "statement", "drop"),
    [
        (
            "collation",
            "CREATE COLLATION app.x (provider = libc, locale = 'C')",
            "CREATE COLLATION app.x (provider = libc, lc_collate = 'C', lc_ctype = 'C')",
            "COLLATION app.x",
        ),
        (
            "statistics",
            "CREATE STATISTICS app.x (ndistinct) ON a, b FROM app.t; ALTER STATISTICS app.x SET STATISTICS 50",
            "CREATE STATISTICS app.x (ndistinct) ON a, b FROM app.t; ALTER STATISTICS app.x SET STATISTICS 50",
            "STATISTICS app.x",
        ),
        (
            "operator",
            (
                "CREATE OPERATOR app.=== (FUNCTION = app.teq, LEFTARG = text, RIGHTARG = text, RESTRICT = eqsel, "
                "JOIN = eqjoinsel, HASHES, MERGES, COMMUTATOR = OPERATOR(app.===), NEGATOR = OPERATOR(app.!===))"
            ),
            (
                "CREATE OPERATOR app.=== (FUNCTION = app.teq, LEFTARG = text, RIGHTARG = text, "
                "COMMUTATOR = OPERATOR(app.===), NEGATOR = OPERATOR(app.!===), RESTRICT = pg_catalog.eqsel, "
                "JOIN = pg_catalog.eqjoinsel, HASHES, MERGES)"
            ),
            "OPERATOR app.=== (text, text)",
        ),
        (
            "operator class",
            "CREATE OPERATOR CLASS app.x FOR TYPE int USING btree AS OPERATOR 1 <, FUNCTION 1 app.cmp(int, int)",
            (
                "CREATE OPERATOR CLASS app.x FOR TYPE integer USING btree FAMILY app.x AS "
                "FUNCTION 1 (integer, integer) app.cmp(integer,integer), OPERATOR 1 <(integer,integer)"
            ),
            "OPERATOR CLASS app.x USING btree",
        ),
        (
            "operator family",
            (
                "CREATE OPERATOR FAMILY app.x USING btree; "
                "ALTER OPERATOR FAMILY app.x USING btree ADD OPERATOR 1 < (int, int8)"
            ),
            (
                "CREATE OPERATOR FAMILY app.x USING btree; "
                "ALTER OPERATOR FAMILY app.x USING btree ADD OPERATOR 1 <(integer,bigint)"
            ),
            "OPERATOR FAMILY app.x USING btree",
        ),
        (
            "conversion",
            "CREATE DEFAULT CONVERSION app.x FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8",
            "CREATE DEFAULT CONVERSION app.x FOR 'LATIN1' TO 'UTF8' FROM pg_catalog.iso8859_1_to_utf8",
            "CONVERSION app.x",
        ),
        (
            "text search parser",
            (
                "CREATE TEXT SEARCH PARSER app.x (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, "
                "LEXTYPES = prsd_lextype)"
            ),
            (
                "CREATE TEXT SEARCH PARSER app.x (START = pg_catalog.prsd_start, "
                "GETTOKEN = pg_catalog.prsd_nexttoken, END = pg_catalog.prsd_end, "
                "LEXTYPES = pg_catalog.prsd_lextype)"
            ),
            "TEXT SEARCH PARSER app.x",
        ),
        (
            "text search template",
            "CREATE TEXT SEARCH TEMPLATE app.x (LEXIZE = dsimple_lexize)",
            "CREATE TEXT SEARCH TEMPLATE app.x (LEXIZE = pg_catalog.dsimple_lexize)",
            "TEXT SEARCH TEMPLATE app.x",
        ),
        (
            "text search dictionary",
            "CREATE TEXT SEARCH DICTIONARY app.x (TEMPLATE = simple, accept = 'false')",
            "CREATE TEXT SEARCH DICTIONARY app.x (TEMPLATE = pg_catalog.simple, accept = 'false')",
            "TEXT SEARCH DICTIONARY app.x",
        ),
        (
            "text search configuration",
            (
                'CREATE TEXT SEARCH CONFIGURATION app.x (PARSER = "default"); '
                "ALTER TEXT SEARCH CONFIGURATION app.x ADD MAPPING FOR word WITH app.plain, simple"
            ),
            (
                'CREATE TEXT SEARCH CONFIGURATION app.x (PARSER = pg_catalog."default"); '
                "ALTER TEXT SEARCH CONFIGURATION app.x ADD MAPPING FOR word WITH app.plain, simple"
            ),
            "TEXT SEARCH CONFIGURATION app.x",
        ),
        (
            "range type",
            "CREATE TYPE app.x AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = float8mi)",
            (
                "CREATE TYPE app.x AS RANGE (SUBTYPE = double precision, SUBTYPE_OPCLASS = pg_catalog.float8_ops, "
                "SUBTYPE_DIFF = pg_catalog.float8mi, MULTIRANGE_TYPE_NAME = app.x_multirange)"
            ),
            "TYPE app.x",
        ),
        ("type", "CREATE TYPE app.x", "CREATE TYPE app.x", "TYPE app.x"),
    ],
)
def test_each_kind_as_a_statement_that_makes_it(
    place: Place, kind: str, ddl: str, statement: str, drop: str
) -> None:
    place.run(BEFORE)
    place.run(ddl)
    catalog = place.look()
    made = [each for each in catalog.others if each.kind == kind and each.name != "plain"]
    wanted = [each for each in made if each.definition == statement]
    assert len(wanted) == 1, made
    assert wanted[0].schema == "app"
    place.run(f"DROP {drop} CASCADE")
    if kind in ("operator class", "range type"):  # the class's family stays
        place.run("DROP OPERATOR FAMILY IF EXISTS app.x USING btree")
        statement = statement.replace(" FAMILY app.x", "")
    assert place.look(statement)._replace(version="") == catalog._replace(version="")


def test_a_base_type_as_a_statement(place: Place) -> None:
    place.run(
        "CREATE TYPE b; CREATE FUNCTION b_in(cstring) RETURNS b LANGUAGE internal IMMUTABLE STRICT AS 'textin'"
    )
    place.run("CREATE FUNCTION b_out(b) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout'")
    place.run("CREATE TYPE b (INPUT = b_in, OUTPUT = b_out, LIKE = text, DEFAULT = 'q', DELIMITER = ';')")
    (made,) = [each for each in place.look().others if each.kind == "type"]
    assert made.definition == (
        "CREATE TYPE public.b (INPUT = public.b_in, OUTPUT = public.b_out, INTERNALLENGTH = VARIABLE, "
        "STORAGE = extended, CATEGORY = 'U', DEFAULT = 'q', DELIMITER = ';')"
    )


def test_owners_comments_and_grants(place: Place) -> None:
    place.run("CREATE TYPE x AS RANGE (SUBTYPE = int); ALTER TYPE x OWNER TO pg_monitor")
    place.run("REVOKE USAGE ON TYPE x FROM PUBLIC; COMMENT ON TYPE x IS 'why'")
    (made,) = [each for each in place.look().others if each.kind == "range type"]
    assert (made.owner, made.comment) == ("pg_monitor", "why")
    assert made.grants is not None
    assert [grant.grantee for grant in made.grants] == ["pg_monitor"]


def test_every_query_names_its_kind_once() -> None:
    kinds = [query.name for query in QUERIES]
    assert len(kinds) == len(set(kinds)) == 12
