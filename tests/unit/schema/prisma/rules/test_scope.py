from __future__ import annotations

from greylag.schema.prisma.document import Problem
from greylag.schema.prisma.parser import parse
from greylag.schema.prisma.rules.scope import Scope, is_known, spelled

TEXT = """
model A {
  id  Int    @id(map: "pk")
  e   E      @unique
  x   Gone
  b   B?     @relation("r", fields: [e], references: [id], onDelete: Cascade, map: "fk")
  bs  B[]
  String String

  @@unique([id, e], name: "both", map: "uq")
  @@index([e(sort: Desc)], name: "old")
  @@schema("s")
}

view B {
  id Int @unique
  a  A[] @relation("r") @ignore
  as A?
  @@ignore
}

enum E {
  a
}
"""


def test_columns_and_relations_are_told_apart(scope_of) -> None:
    a, b = scope_of(TEXT).models.values()
    assert [*a.columns] == ["id", "e", "String"] and [side.field.name for side in a.sides] == ["b", "bs"]
    assert (a.word, b.word, a.ignored, b.ignored, a.schema, b.schema) == (
        "model",
        "view",
        False,
        True,
        "s",
        None,
    )


def test_keys_are_read_with_their_names(scope_of) -> None:
    a = scope_of(TEXT).models["A"]
    assert [(key.at, key.fields, key.name, key.mapped) for key in a.keys] == [
        ("@id", ("id",), None, "pk"),
        ("@unique", ("e",), None, None),
        ("@@index", ("e",), None, "old"),
        ("@@unique", ("id", "e"), "both", "uq"),
    ]
    assert a.id is a.keys[0] and len(a.indexes) == 3 and len(a.unique_keys) == 3


def test_sides_are_read(scope_of) -> None:
    models = scope_of(TEXT).models
    side, other = models["A"].sides
    assert (side.name, side.fields, side.references, side.mapped) == ("r", ("e",), ("id",), "fk")
    assert side.has_actions and not side.is_ignored
    assert (other.name, other.fields, other.references, other.attribute) == (None, None, None, None)
    assert models["B"].sides[0].is_ignored and not models["B"].sides[0].has_actions


def test_a_model_named_like_a_scalar_is_no_relation(scope_of) -> None:
    scope = scope_of("model String {\n  id Int @id\n  s String\n}")
    assert scope.models["String"].sides == [] and "s" in scope.models["String"].columns


def test_types_that_there_are(scope_of) -> None:
    scope = scope_of(TEXT + 'model C {\n  a Unsupported("x")\n}')
    fields = {**scope.models["A"].fields, **scope.models["C"].fields}
    assert {name for name, field in fields.items() if not is_known(scope, field)} == {"x"}


def test_problems_have_the_lines_of_what_they_are_about(scope_of) -> None:
    scope = scope_of("model A {\n  id Int\n}")
    model = scope.models["A"]
    scope.tell("a", 3)
    scope.tell_field("b", model.fields["id"])
    scope.tell_model(model, "c")
    scope.tell_model(model, "d", 6)
    scope.tell_attribute("@id", "e", 6, 7)
    assert scope.problems == [
        Problem("a", 3, 3),
        Problem("b", 6, 7),
        Problem('Error validating model "A": c', 5, 7),
        Problem('Error validating model "A": d', 6, 6),
        Problem('Error parsing attribute "@id": e', 6, 7),
    ]


def test_the_datasource_is_known_by_its_provider(scope_of) -> None:
    assert scope_of("").is_postgres and scope_of("").source_name == "db"
    other = Scope(parse('datasource x {\n  provider = "sqlite"\n}\n'))
    assert (other.is_postgres, other.source_name) == (False, "x")
    assert (Scope(parse("")).is_postgres, Scope(parse("")).source_name) == (False, "")


def test_values_in_messages() -> None:
    (block,) = parse('generator g {\n  a = [f(1, "x\\n"), b.c]\n}\n').blocks
    assert spelled(block.setting("a")) == '[f(1,"x\\n"),b.c]' and spelled(None) == ""
