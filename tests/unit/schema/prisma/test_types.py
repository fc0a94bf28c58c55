"""Types: of columns, of lists, of domains, and what Prisma does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.schema.prisma.types import Shape, shape_of
from tests.plugins.pictures import a_type

if TYPE_CHECKING:
    from greylag.model.catalog.parts import Type

ENUMS = {("public", "color")}


def find_enum(name: str, schema: str) -> tuple[str, str] | None:
    return (schema, name) if (schema, name) in ENUMS else None


def shape(kind: Type) -> Shape:
    return shape_of(kind, find_enum, frozenset({"public"}))


def told(kind: Type) -> tuple[str, str]:
    found = shape(kind)
    return found.prisma + ("[]" if found.array else ""), found.native


@pytest.mark.parametrize(
    ("name", "modifiers", "scalar", "of_a_list"),
    [
        ("int4", (), ("Int", ""), ("Int[]", "")),
        ("int2", (), ("Int", "SmallInt"), ("Int[]", "SmallInt")),
        ("varchar", (9,), ("String", "VarChar(9)"), ("String[]", "VarChar(9)")),
        ("varchar", (), ("String", "VarChar"), ("String[]", "VarChar")),
        ("char", (), ("String", "Char"), ("String[]", "Char")),
        ("timestamp", (), ("DateTime", "Timestamp(6)"), ("DateTime[]", "Timestamp")),
        ("timestamp", (3,), ("DateTime", ""), ("DateTime[]", "")),
        ("timestamptz", (3,), ("DateTime", "Timestamptz(3)"), ("DateTime[]", "Timestamptz(3)")),
        ("time", (0,), ("DateTime", "Time(0)"), ("DateTime[]", "Time(0)")),
        ("numeric", (), ("Decimal", "Decimal"), ("Decimal[]", "Decimal")),
        ("numeric", (10, 2), ("Decimal", "Decimal(10, 2)"), ("Decimal[]", "Decimal(10, 2)")),
        ("numeric", (65, 30), ("Decimal", ""), ("Decimal[]", "")),
        ("numeric", (5, -2), ("Decimal", "Decimal(5, 2046)"), ("Decimal[]", "Decimal")),
        ("uuid", (), ("String", "Uuid"), ("String[]", "Uuid")),
        ("point", (), ('Unsupported("point")', ""), ('Unsupported("_point")[]', "")),
    ],
)  # fmt: skip
def test_types_of_the_system(
    name: str, modifiers: tuple[int, ...], scalar: tuple[str, str], of_a_list: tuple[str, str]
) -> None:
    assert told(a_type(name, modifiers=modifiers)) == scalar
    assert told(a_type(name, modifiers=modifiers, array=True)) == of_a_list


def test_an_enum_has_its_key_and_no_name_yet() -> None:
    found = shape(a_type("color", "public", kind="enum", array=True))
    assert (found.family, found.enum, found.prisma, found.array) == ("Enum", ("public", "color"), "", True)


def test_the_name_decides_before_the_schema_does() -> None:
    assert told(a_type("citext", "extensions")) == ("String", "Citext")
    assert told(a_type("text", "public", kind="enum")) == ("String", "")


def test_lists_of_base_types_that_are_read_have_no_underscore() -> None:
    assert told(a_type("vector", "public", array=True)) == ('Unsupported("vector")[]', "")
    assert told(a_type("vector", "elsewhere", array=True)) == ('Unsupported("_vector")[]', "")
    assert told(a_type("pair", "public", kind="composite", array=True)) == ('Unsupported("_pair")[]', "")


def domain(name: str, base: Type, **facts: bool) -> Type:
    return a_type(name, "public", kind="domain", base=base, **facts)


def test_a_domain_is_what_it_stands_on() -> None:
    assert told(domain("d", a_type("varchar", modifiers=(5,)))) == ("String", "VarChar(5)")
    assert told(domain("d", a_type("color", "public", kind="enum"))) == ("", "")
    assert told(domain("d", a_type("timestamp"))) == ("DateTime", "Timestamp(6)")


def test_a_domain_over_a_list_hides_the_modifiers() -> None:
    assert told(domain("d", a_type("varchar", modifiers=(5,), array=True))) == ("String[]", "VarChar")
    assert told(domain("d", a_type("timestamptz", array=True))) == ("DateTime[]", "Timestamptz")


def test_a_domain_over_a_domain_and_a_list_of_domains_are_unknown() -> None:
    inner = domain("inner", a_type("int4"))
    assert told(domain("outer", inner)) == ('Unsupported("inner")', "")
    assert told(domain("d", a_type("int4"), array=True)) == ('Unsupported("_d")[]', "")


def test_a_long_name_of_a_list_is_cut_as_the_server_cuts_it() -> None:
    long = "x" * 63
    assert shape(a_type(long, "public", kind="composite", array=True)).origin == "_" + "x" * 62


def test_a_name_with_quotes_is_written_as_a_string() -> None:
    assert shape(a_type('my "type', "public", kind="composite")).prisma == 'Unsupported("my \\"type")'
