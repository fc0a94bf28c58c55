from __future__ import annotations

import pytest

from greylag.schema.prisma.rules.relations import pair

B = "model B {\n  id Int @id\n  a A[]\n}"
ONE = "  id Int @id\n  b B @relation(fields: [c], references: [id])\n  c Int"


def test_relations_are_paired_by_models_and_name(scope_of) -> None:
    text = (
        "model A {\n  id Int @id\n  b B @relation(fields: [c], references: [id])\n  c Int\n"
        '  d B[] @relation("m")\n  p A? @relation("self", fields: [c], references: [id])\n  k A? @relation("self")\n}\n'
        'model B {\n  id Int @id\n  a A[]\n  e A[] @relation("m")\n  lone A[] @relation("l")\n}'
    )
    found = [
        (each.kind, each.forward and each.forward.field.name, each.back and each.back.field.name)
        for each in pair(scope_of(text))
    ]
    assert found == [("1:1", "p", "k"), ("1:n", "b", "a"), ("n:m", "d", "e"), ("1:n", None, "lone")]


def test_complete_relations_are_fine(refusals) -> None:
    assert refusals(ONE, B) == []
    assert refusals(ONE.replace("c Int", "c Int @unique"), B.replace("A[]", "A?")) == []
    assert refusals("  id Int @id\n  b B[]", B) == []
    assert (
        refusals(
            '  id Int @id\n  p A? @relation("x", fields: [c], references: [id])\n  k A[] @relation("x")\n  c Int?'
        )
        == []
    )
    composite = "model B {\n  x Int\n  y Int\n  a A[]\n  @@id([y, x])\n}"
    assert (
        refusals(
            "  id Int @id\n  b B @relation(fields: [c, d], references: [x, y])\n  c Int\n  d Int", composite
        )
        == []
    )


@pytest.mark.parametrize(
    ("fields", "more", "fault"),
    [
        (ONE.replace("[c]", "[x]"), B, "The following fields do not exist in this model: x"),
        (ONE.replace("[c]", "[b]"), B, "it is referencing the following relation fields: b"),
        (ONE.replace("[id]", "[x]"), B, "The following fields do not exist in the related model: x"),
        (ONE.replace("[id]", "[a]"), B, "it is referencing the following relation fields: a"),
        (ONE.replace("[c]", "[c, c]"), B, "refers to the field c multiple times."),
        (ONE.replace("[id])", "[id], onDelete: Foo)"), B, "Invalid referential action: `Foo`"),
        (ONE.replace("fields", '"", fields'), B, "A relation cannot have an empty name."),
        (ONE.replace("[id])", '[id], map: "")'), B, "The `map` argument cannot be an empty string."),
        (ONE.replace("[id])", "[id]) @unique"), B, "cannot be marked with `unique`. Only scalar fields can be made unique. Did you mean to put it on `c`?"),
        (ONE.replace("[id])", "[id]) @id"), B, "cannot be marked with `@id`."),
        (ONE.replace("[id])", "[id]) @default(1)"), B, "Cannot set a default value on a relation field."),
        (ONE.replace("[id])", '[id]) @map("x")'), B, "The attribute `@map` cannot be used on relation fields."),
        (ONE.replace("c Int", "c Int?"), B, "Hence the relation field must be optional as well."),
        (ONE.replace("c Int", "c String"), B, "The type of the field `c` in the model `A` is not matching the type of the referenced field `id` in model `B`."),
        (ONE, "model B {\n  id Int @id\n}", "The relation field `b` on model `A` is missing an opposite relation field on the model `B`."),
        ("  id Int @id", B, "The relation field `a` on model `B` is missing an opposite relation field on the model `A`."),
        (ONE, B.replace("@id", "@unique").replace("A[]", "A?"), "A one-to-one relation must use unique fields on the defining side."),
        (ONE.replace("[id]", "[x]"), B.replace("  a", "  x Int\n  a"), "Consider adding an `@unique` attribute to the field `x` in the model `B`."),
        ("  id Int @id\n  b B", B, "must specify the `fields` argument in the @relation attribute."),
        ("  id Int @id\n  b B[]", "model B {\n  x Int\n  y Int\n  a A[]\n  @@id([x, y])\n}", "Models without `@id` cannot be part of a many to many relation."),
    ],
)  # fmt: skip
def test_refused(refusals, fields: str, more: str, fault: str) -> None:
    found = refusals(fields, more)
    assert [text for text in found if fault in text]


def test_a_back_field_must_not_be_required(refusals) -> None:
    (fault,) = refusals(ONE.replace("c Int", "c Int @unique"), B.replace("A[]", "A"))
    assert "Please change the field type from `A` to `A?` to fix this." in fault


def test_relations_with_one_name(refusals) -> None:
    twice = f"{ONE}\n  d B @relation(fields: [c], references: [id])"
    (fault,) = refusals(twice, B)
    assert "Ambiguous relation detected. The fields `b` and `d` in model `A` both refer to `B`." in fault
    (fault,) = refusals("  id Int @id\n  a A? @relation(fields: [id], references: [id])\n  b A[]\n  c A[]")
    assert "Unnamed self relation detected. The fields `a`, `b` and `c` in model `A`" in fault


def test_a_field_that_leads_to_an_ignored_model(refusals) -> None:
    ignored = "model B {\n  id Int @unique\n  a A[]\n  @@ignore\n}"
    (fault,) = refusals(ONE, ignored)
    assert (
        "must specify the `@ignore` attribute, because the model B it is pointing to is marked ignored."
        in fault
    )
    assert refusals(ONE.replace("[id])", "[id]) @ignore"), ignored) == []
    assert refusals(f"{ONE}\n  @@ignore", ignored) == []


def test_two_foreign_keys_of_one_name(refusals) -> None:
    named = ONE.replace("[id])", '[id], map: "fk")')
    twice = named + '\n  d C @relation(fields: [c], references: [id], map: "fk")'
    found = refusals(twice, f"{B}\nmodel C {{\n  id Int @id\n  a A[]\n}}")
    assert len(found) == 2 and all(
        "The given constraint name `fk` has to be unique" in text for text in found
    )
