from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ("  id Int @id\n  id Int", 'Field "id" is already defined on model "A".'),
        ("  id Int @id\n  1a Int", "Error validating: The name of a Field must not start with a number."),
        ("  id Int @id\n  a-b Int", "Error validating: The character `-` is not allowed in Field names."),
    ],
)
def test_names_of_fields(refusals, fields: str, fault: str) -> None:
    assert fault in refusals(fields)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("enum A {\n  a\n  a\n}", 'Value "a" is already defined on enum "A".'),
        ("enum A {\n  a\n}\nmodel A {\n  id Int @id\n}", 'The model "A" cannot be defined because a enum with that name already exists.'),
        ("type A {\n  a Int\n  a Int\n}", 'Field "a" is already defined on composite type "A".'),
        ('generator a {\n  provider = "x"\n  provider = "y"\n}', 'Key "provider" is already defined in generator "a".'),
        ("model String {\n  id Int @id\n}", '"String" is a reserved scalar type name and cannot be used.'),
    ],
)  # fmt: skip
def test_names_of_blocks(refusals_of, text: str, fault: str) -> None:
    assert fault in refusals_of(text)


def test_reserved_names(refusals_of) -> None:
    (model,) = refusals_of("model return {\n  id Int @id\n}")
    (enum,) = refusals_of("enum class {\n  a\n}")
    assert "The model name `return` is invalid. It is a reserved name." in model
    assert "The enum name `class` is invalid. It is a reserved name." in enum


def test_generators_models_and_datasources_have_names_of_their_own(refusals_of) -> None:
    assert refusals_of('generator db {\n  provider = "x"\n}\nmodel db {\n  id Int @id\n}') == []
    assert refusals_of("model model {\n  id Int @id\n  return Int\n}\nenum type {\n  enum\n}") == []
