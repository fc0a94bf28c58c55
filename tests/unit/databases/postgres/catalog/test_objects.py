"""Schemas, extensions, types and routines with every fact of theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from greylag.model.catalog.objects import Composite, Enum, Extension, Schema
from greylag.model.catalog.parts import Column, Grant, Type
from greylag.model.catalog.tables import Constraint

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.databases.postgres.catalog.conftest import Place

BEFORE = """CREATE SCHEMA app; CREATE TYPE e AS ENUM ('a', 'c'); CREATE DOMAIN d AS text; CREATE TYPE c AS (x int);
CREATE FUNCTION f(x int) RETURNS int LANGUAGE sql AS 'SELECT 1'"""
MONITOR = Grant("pg_monitor", ("USAGE",))
INT = Type("integer", "int4", "pg_catalog")


def usage(*others: Grant) -> tuple[Grant, ...]:
    return (*others, Grant("postgres", ("USAGE",)))


@pytest.mark.parametrize(
    ("ddl", "differences"),
    [
        ("ALTER TYPE e ADD VALUE 'b' BEFORE 'c'", {"enums.e.values": (("a", "c"), ("a", "b", "c"))}),
        ("COMMENT ON TYPE e IS 'why'", {"enums.e.comment": ("", "why")}),
        ("ALTER TYPE e OWNER TO pg_monitor", {"enums.e.owner": ("postgres", "pg_monitor")}),
        ("REVOKE USAGE ON TYPE e FROM PUBLIC", {"enums.e.grants": (None, usage())}),
        ("CREATE TYPE empty AS ENUM ()", {"enums.empty": (None, Enum("public", "empty", (), "postgres"))}),
        ("ALTER DOMAIN d SET NOT NULL", {"domains.d.nullable": (True, False)}),
        ("ALTER DOMAIN d SET DEFAULT 'x'", {"domains.d.default": (None, "'x'::text")}),
        ("COMMENT ON DOMAIN d IS 'why'", {"domains.d.comment": ("", "why")}),
        (
            "ALTER DOMAIN d ADD CONSTRAINT k CHECK (VALUE <> '') NOT VALID",
            {
                "domains.d.constraints.k": (
                    None,
                    Constraint(
                        "k",
                        "check",
                        expression="(VALUE <> ''::text)",
                        validated=False,
                        definition="CHECK ((VALUE <> ''::text)) NOT VALID",
                    ),
                )
            },
        ),
        ("REVOKE USAGE ON TYPE d FROM PUBLIC", {"domains.d.grants": (None, usage())}),
        ("ALTER TYPE c ADD ATTRIBUTE y int", {"composites.c.attributes.y": (None, Column("y", INT))}),
        ("COMMENT ON COLUMN c.x IS 'why'", {"composites.c.attributes.x.comment": ("", "why")}),
        ("COMMENT ON TYPE c IS 'why'", {"composites.c.comment": ("", "why")}),
        (
            "CREATE TYPE none AS ()",
            {"composites.none": (None, Composite("public", "none", (), "postgres"))},
        ),
        ("CREATE SCHEMA more", {"schemas.more": (None, Schema("more", "postgres"))}),
        ("COMMENT ON SCHEMA app IS 'why'", {"schemas.app.comment": ("", "why")}),
        (
            "GRANT USAGE ON SCHEMA app TO pg_monitor",
            {"schemas.app.grants": (None, (MONITOR, Grant("postgres", ("CREATE", "USAGE"))))},
        ),
        ("COMMENT ON FUNCTION f IS 'why'", {"routines.f(x integer).comment": ("", "why")}),
        ("ALTER FUNCTION f OWNER TO pg_monitor", {"routines.f(x integer).owner": ("postgres", "pg_monitor")}),
        (
            "REVOKE EXECUTE ON FUNCTION f FROM PUBLIC",
            {"routines.f(x integer).grants": (None, (Grant("postgres", ("EXECUTE",)),))},
        ),
    ],
)
def test_each_fact_is_seen_alone(
    change: Callable[[str, str], dict[str, Any]], ddl: str, differences: dict[str, Any]
) -> None:
    assert change(BEFORE, ddl) == differences


@pytest.mark.parametrize(
    "ddl",
    [
        "ALTER FUNCTION f SECURITY DEFINER",
        "ALTER FUNCTION f SET search_path = pg_catalog",
        "ALTER FUNCTION f STRICT",
        "ALTER FUNCTION f COST 7",
        "ALTER FUNCTION f PARALLEL SAFE",
        "ALTER FUNCTION f LEAKPROOF",
        "CREATE OR REPLACE FUNCTION f(x int) RETURNS int LANGUAGE sql AS 'SELECT 2'",
        "CREATE OR REPLACE FUNCTION f(x int DEFAULT 3) RETURNS int LANGUAGE sql AS 'SELECT 1'",
    ],
)
def test_a_functions_definition_is_complete(change: Callable[[str, str], dict[str, Any]], ddl: str) -> None:
    ((path, (old, new)),) = change(BEFORE, ddl).items()
    assert path == "routines.f(x integer).definition"
    assert old.startswith("CREATE OR REPLACE FUNCTION public.f(x integer)")
    assert new != old


def test_kinds_of_routines(place: Place) -> None:
    place.run(
        "CREATE PROCEDURE p() LANGUAGE sql AS ''; CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1'"
    )
    place.run("CREATE FUNCTION f() RETURNS TABLE (a int) LANGUAGE sql AS 'SELECT 1'")
    place.run("CREATE AGGREGATE a(int) (sfunc = int4pl, stype = int, initcond = '0', parallel = safe)")
    place.run("CREATE FUNCTION w() RETURNS bigint LANGUAGE internal WINDOW AS 'window_row_number'")
    found = place.look().routines
    assert [(each.name, each.arguments, each.kind, each.result, each.language) for each in found] == [
        ("a", "integer", "aggregate", "integer", "internal"),
        ("f", "", "function", "TABLE(a integer)", "sql"),
        ("f", "integer", "function", "integer", "sql"),
        ("p", "", "procedure", "", "sql"),
        ("w", "", "window", "bigint", "internal"),
    ]
    assert found[0].definition == (
        "CREATE AGGREGATE public.a(integer) "
        "(SFUNC = pg_catalog.int4pl, STYPE = integer, INITCOND = '0', PARALLEL = safe)"
    )


def test_what_a_range_type_brings_is_not_listed(place: Place) -> None:
    catalog = place.look("CREATE TYPE span AS RANGE (SUBTYPE = int)")
    assert catalog.routines == ()
    assert [each.kind for each in catalog.others if each.kind != "database"] == ["range type"]


def test_the_schema_public_and_extensions_as_the_server_makes_them(fresh: Place) -> None:
    catalog = fresh.look("COMMENT ON EXTENSION plpgsql IS NULL")
    assert catalog.schemas == (Schema("public", "pg_database_owner", "standard public schema"),)
    assert [each._replace(version="") for each in catalog.extensions] == [
        Extension("plpgsql", "pg_catalog", "")
    ]


def test_members_of_extensions_are_left_out(place: Place) -> None:
    before = place.look()
    after = place.look("CREATE EXTENSION vector")
    assert [each.name for each in after.extensions if each not in before.extensions] == ["vector"]
    assert after._replace(extensions=before.extensions) == before
