from __future__ import annotations

NONE = 'Type "{}" is neither a built-in type, nor refers to another model, composite type, or enum.'


def test_types_that_there_are_not(refusals) -> None:
    assert refusals("  id Int @id\n  a Foo") == [NONE.format("Foo")]


def test_the_type_that_is_meant(refusals) -> None:
    found = refusals("  id Int @id\n  a datetime\n  b mood", "enum Mood {\n  a\n}")
    assert found == [NONE.format(name) + f' Did you mean "{meant}"?' for name, meant in (("datetime", "DateTime"), ("mood", "Mood"))]  # fmt: skip


def test_an_enum_without_values(refusals_of) -> None:
    assert refusals_of('enum E {\n  @@map("e")\n}') == [
        "Error validating: An enum must have at least one value."
    ]


def test_every_scalar_an_enum_and_an_unsupported_type(refusals) -> None:
    kinds = (
        "BigInt",
        "Boolean",
        "Bytes",
        "DateTime",
        "Decimal",
        "Float",
        "Int",
        "Json",
        "String",
        "E",
        'Unsupported("x")',
    )
    fields = "\n".join(f"  f{number} {kind}" for number, kind in enumerate(kinds))
    assert refusals(f"  id Int @id\n{fields}", "enum E {\n  a\n}") == []
