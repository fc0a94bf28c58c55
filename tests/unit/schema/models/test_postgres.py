from __future__ import annotations

import pytest

from greylag.model.catalog.objects import Domain
from greylag.model.catalog.parts import Name, Type
from greylag.model.catalog.tables import Constraint
from greylag.schema.models.postgres import Postgres, enum_type
from greylag.schema.models.writing import flat

MOOD = Name("app", "mood")
SCORE = Domain(
    "public", "score", Type("integer", "int4", "pg_catalog"), nullable=False, default="3",
    constraints=(Constraint("pos", "check", expression="(VALUE > 0)"),),
)  # fmt: skip


def kind_of(type_: Type, *, nullable: bool = False, collation: str = "") -> tuple[str, str, str]:
    found = Postgres({MOOD: "Mood"}, {Name("public", "score"): SCORE}).kind(
        type_, nullable=nullable, collation=collation
    )
    return flat(found.sql), found.python, found.row


@pytest.mark.parametrize(
    ("text", "name", "modifiers", "expected"),
    [
        ("integer", "int4", (), ("sa.Integer()", "int", "int")),
        ("character varying(9)", "varchar", (9,), ("sa.String(9)", "str", "str")),
        ("character(3)", "bpchar", (3,), ("sa.CHAR(3)", "str", "str")),
        ("bpchar", "bpchar", (), ('SqlType("bpchar")', "str", "str")),
        ("numeric(10,2)", "numeric", (10, 2), ("sa.Numeric(10, 2)", "Decimal", "Decimal")),
        ("timestamp(3) with time zone", "timestamptz", (3,), ("UtcDateTime(precision=3)", "dt.datetime", "Moment")),
        ("timestamp without time zone", "timestamp", (), ("UtcDateTime(zone=False)", "dt.datetime", "Moment")),
        ("time(3) with time zone", "timetz", (3,), ("pg.TIME(timezone=True, precision=3)", "dt.time", "dt.time")),
        ("time without time zone", "time", (), ("sa.Time()", "dt.time", "dt.time")),
        ("interval", "interval", (), ("pg.INTERVAL()", "dt.timedelta", "dt.timedelta")),
        (
            "interval day to second(3)", "interval", (3,),
            ('pg.INTERVAL(fields="DAY TO SECOND", precision=3)', "dt.timedelta", "dt.timedelta"),
        ),
        ("bit(4)", "bit", (4,), ("pg.BIT(4)", "str", "str")),
        ("bit varying", "varbit", (), ("pg.BIT(varying=True)", "str", "str")),
        ("inet", "inet", (), ("AsText(pg.INET())", "str", "str")),
        ("jsonb", "jsonb", (), ("pg.JSONB()", "Any", "Any")),
        ("point", "point", (), ('SqlType("point")', "Any", "Shown")),
    ],
)  # fmt: skip
def test_types(text: str, name: str, modifiers: tuple[int, ...], expected: tuple[str, str, str]) -> None:
    assert kind_of(Type(text, name, "pg_catalog", modifiers=modifiers)) == expected


def test_none_in_a_column_of_json_that_may_be_null_is_null() -> None:
    assert kind_of(Type("jsonb", "jsonb", "pg_catalog"), nullable=True)[0] == "pg.JSONB(none_as_null=True)"


def test_arrays_enums_ranges_and_what_has_no_class() -> None:
    assert kind_of(Type("text[]", "text", "pg_catalog", array=True)) == (
        "pg.ARRAY(sa.Text())",
        "list[str]",
        "list[str]",
    )
    mood = Type("app.mood", "mood", "app", "enum")
    assert kind_of(mood) == (
        'sa.Enum(Mood, name="mood", schema="app", values_callable=enum_values)',
        "Mood",
        "Mood",
    )
    assert kind_of(mood._replace(array=True, text="app.mood[]"))[1] == "list[Mood]"
    assert flat(enum_type("M", "public", "m")) == 'sa.Enum(M, name="m", values_callable=enum_values)'
    assert kind_of(Type("int4range", "int4range", "pg_catalog", "range"))[1] == "pg.Range[int]"
    assert kind_of(Type("app.pair", "pair", "app", "composite")) == ('SqlType("app.pair")', "Any", "Shown")
    assert kind_of(Type("other", "other", "app", "enum")) == ('SqlType("other")', "Any", "Shown")


def test_a_domain_is_its_base_in_python_and_itself_in_sql_where_that_says_it_all() -> None:
    base = Type("integer", "int4", "pg_catalog")
    score = Type("score", "score", "public", "domain", base=base, nullable=False)
    sql, python, _ = kind_of(score)
    assert python == "int" and sql.startswith(
        'pg.DOMAIN("score", sa.Integer(), default=sa.text("3"), not_null=True'
    )
    moment = Type("timestamp with time zone", "timestamptz", "pg_catalog")
    assert kind_of(Type("at", "at", "public", "domain", base=moment))[0] == "UtcDateTime()"
    found = Postgres({}, {Name("public", "score"): SCORE}).kind(score)
    assert found.nullable is False


def test_collations_and_limits() -> None:
    assert kind_of(Type("text", "text", "pg_catalog"), collation='"C"')[0] == 'sa.Text(collation="C")'
    types = Postgres({}, {})
    assert types.kind(Type("character varying(9)", "varchar", "pg_catalog", modifiers=(9,))).limits == {
        "max_length": "9"
    }
    numeric = types.kind(Type("numeric(10,2)", "numeric", "pg_catalog", modifiers=(10, 2)))
    assert numeric.limits == {"max_digits": "10", "decimal_places": "2"}
