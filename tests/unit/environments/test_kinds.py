"""What values may be, and how it is said when they are not."""

from __future__ import annotations

import datetime

import pytest

from greylag.environments.kinds import (
    DURATION,
    FOLDER,
    NAME,
    NAMES,
    TEXT,
    YES_NO,
    BadValueError,
    Kind,
    choice,
    fill,
    found,
    pattern,
    words_of,
)
from greylag.model.duration import Duration

COLOUR = choice("red", "green")
COLOURS = words_of("red", "green")
PATTERN = pattern("service", "database")


@pytest.mark.parametrize(
    ("kind", "value", "read"),
    [
        (TEXT, "a b", "a b"),
        (TEXT, "é", "é"),
        (FOLDER, "../x", "../x"),
        (YES_NO, True, True),
        (DURATION, "2s", Duration(2, "2s")),
        (NAMES, ["tmp_*", "audit.*"], ("tmp_*", "audit.*")),
        (NAMES, [], ()),
        (COLOUR, "red", "red"),
        (COLOURS, ["green", "red"], ("green", "red")),
        (PATTERN, "{service}-{database}_{service}", "{service}-{database}_{service}"),
        (PATTERN, "plain", "plain"),
    ],
)
def test_right_values(kind: Kind, value: object, read: object) -> None:
    assert kind.read(value) == read


@pytest.mark.parametrize(
    ("kind", "value", "problem", "hint", "item"),
    [
        (TEXT, 1, "found the number 1", None, None),
        (TEXT, " ", "found an empty text", None, None),
        (TEXT, "a\x1bb", "found control characters in the text", None, None),
        (YES_NO, "yes", 'found the text "yes"', None, None),
        (DURATION, 2, "found the number 2", None, None),
        (DURATION, "2", 'the text "2" is no length of time: a number and a unit are wanted', None, None),
        (NAMES, "tmp_*", 'found the text "tmp_*"', None, None),
        (NAMES, ["a", 1], "found the number 1", None, 1),
        (NAMES, [" "], "found an empty text", None, 0),
        (COLOUR, "gren", 'found the text "gren"', "did you mean 'green'?", None),
        (COLOUR, ["red"], "found a list", None, None),
        (COLOURS, "red", 'found the text "red"', None, None),
        (COLOURS, [], "found an empty list", None, None),
        (COLOURS, ["red", "rd"], 'found the text "rd"', "did you mean 'red'?", 1),
        (COLOURS, ["red", "red"], 'found "red" twice', None, 1),
        (PATTERN, "{srvice}", "found the unknown placeholder {srvice}", "did you mean 'service'?", None),
        (PATTERN, "a{service", "found a brace without its partner", None, None),
        (PATTERN, "}", "found a brace without its partner", None, None),
        (PATTERN, "{}", "found the unknown placeholder {}", "there is service, database", None),
    ],
)
def test_wrong_values(kind: Kind, value: object, problem: str, hint: str | None, item: int | None) -> None:
    with pytest.raises(BadValueError) as caught:
        kind.read(value)
    assert (caught.value.problem, caught.value.hint, caught.value.item) == (problem, hint, item)


def test_kinds_say_what_they_want() -> None:
    assert COLOUR.wanted == '"red" or "green"'
    assert COLOURS.wanted == 'a list of "red", "green"'
    assert PATTERN.wanted == "a text in which {service}, {database} may stand"


@pytest.mark.parametrize(
    ("value", "named"),
    [
        ("x" * 80, f'the text "{"x" * 60}"'),
        (False, "false"),
        (1.5, "the number 1.5"),
        ([], "a list"),
        ({}, "a table"),
        (datetime.date(2026, 1, 1), "a date or time"),
        ("postgres://u:secret@h/d", "a connection string"),
    ],
)
def test_what_was_found_is_named_and_no_secret_quoted(value: object, named: str) -> None:
    assert found(value) == named


def test_patterns_are_filled() -> None:
    assert fill("{a}-{b}-{a}", a="x", b="{a}") == "x-{a}-x"


@pytest.mark.parametrize("name", ["auth-service", "a", "9x", "a.b_c-d"])
def test_names(name: str) -> None:
    assert NAME.fullmatch(name)


@pytest.mark.parametrize("name", ["", "-a", "a/b", "a@b", "a*", "a b", "é", ".a"])
def test_what_cannot_be_a_name(name: str) -> None:
    assert not NAME.fullmatch(name)
