from __future__ import annotations

from greylag.schema.prisma.parser import parse
from greylag.schema.prisma.validation import validate


def messages(text: str) -> list[str]:
    return [problem.message for problem in validate(parse(text))]


def test_tables_and_enums_have_names_of_their_own(refusals_of) -> None:
    found = refusals_of('model a {\n  id Int @unique(map: "u")\n}\nmodel B {\n  id Int @id\n  @@map("a")\n}')
    assert found == [
        'The model with database name "a" could not be defined because another model or view with this name exists: "a"'
    ]
    swapped = 'model B {\n  id Int @id\n  @@map("a")\n}\nmodel a {\n  id Int @unique(map: "u")\n}'
    assert refusals_of(swapped) == found
    enums = 'enum e {\n  a\n}\nenum F {\n  a\n  @@map("e")\n}\nmodel x {\n  id Int @id\n  @@map("e")\n}'
    assert refusals_of(enums) == ["An enum with the same database name is already defined."]


def test_schemas() -> None:
    source = 'datasource db {\n  provider = "postgresql"\n  url = "x"\n  schemas = ["a", "b"]\n}\n'
    model = "model {0} {{\n  id Int @id\n  {1}\n}}\n"
    here = '@@map("t")\n  @@schema("{}")'
    assert messages(source + model.format("A", here.format("a")) + model.format("B", here.format("b"))) == []
    assert messages(source + model.format("A", "")) == [
        'Error validating model "A": This model is missing an `@@schema` attribute.'
    ]
    (fault,) = messages(source + model.format("A", here.format("c")))
    assert fault.startswith("This schema is not defined in the datasource.")
    assert messages(source + "enum E {\n  a\n}\n") == ["This enum is missing an `@@schema` attribute."]
