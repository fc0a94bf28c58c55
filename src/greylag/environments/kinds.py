"""What a value of the config file may be: each kind reads one form and says what it wants."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from greylag.environments.durations import parse_duration
from greylag.environments.nearest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
"""Names of services, databases and environments: they stand in targets, so no ``/``, ``@`` or ``*``."""


class Kind(NamedTuple):
    """``name`` for the reference page, ``wanted`` for errors, ``read`` from TOML value to typed value."""

    name: str
    wanted: str
    read: Callable[[object], object]


class BadValueError(Exception):
    """A value is not what its key wants. ``item`` is its place in a list, if it is one of several."""

    def __init__(self, problem: str, *, hint: str | None = None, item: int | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.hint = hint
        self.item = item


def found(value: object) -> str:
    """A value as an error names it, without quoting what may be a secret."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return "a connection string" if "://" in value and "@" in value else f'the text "{value[:60]}"'
    if isinstance(value, int | float):
        return f"the number {value}"
    if isinstance(value, list):
        return "a list"
    return "a table" if isinstance(value, dict) else "a date or time"


def fill(pattern: str, **values: str) -> str:
    """Put values into a checked pattern's placeholders."""
    return _PLACEHOLDER.sub(lambda match: values[match[1]], pattern)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise BadValueError(f"found {found(value)}")
    if not value.strip():
        raise BadValueError("found an empty text")
    if not value.isprintable():
        raise BadValueError("found control characters in the text")
    return value


def _yes_no(value: object) -> bool:
    if not isinstance(value, bool):
        raise BadValueError(f"found {found(value)}")
    return value


def _duration(value: object) -> object:
    if not isinstance(value, str):
        raise BadValueError(f"found {found(value)}")
    try:
        return parse_duration(value)
    except ValueError as error:
        raise BadValueError(f"{found(value)} {error}") from None


TEXT = Kind("text", "a text", _text)
YES_NO = Kind("true or false", "true or false", _yes_no)
DURATION = Kind("duration", "a length of time", _duration)
FOLDER = Kind("folder", "the path of a folder", _text)


def _names(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise BadValueError(f"found {found(value)}")
    for number, item in enumerate(value):
        try:
            _text(item)
        except BadValueError as error:
            raise BadValueError(error.problem, item=number) from None
    return tuple(value)


NAMES = Kind("list of names", "a list of names, which may hold `*`", _names)


def choice(*words: str) -> Kind:
    """One of a few words."""
    phrase = " or ".join(f'"{word}"' for word in words)

    def read(value: object) -> object:
        if not isinstance(value, str):
            raise BadValueError(f"found {found(value)}")
        if value not in words:
            raise BadValueError(f"found {found(value)}", hint=did_you_mean(value, words))
        return value

    return Kind(phrase, phrase, read)


def words_of(*words: str) -> Kind:
    """A list of some of a few words, each at most once, in the order given."""
    one = choice(*words)

    def read(value: object) -> object:
        if not isinstance(value, list):
            raise BadValueError(f"found {found(value)}")
        if not value:
            raise BadValueError("found an empty list")
        for number, item in enumerate(value):
            try:
                one.read(item)
            except BadValueError as error:
                raise BadValueError(error.problem, hint=error.hint, item=number) from None
            if item in value[:number]:
                raise BadValueError(f'found "{item}" twice', item=number)
        return tuple(value)

    phrase = "a list of " + ", ".join(f'"{word}"' for word in words)
    return Kind(phrase, phrase, read)


def pattern(*placeholders: str) -> Kind:
    """A text with placeholders in braces; an unknown one is an error of the file, not of its later use."""
    listed = ", ".join(f"{{{each}}}" for each in placeholders)

    def read(value: object) -> object:
        text = _text(value)
        for name in _PLACEHOLDER.findall(text):
            if name not in placeholders:
                raise BadValueError(
                    f"found the unknown placeholder {{{name}}}", hint=did_you_mean(name, placeholders)
                )
        if set("{}") & set(_PLACEHOLDER.sub("", text)):
            raise BadValueError("found a brace without its partner")
        return text

    return Kind(f"pattern of {listed}", f"a text in which {listed} may stand", read)
