from __future__ import annotations

import pytest

from greylag.schema.prisma.document import (
    Attribute,
    Blank,
    Broken,
    Comment,
    EnumValue,
    Field,
    Kind,
    Member,
    Property,
)
from greylag.schema.prisma.members import Body
from greylag.schema.prisma.reader import Reader


def read(kind: Kind, text: str) -> tuple[list[Member], list[tuple[int, str]]]:
    """The members of a body that closes, and the problems told by line."""
    reader = Reader(text + "}")
    body = Body(reader, kind, "A", {"": ((), "")})
    assert body.read() and reader.at == len(reader.text)
    return body.members, [(problem.line, problem.message) for problem in reader.problems]


def test_a_model_has_fields_attributes_comments_and_empty_lines() -> None:
    members, problems = read("model", '  id Int @id\n\n // c\n  @@map("a")\n')
    assert [type(member) for member in members] == [Field, Blank, Comment, Attribute]
    assert problems == []


def test_an_enum_has_values_and_attributes() -> None:
    members, problems = read("enum", 'a // x\nb @map("\\n")\n/* doc */ c\n@@map("e")\n')
    values = [member for member in members if isinstance(member, EnumValue)]
    assert [(value.name, value.mapped, value.docs) for value in values] == [
        ("a", "a", ()),
        ("b", "\n", ()),
        ("c", "c", ("doc",)),
    ]
    assert problems == [] and isinstance(members[-1], Attribute)


def test_a_generator_has_settings() -> None:
    members, problems = read("generator", 'a = "x"\nb =\n@@map("e")\nc = [1,]\n')
    assert [member.key for member in members if isinstance(member, Property)] == ["a", "b"]
    wrong = "Error validating: This line is not a valid definition within a generator."
    assert problems == [(3, wrong), (4, wrong)]


@pytest.mark.parametrize(
    ("line", "type", "arity", "problem"),
    [
        ("a Int", "Int", "required", None),
        ("a Int ?", "Int", "optional", None),
        ("a Int[]", "Int", "list", None),
        ('a Unsupported( "x" )[]', 'Unsupported( "x" )', "list", None),
        ("a: Int", "Int", "required", "Field declarations don't require a `:`."),
        ("a Int!", "Int", "required", "Fields are required by default, `!` is no longer required."),
        ("a [Int]", "Int", "list", "To specify a list, please use `Type[]` instead of `[Type]`."),
        ("a Int[]?", "Int", "optional list", "Optional lists are not supported. Use either `Type[]` or `Type?`."),
        ("a", "", "required", 'Error validating model "A": This field declaration is invalid. It is either missing a name or a type.'),
    ],
)  # fmt: skip
def test_types(line: str, type: str, arity: str, problem: str | None) -> None:
    (field,), problems = read("model", f"{line}\n")
    assert isinstance(field, Field) and (field.name, field.type, field.arity) == ("a", type, arity)
    assert problems == ([(1, problem)] if problem else [])


@pytest.mark.parametrize("kind", ["model", "enum", "datasource"])
def test_lines_that_are_nothing(kind: Kind) -> None:
    members, problems = read(kind, "!! x\r\n@@ (\n?\n")
    assert [member.text for member in members if isinstance(member, Broken)] == ["!! x\r", "@@ (", "?"]
    assert len(problems) == 3


def test_escapes_that_mean_nothing_are_told() -> None:
    wrong = r"Unknown escape sequence. If the value is a windows-style path, `\` must be escaped as `\\`."
    assert read("model", 'a Int @a("\\q")\n@@map("\\q")\n')[1] == [(1, wrong), (2, wrong)]
    assert read("enum", 'a @a("\\q")\n')[1] == [(1, wrong)]
    assert read("generator", 'a = "\\q"\n')[1] == [(1, wrong)]


def test_documentation_belongs_to_the_next_member_but_not_to_an_attribute() -> None:
    members, _ = read("model", "/// one\n\n// two\n@@ignore\n/// three\n// four\n\na Int\nb Int /// five\n")
    fields = [member for member in members if isinstance(member, Field)]
    assert [field.docs for field in fields] == [("three",), ("five",)]


def test_long_comments_trail_over_lines_in_every_kind() -> None:
    for kind, line in (("model", "a Int @id"), ("model", "@@ignore"), ("enum", "a"), ("generator", "a = 1")):
        (member,), problems = read(kind, f"{line} /* x\n y */\n")  # type: ignore[arg-type]
        assert member.comment == "/* x\n y */" and problems == []  # type: ignore[union-attr]


def test_a_body_that_never_closes() -> None:
    for text in ("", "a Int\n", "// c", "  "):
        assert not Body(Reader(text), "model", "A", {}).read()
