"""Defaults: what Prisma understands of an expression, by the family of the type."""

from __future__ import annotations

import pytest

from greylag.schema.prisma.defaults import default_of, generated


def told(text: str, family: str, *, array: bool = False) -> str | None:
    found = default_of(text, family, array=array)  # type: ignore[arg-type]
    if found is None:
        return None
    return "…" if found.kind == "generated" else found.text


@pytest.mark.parametrize(
    ("family", "text", "meaning"),
    [
        ("String", "'it''s'::text", '"it\'s"'),
        ("String", "E'a\\nb\\'c'", '"a\\nb\'c"'),
        ("String", "'a'::text COLLATE \"C\"", '"a"'),
        ("String", "('y'::text)::character varying(3)", "…"),
        ("String", "upper('x'::text)", "…"),
        ("String", "1", "…"),
        ("String", "NULL::character varying", None),
        ("String", "NULLIF('a'::text, 'b'::text)", None),
        ("Json", "'{\"a\": 1}'::jsonb", '"{\\"a\\": 1}"'),
        ("Int", "7", "7"),
        ("Int", "'-5'::integer", "-5"),
        ("Int", "-5", "-5"),
        ("Int", "(1 + 2)", "…"),
        ("BigInt", "'9223372036854775807'::bigint", "9223372036854775807"),
        ("BigInt", "'9223372036854775808'::bigint", "…"),
        ("Int", "nextval('s'::regclass)", "autoincrement()"),
        ("Int", "nextval('o.\"S 2\"'::regclass)", "autoincrement()"),
        ("Int", "nextval(('s'::text)::regclass)", "autoincrement()"),
        ("Int", "(nextval('s'::regclass) * 2)", "…"),
        ("Decimal", "nextval('s'::regclass)", "…"),
        ("Decimal", "0.00", "0.00"),
        ("Decimal", "'-1.50'::numeric", "-1.50"),
        ("Decimal", "(-1.5)::numeric", "-1.5"),
        ("Decimal", "'-0.0'::numeric", "0.0"),
        ("Float", "'NaN'::double precision", "…"),
        ("Float", "'3.40282e+38'::real", "3.40282"),
        ("Boolean", "true", "true"),
        ("Boolean", "(NOT true)", "…"),
        ("DateTime", "now()", "now()"),
        ("DateTime", "CURRENT_TIMESTAMP", "now()"),
        ("DateTime", "CURRENT_TIMESTAMP(3)", "…"),
        ("DateTime", "(now() + '1 day'::interval)", "…"),
        ("Uuid", "gen_random_uuid()", "…"),
        ("Bytes", "'\\xdeadbeef'::bytea", '"3q2+7w=="'),
        ("Bytes", "'\\x'::bytea", '""'),
        ("Bytes", "'\\xabc'::bytea", "…"),
        ("Bytes", "'text'::bytea", "…"),
        ("Enum", "'dark blue'::color", "dark blue"),
        ("Enum", "'a'::\"My Enum\"", "a"),
        ("Unsupported", "'(1,2)'::point", "…"),
    ],
)  # fmt: skip
def test_scalars(family: str, text: str, meaning: str | None) -> None:
    assert told(text, family) == meaning


@pytest.mark.parametrize(
    ("family", "text", "meaning"),
    [
        ("String", "'{}'::text[]", "[]"),
        ("Uuid", "'{}'::uuid[]", "[]"),
        ("String", "ARRAY['a'::text, 'b'::text]", '["a", "b"]'),
        ("String", "(ARRAY['a'::text] || 'b'::text)", '["a"]'),
        ("String", "'{\"x y\",z}'::text[]", '["x y", "z"]'),
        ("String", "'{NULL}'::text[]", '["NULL"]'),
        ("String", "'{1,2}'::text[]", "…"),
        ("String", "'{e_x}'::text[]", "…"),
        ("String", "'{한국}'::text[]", "…"),
        ("String", "ARRAY[NULL::text]", "…"),
        ("Int", "'{1,-2}'::integer[]", "[1, -2]"),
        ("Int", "'{{1,2}}'::integer[]", "…"),
        ("Int", "ARRAY[1, 2]", "[1, 2]"),
        ("BigInt", "ARRAY[('-1'::integer)::bigint]", "…"),
        ("Decimal", "ARRAY[1.10, (2)::numeric]", "[1.10, 2]"),
        ("Float", "'{1.5,-2}'::double precision[]", "[1.5, -2]"),
        ("Boolean", "'{t,FALSE}'::boolean[]", "[true, false]"),
        ("Enum", "ARRAY['red'::color, 'dark blue'::color]", "[red, dark blue]"),
        ("Enum", "'{red}'::color[]", "[red]"),
        ("Json", "ARRAY['{}'::jsonb]", '["{}"]'),
        ("Json", "'{\"{}\"}'::json[]", "[]"),
        ("Bytes", "ARRAY['\\x01'::bytea]", '["AQ=="]'),
        ("DateTime", "ARRAY[now()]", "…"),
        ("Unsupported", "'{}'::point[]", "[]"),
    ],
)  # fmt: skip
def test_lists(family: str, text: str, meaning: str) -> None:
    assert told(text, family, array=True) == meaning


def test_one_token_left_over_is_forgiven_and_two_are_not() -> None:
    assert told("true)", "Boolean") == "true"
    assert told("true))", "Boolean") == "…"


def test_what_only_the_database_understands_is_kept_as_text() -> None:
    assert generated('f("a")').text == 'dbgenerated("f(\\"a\\")")'
    assert generated("").text == "dbgenerated()"
