"""What PostgreSQL writes for arrays, vectors, options and truth, as Python values."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from greylag.model.catalog.parts import Options

BLANK = "********"
"""What stands in the place of a secret."""

_SECRETS = ("password", "passwd", "passphrase", "secret", "token", "passfile", "private_key", "access_key")


def items(text: str) -> list[str]:
    """The elements of an array of one dimension, ``{a,"b c"}``; none where there is no array."""
    if '"' not in text:
        return text[1:-1].split(",") if len(text) > 2 else []
    found, element, quoted, place = [], "", False, 1
    while place < len(text) - 1:
        mark = text[place]
        if mark == "\\":
            place += 1
            element += text[place]
        elif mark == '"':
            quoted = not quoted
        elif mark == "," and not quoted:
            found.append(element)
            element = ""
        else:
            element += mark
        place += 1
    return [*found, element]


def numbers(text: str) -> list[int]:
    """The elements of an int2vector or oidvector, ``1 2``, or of an array of numbers, ``{1,2}``."""
    return [int(word) for word in text.strip("{}").replace(",", " ").split()]


def options(*texts: str) -> Options:
    """The pairs of reloptions and their like, ``{name=value}``, sorted; what is secret is blanked."""
    pairs: Iterable[tuple[str, str, str]] = (item.partition("=") for text in texts for item in items(text))
    return tuple(sorted((name, BLANK if is_secret(name) else value) for name, _, value in pairs))


def is_secret(option: str) -> bool:
    """Whether an option of that name holds what nobody may read."""
    return any(word in option.lower() for word in _SECRETS)
