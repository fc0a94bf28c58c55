from __future__ import annotations

import pytest

AT = 'Error parsing attribute "@default": '


@pytest.mark.parametrize(
    ("field", "fault"),
    [
        ('Int @default("x")', 'Expected a Int value, but found `"x"`.'),
        ("String @default(1)", "Expected a String value, but found `1`."),
        ("Boolean @default(yes)", "A boolean literal must be `true` or `false`."),
        ("Int[] @default(1)", "The default value of a list field must be a list."),
        ("Int @default([1])", "The default value of a non-list field cannot be a list."),
        ('Int[] @default([1, "x"])', 'Expected a Int value, but found `"x"`.'),
        ("String @default(now())", "The function `now()` cannot be used on fields of type `String`."),
        ("Int @default(autoincrement(1))", "The `autoincrement` function does not take any argument. Consider changing this default to `autoincrement()`."),
        ("String @default(uuid(5))", "`uuid()` takes either no argument, or a single integer argument which is either 4 or 7."),
        ("String @default(uuid(1, 2))", "`uuid()` takes a single Int argument."),
        ('String @default(nanoid("x"))', "`nanoid()` takes a single Int argument."),
        ('String @default(dbgenerated(""))', "dbgenerated() takes either no argument, or a single nonempty string argument."),
        ("String @default(dbgenerated(x))", "`dbgenerated()` takes a single String argument"),
        ("E @default(c)", "The defined default value `c` is not a valid value of the enum specified for the field."),
        ('E @default("a")', 'Expected an enum value, but found `"a"`.'),
        ("E[] @default(a)", "Expected an enum value, but found `a`."),
        ('E[] @default([a, "b"])', 'Expected an enum value, but found `"b"`.'),
        ('Unsupported("x") @default(1)', 'Only @default(dbgenerated("...")) can be used for Unsupported types.'),
    ],
)  # fmt: skip
def test_defaults_of_another_kind(refusals, field: str, fault: str) -> None:
    assert refusals(f"  id Int @id\n  a {field}", "enum E {\n  a\n  b\n}") == [AT + fault]


@pytest.mark.parametrize(
    ("field", "fault"),
    [
        ('Json @default("{x")', "is not a valid JSON string."),
        ('Json @default("NaN")', "is not a valid JSON string."),
        ('Json[] @default(["{}", "{"])', "is not a valid JSON string."),
        ('Bytes @default("?")', "is not a valid base64 string."),
        ('DateTime @default("2020")', "is not a valid rfc3339 datetime string."),
        ("Int @default(9223372036854775808)", "is not a valid integer."),
        ("BigInt @default(1.5)", "is not a valid integer."),
        ('Decimal @default("x")', "is not a valid decimal."),
        ("Int @default(auto())", "The current connector does not support the `auto()` function."),
        ("Int @default(foo())", "Unknown function in @default(): `foo` is not known."),
    ],
)  # fmt: skip
def test_defaults_that_cannot_be_understood(refusals, field: str, fault: str) -> None:
    (found,) = refusals(f"  id Int @id\n  a {field}")
    assert fault in found


def test_defaults_that_are_fine(refusals) -> None:
    kinds = (
        "Int @default(-1)", "BigInt @default(autoincrement())", "Float @default(1.5)", "Decimal @default(1)", 'Decimal @default("1e3")',
        "Boolean @default(true)", 'String @default("")', "String @default(cuid(2))", "String @default(uuid(7))", "String @default(nanoid(9))",
        "String @default(ulid())", "DateTime @default(now())", 'DateTime @default("2020-01-01T00:00:00.5+02:00")', 'Json @default("[1]")',
        'Bytes @default("3q2+7w==")', "E @default(a)", "E[] @default([a, b])", "Int[] @default([])", 'Unsupported("x") @default(dbgenerated("y"))',
        "Int @default(dbgenerated())",
    )  # fmt: skip
    fields = "\n".join(f"  f{number} {kind}" for number, kind in enumerate(kinds))
    assert refusals(f"  id Int @id\n{fields}", "enum E {\n  a\n  b\n}") == []
