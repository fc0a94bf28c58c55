from __future__ import annotations

import pytest

from greylag.schema.comparison.expressions import settled, settled_default


@pytest.mark.parametrize(
    ("one", "other"),
    [  # both as PostgreSQL 16 prints them: first written, and read back from its own print
        (
            "CHECK (((state)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[])))",
            "CHECK (((state)::text = ANY (ARRAY[('a'::character varying)::text, 'b'::text])))",
        ),
    ],
)
def test_two_spellings_of_one_list(one: str, other: str) -> None:
    assert settled(one) == settled(other)


def test_lists_that_differ_stay_different() -> None:
    one = "CHECK ((state = ANY (ARRAY['a'::text, 'b'::text])))"
    assert settled(one) != settled(one.replace("'b'", "'c'"))
    assert settled(one) != settled(one.replace("ANY", "ALL"))
    assert settled("ARRAY['a''s'::text]") != settled("ARRAY['a'::text]")


@pytest.mark.parametrize(
    ("one", "other", "type_text"),
    [
        ("'x'::text", "'x'::character varying", "character varying(9)"),
        ("('x'::text)::character varying", "'x'::character varying", "character varying(9)"),
        ("0", "'0'::bigint", "bigint"),
        ("'-1'::integer", "(-1)", "integer"),
        ("0.50", "'0.50'::numeric", "numeric(3,2)"),
    ],
)
def test_defaults_that_give_the_same_value(one: str, other: str, type_text: str) -> None:
    assert settled_default(one, type_text) == settled_default(other, type_text)


@pytest.mark.parametrize(
    ("one", "other", "type_text"),
    [
        ("'x'::text", "'y'::text", "text"),
        ("'x'::text", "('x'::text || 'y'::text)", "text"),
        ("0", "1", "bigint"),
        ("0", "(0 + 1)", "bigint"),
        ("'a'::status", "'a'::text", "status"),
        ("now()", None, "date"),
    ],
)
def test_defaults_that_differ(one: str, other: str | None, type_text: str) -> None:
    assert settled_default(one, type_text) != settled_default(other, type_text)
