"""Types of columns: their words, numbers and what stands behind domains."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.databases.postgres.catalog.column_types import Types
from greylag.model.catalog.parts import Type

if TYPE_CHECKING:
    from tests.unit.databases.postgres.catalog.conftest import Place

VARCHAR = Type("character varying(9)", "varchar", "pg_catalog", modifiers=(9,))


@pytest.mark.parametrize(
    ("declared", "found"),
    [
        ("varchar(9)", VARCHAR),
        ("varchar", Type("character varying", "varchar", "pg_catalog")),
        ("varchar(9)[]", Type("character varying(9)[]", "varchar", "pg_catalog", array=True, modifiers=(9,))),
        ("char", Type("character(1)", "bpchar", "pg_catalog", modifiers=(1,))),
        ("bpchar", Type("bpchar", "bpchar", "pg_catalog")),
        ('"char"', Type('"char"', "char", "pg_catalog")),
        ("numeric", Type("numeric", "numeric", "pg_catalog")),
        ("numeric(65, 30)", Type("numeric(65,30)", "numeric", "pg_catalog", modifiers=(65, 30))),
        ("numeric(3, -2)[]", Type("numeric(3,-2)[]", "numeric", "pg_catalog", array=True, modifiers=(3, -2))),
        ("bit(3)", Type("bit(3)", "bit", "pg_catalog", modifiers=(3,))),
        ("varbit(3)", Type("bit varying(3)", "varbit", "pg_catalog", modifiers=(3,))),
        (
            "timestamp(0)",
            Type("timestamp(0) without time zone", "timestamp", "pg_catalog", modifiers=(0,)),
        ),
        ("timestamptz", Type("timestamp with time zone", "timestamptz", "pg_catalog")),
        ("timetz(2)", Type("time(2) with time zone", "timetz", "pg_catalog", modifiers=(2,))),
        ("interval", Type("interval", "interval", "pg_catalog")),
        ("interval year", Type("interval year", "interval", "pg_catalog")),
        (
            "interval day to second(3)",
            Type("interval day to second(3)", "interval", "pg_catalog", modifiers=(3,)),
        ),
        ("int[][]", Type("integer[]", "int4", "pg_catalog", array=True)),
        ("int2vector", Type("int2vector", "int2vector", "pg_catalog")),
        ("int4range", Type("int4range", "int4range", "pg_catalog", "range")),
        ("int4multirange", Type("int4multirange", "int4multirange", "pg_catalog", "multirange")),
        ("pair", Type("pair", "pair", "public", "composite")),
        ("word", Type("word", "word", "public", "domain", base=VARCHAR)),
        ("must", Type("must", "must", "public", "domain", base=VARCHAR, nullable=False)),
        (
            "far.over",
            Type(
                "far.over",
                "over",
                "far",
                "domain",
                base=Type("must", "must", "public", "domain", base=VARCHAR, nullable=False),
                nullable=False,
            ),
        ),
        ("must[]", Type("must[]", "must", "public", "domain", array=True, base=VARCHAR)),
        ('"odd(3)"', Type('"odd(3)"', "odd(3)", "public", "enum")),
    ],
)
def test_every_type_is_known(place: Place, declared: str, found: Type) -> None:
    place.run(
        "CREATE DOMAIN word AS varchar(9); CREATE DOMAIN must AS varchar(9) NOT NULL; CREATE SCHEMA far"
    )
    place.run("CREATE DOMAIN far.over AS must; CREATE TYPE pair AS (a int)")
    place.run("CREATE TYPE \"odd(3)\" AS ENUM ('a')")
    (table,) = place.look(f"CREATE TABLE t (a {declared})").tables
    assert table.columns[0].type == found


def test_a_type_of_an_extension_has_its_numbers(place: Place) -> None:
    place.run("CREATE SCHEMA ext; CREATE EXTENSION vector SCHEMA ext")
    (table,) = place.look("CREATE TABLE t (a ext.vector(3), b ext.vector)").tables
    assert [column.type for column in table.columns] == [
        Type("ext.vector(3)", "vector", "ext", modifiers=(3,)),
        Type("ext.vector", "vector", "ext"),
    ]


def test_words_between_parentheses_are_no_numbers() -> None:
    row = ["7", "5", "geometry(Point,4326)", "geometry", "public", "b", "f", "7", "0", "-1", "f"]
    assert Types([row])["7", "5"] == Type("geometry(Point,4326)", "geometry", "public", modifiers=(4326,))
