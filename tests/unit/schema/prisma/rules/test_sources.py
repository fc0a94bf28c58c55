from __future__ import annotations

import pytest

from greylag.schema.prisma.parser import parse
from greylag.schema.prisma.validation import validate


def messages(text: str) -> list[str]:
    return [problem.message for problem in validate(parse(text))]


def test_settings_that_must_be_there() -> None:
    assert messages('datasource db {\n  url = "x"\n}\n') == [
        'Argument "provider" is missing in data source block "db".'
    ]
    assert messages('datasource db {\n  provider = "postgres"\n}\n') == [
        'Argument "url" is missing in data source block "db".'
    ]
    assert messages("generator g {\n}\n") == ['Argument "provider" is missing in generator block "g".']
    assert messages('generator g {\n  provider = "x"\n  a =\n}\n') == [
        "Property a in generator g needs to be assigned a value"
    ]
    assert messages("datasource db {\n  provider =\n}\n") == [
        "Property provider in datasource db needs to be assigned a value"
    ]


def test_providers() -> None:
    source = 'datasource db {{\n  provider = "{}"\n  url = "x"\n}}\n'
    assert messages(source.format("postgresql")) == messages(source.format("postgres")) == []
    assert messages(source.format("foo")) == ['Datasource provider not known: "foo".']


def test_one_datasource(refusals_of) -> None:
    found = refusals_of('datasource other {\n  provider = "postgres"\n  url = "x"\n}')
    assert len(found) == 2 and all("You defined more than one datasource." in text for text in found)


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ('env("A")', ""),
        ('"x"', ""),
        ('env("A", "B")', "Exactly one string parameter must be passed to the env function."),
        ("env(A)", "Expected a string value, but received literal value `A`."),
        ("1", "Expected a String value, but received numeric value `1`."),
        ("[x]", "Expected a String value, but received array value `[x]`."),
        ('foo(1, a: "b")', 'Expected a String value, but received functional value `foo(1,a: "b")`.'),
    ],
)
def test_addresses(value: str, fault: str) -> None:
    text = f'datasource db {{\n  provider = "postgresql"\n  url = {value}\n  directUrl = {value}\n}}\n'
    assert messages(text) == ([fault] * 2 if fault else [])


def test_a_provider_is_a_string() -> None:
    source = 'datasource db {{\n  provider = {}\n  url = "x"\n}}\n'
    assert messages(source.format('env("A")')) == [
        "A datasource must not use the env() function in the provider argument."
    ]
    (fault,) = messages(source.format("x"))
    assert fault.endswith("The provider argument in a datasource must be a string literal")
