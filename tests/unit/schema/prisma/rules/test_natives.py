from __future__ import annotations

import pytest

from greylag.schema.prisma.rules.natives import NATIVES


@pytest.mark.parametrize(
    ("field", "fault"),
    [
        ("String @db.Foo", "Native type Foo is not supported for postgresql connector."),
        ("String @dc.Text", "The prefix dc is invalid. It must be equal to the name of an existing datasource e.g. db. Did you mean to use db.Text?"),
        ("Int @db.Text", "Native type Text is not compatible with declared field type Int, expected field type String."),
        ("String @db.Text(3)", 'Function "Text" takes 0 arguments, but received 1.'),
        ("String @db.Char(1, 2)", "Native type Char takes 1 optional arguments, but received 2."),
        ("String @db.VarChar(-1)", "Expected a nonnegative integer, but found (-1)."),
        ("Decimal @db.Decimal(3)", "Expected two nonnegative integers, but found (3)."),
        ("Decimal @db.Decimal(3, 5)", "The scale must not be larger than the precision for the Decimal(3,5) native type in Postgres."),
        ("Decimal @db.Decimal(1001, 2)", "Argument M is out of range for native type `Decimal(1001,2)` of Postgres: Precision must be positive with a maximum value of 1000."),
        ("DateTime @db.Time(7)", "Argument M is out of range for native type `Time(7)` of Postgres: M can range from 0 to 6."),
        ("String @db.VarBit(0)", "Argument M is out of range for native type `VarBit(0)` of Postgres: M must be a positive integer."),
    ],
)  # fmt: skip
def test_native_types_that_do_not_fit(refusals, field: str, fault: str) -> None:
    assert refusals(f"  id Int @id\n  a {field}") == [fault]


def test_every_native_type_fits_its_own(refusals) -> None:
    numbers = {0: "", 1: "(3)", 2: "(5, 2)"}
    fields = [f"  f{name} {kind} @db.{name}{numbers[room]}" for name, (kind, room) in NATIVES.items()]
    fields += [f"  g{name} {kind}[] @db.{name}" for name, (kind, _) in NATIVES.items()]
    assert refusals("  id Int @id\n" + "\n".join(fields)) == []


def test_a_supported_type_must_not_be_called_unsupported(refusals) -> None:
    (plain,) = refusals('  id Int @id\n  a Unsupported("Text")')
    (numbered,) = refusals('  id Int @id\n  a Unsupported("VarChar(3)")')
    assert "Please use the native type notation `String @db.Text` for full support." in plain
    assert "Please use the native type notation `String @db.VarChar(3)` for full support." in numbered
    for name in ("text", "point", "VarChar(x)", "VarChar(1,2)"):
        assert refusals(f'  id Int @id\n  a Unsupported("{name}")') == []


def test_native_types_of_enums_are_no_attributes(refusals) -> None:
    assert refusals("  id Int @id\n  a E @db.Text", "enum E {\n  a\n}") == [
        'Attribute not known: "@db.Text".'
    ]
