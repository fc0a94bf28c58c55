from __future__ import annotations

import pytest

from greylag.schema.prisma.rules.keys import constraint_name, count_names

MODEL = 'Error validating model "A": '
TAKEN = "The given constraint name `{}` has to be unique in the following namespace: global for primary key, indexes and unique constraints. Please provide a different name using the `map` argument."


def test_names_of_keys_are_prismas_own_unless_mapped(scope_of) -> None:
    scope = scope_of(
        'model A {\n  id Int @id\n  a Int @map("x") @unique\n  b Int\n  @@index([a, b])\n  @@unique([b], map: "u")\n  @@map("t")\n}'
    )
    model = scope.models["A"]
    assert [constraint_name(model, key) for key in model.keys] == ["t_pkey", "t_x_key", "t_x_b_idx", "u"]
    assert count_names(scope)[None, "t_pkey"] == 1


def test_something_must_identify_a_row(refusals) -> None:
    (nothing,) = refusals("  a Int")
    (loose,) = refusals('  a Int?\n  b Int\n  u Unsupported("x")\n  @@unique([a, b])\n  @@unique([u])')
    assert nothing.startswith(MODEL + "Each model must have at least one unique criteria")
    assert loose.endswith("they contain fields that are not required:\n- a, b\n- u")
    for fields in ("  a Int @unique", "  a Int\n  b Int\n  @@unique([a, b])", "  a Int?\n  @@ignore"):
        assert refusals(fields) == []


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ("  id Int @id(sort: Desc)", 'Error parsing attribute "@id": The sort argument is not supported in the primary key with the current connector'),
        ("  a Int\n  b Int\n  a_b Int\n  @@id([a, b])", MODEL + "The field `a_b` clashes with the `@@id` attribute's name. Please resolve the conflict by providing a custom id name: `@@id([...], name: \"custom_name\")`"),
        ("  id Int @id\n  @@index([])", 'Error parsing attribute "@@index": The list of fields in an index cannot be empty. Please specify at least one field.'),
        ("  id Int @id\n  @@index([id(sort: Desc)], type: Hash)", 'Error parsing attribute "@@index": Hash type does not support sort option.'),
        ("  id Int @id\n  @@index([id(length: 3)])", 'Error parsing attribute "@@index": The length argument is not supported in an index definition with the current connector'),
        ("  id Int @id\n  @@unique([id(ops: raw(\"x\"))])", 'Error parsing attribute "@@unique": Operator classes can only be defined to fields in an @@index attribute.'),
        ("  id Int @id\n  a String\n  b String\n  @@index([a, b], type: SpGist)", 'Error parsing attribute "@@index": SpGist does not support multi-column indices.'),
        ("  id Int @id\n  a String @db.Xml\n  @@index([a])", "You cannot define an index on fields with native type `Xml` of Postgres."),
        ("  id Int @id\n  a String @db.Xml @unique", "Native type `Xml` cannot be unique in Postgres."),
        ("  id Int @id\n  a Int @default(1, map: \"x\")", 'Error parsing attribute "@default": You defined a database name for the default value of a field on the model. This is not supported by the provider.'),
        ("  id Int @id\n  a Int\n  @@unique([id, a], name: \"a\")", MODEL + "The custom name `a` specified for the `@@unique` attribute is already used as a name for a field. Please choose a different name."),
    ],
)  # fmt: skip
def test_refused(refusals, fields: str, fault: str) -> None:
    assert refusals(fields) == [fault]


def test_a_name_may_be_used_once_in_a_schema(refusals, refusals_of) -> None:
    twice = refusals("  id Int @id\n  @@index([id])\n  @@index([id])")
    assert twice == [f'Error parsing attribute "@@index": {TAKEN.format("A_id_idx")}'] * 2
    listed = 'model A {\n  id Int @id(map: "k")\n}\nmodel B {\n  id Int @id(map: "k")\n}'
    assert len(refusals_of(listed)) == 2


def test_a_name_has_at_most_63_bytes(refusals) -> None:
    assert refusals(f'  id Int @id(map: "{"é" * 31}x")') == []
    (fault,) = refusals(f'  id Int @id(map: "{"é" * 32}")')
    assert "is too long for your chosen provider. The maximum allowed length is 63 bytes." in fault


def test_a_clients_name_may_be_used_once_in_a_model(refusals) -> None:
    found = refusals('  a Int @id\n  b Int\n  @@unique([a, b], name: "n")\n  @@unique([b, a], name: "n")')
    assert len(found) == 2 and all(
        "The given custom name `n` has to be unique on the model." in text for text in found
    )
