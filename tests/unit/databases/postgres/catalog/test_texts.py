"""PostgreSQL's texts of arrays, vectors and options."""

from __future__ import annotations

import pytest

from greylag.databases.postgres.catalog.texts import BLANK, is_secret, items, numbers, options


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("{}", []),
        ("{a}", ["a"]),
        ("{a,b c}", ["a", "b c"]),
        ('{"a,b",c}', ["a,b", "c"]),
        ('{"a\\"b\\\\c",""}', ['a"b\\c', ""]),
        ('{x,"{y}"}', ["x", "{y}"]),
    ],
)
def test_arrays(text: str, found: list[str]) -> None:
    assert items(text) == found


@pytest.mark.parametrize(("text", "found"), [("", []), ("1 2 0", [1, 2, 0]), ("{3,1}", [3, 1]), ("{}", [])])
def test_numbers(text: str, found: list[int]) -> None:
    assert numbers(text) == found


def test_options_are_sorted_pairs() -> None:
    assert options('{"b=x = y",a=1}', "{c=}") == (("a", "1"), ("b", "x = y"), ("c", ""))


@pytest.mark.parametrize(
    "name", ["password", "passwd", "sslpassword", "passfile", "api_token", "aws_secret", "PASSWORD"]
)
def test_what_is_secret_is_blanked(name: str) -> None:
    assert is_secret(name)
    assert options(f"{{{name}=hunter2}}") == ((name, BLANK),)


@pytest.mark.parametrize("name", ["host", "user", "fillfactor", "schema_name", "pass_through"])
def test_what_is_not_secret_is_kept(name: str) -> None:
    assert not is_secret(name)
