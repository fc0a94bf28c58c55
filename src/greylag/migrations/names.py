"""The words of ``create NAME`` as a file name and as part of a Go identifier."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_GAP, _FIRST, _INNER, _BREAK = range(4)


def snake_case(name: str) -> str:
    """Letters and digits lower-cased, every run of others one ``_``; a run at the start leaves nothing.

    At the end a run of one character leaves its ``_``, a longer one nothing: a fault of goose's that has
    become part of people's file names. No letter case counts as a word boundary.
    """
    text, state = "", _GAP
    for state, char in _states(name):
        if state in (_FIRST, _INNER):
            text += char.lower()[0]
        elif state == _BREAK:
            text += "_"
    return text.removesuffix("_") if state == _GAP else text


def camel_case(name: str) -> str:
    """The words with a capital each, the rest of them lower-cased, nothing between."""
    text = ""
    for state, char in _states(name):
        if state == _FIRST:
            text += _upper(char)
        elif state == _INNER:
            text += char.lower()[0]
    return text


def _states(name: str) -> Iterator[tuple[int, str]]:
    state = _GAP
    for char in name:
        if char.isalpha() or char.isnumeric():
            state = _FIRST if state in (_GAP, _BREAK) else _INNER
        else:
            state = _BREAK if state in (_FIRST, _INNER) else _GAP
        yield state, char


def _upper(char: str) -> str:
    """The one character that is the capital; what has only a capital of several stays as it is."""
    for candidate in (char.upper(), char.title()):
        if len(candidate) == 1:
            return candidate
    return char
