from __future__ import annotations

import pytest

REQUIRED = "ID definitions must reference only required fields."
MODEL = 'Error validating model "A": '


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ("  id Int @id\n  a Int @id", MODEL + "At most one field must be marked as the id field with the `@id` attribute."),
        ("  id Int? @id", 'Error parsing attribute "@id": Fields that are marked as id must be required.'),
        ("  id Int @id\n  a Int @map(\"id\")", 'Field "a" is already defined on model "A".'),
        ("  id Int @id\n  a Int @map(\"x\")\n  b Int @map(\"x\")", 'Field "b" is already defined on model "A".'),
        ("  id Int @id\n  a Int @updatedAt", 'Error parsing attribute "@updatedAt": Fields that are marked with @updatedAt must be of type DateTime.'),
        ("  id Int @id\n  a Int @relation(fields: [id])", 'Error parsing attribute "@relation": Invalid field type, not a relation.'),
        ("  id Int @id\n  a Int @unique(map: \"\")", 'Error parsing attribute "@unique": The `map` argument cannot be an empty string.'),
        ("  id Int @id\n  a Int @unique(sort: Up)", 'Error parsing attribute "@unique": The `sort` argument can only be `Asc` or `Desc` you provided: Up.'),
        ("  a Int?\n  b Int\n  @@id([a, b])", MODEL + f"The id definition refers to the optional field `a`. {REQUIRED}"),
        ("  a Int?\n  b Int?\n  @@id([a, b])", MODEL + f"The id definition refers to the optional fields `a`, `b`. {REQUIRED}"),
        ("  a Int @id\n  @@id([a])", MODEL + "Each model must have at most one id criteria. You can't have `@id` and `@@id` at the same time."),
        ("  a Int @id\n  @@id([b])", MODEL + "The multi field id declaration refers to the unknown field `b`."),
        ("  a Int @id\n  @@index([b, c])", MODEL + "The index definition refers to the unknown fields: b, c."),
        ("  a Int @id\n  @@unique([a, a])", MODEL + "The unique index definition refers to the field a multiple times."),
        ("  a Int @id\n  @@index([a(sort: Up)])", "Unexpected token. Expected one of: Asc, Desc"),
        ("  a Int @id\n  @@index([a], type: Foo)", 'Error parsing attribute "@index": Unknown index type: Foo.'),
        ("  a Int @id\n  @@unique([a], name: \"x-y\")", MODEL + "The `name` property within the `@@unique` attribute only allows for the following characters: `_a-zA-Z0-9`."),
    ],
)  # fmt: skip
def test_refused(refusals, fields: str, fault: str) -> None:
    assert fault in refusals(fields)


def test_keys_over_relation_fields(refusals) -> None:
    fields = "  id Int @id\n  b B @relation(fields: [id], references: [id])\n"
    (unique,) = refusals(fields + "  @@unique([b])", "model B {\n  id Int @id\n  a A?\n}")
    assert "The unique index definition refers to the relation fields b." in unique
    assert unique.endswith("Did you mean `@@unique([id])`?")
    assert "The id definition refers to the relation field `b`." in "".join(
        refusals(
            "  b B @relation(fields: [c], references: [id])\n  c Int @unique\n  @@id([b])",
            "model B {\n  id Int @id\n  a A?\n}",
        )
    )


def test_an_ignored_model_may_have_an_optional_id_but_no_ignored_fields(refusals) -> None:
    assert refusals("  id Int? @id\n  @@ignore") == []
    (fault,) = refusals("  id Int? @id\n  a Int @ignore\n  @@ignore")
    assert fault.endswith("Fields on an already ignored Model do not need an `@ignore` annotation.")


def test_columns_may_change_names_with_each_other(refusals) -> None:
    assert refusals('  a Int @id @map("b")\n  b Int @map("a")') == []


def test_enums_have_their_own_attributes(refusals_of) -> None:
    assert refusals_of('enum E {\n  a @map("1")\n  @@map("e")\n}') == []
    assert refusals_of("enum E {\n  a @unique\n  @@index([a])\n}") == [
        'Attribute not known: "@unique".',
        'Attribute not known: "@index".',
    ]
