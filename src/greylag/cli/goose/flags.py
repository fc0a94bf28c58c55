"""goose's flags in the grammar of Go's ``flag`` package, which goose's wrapper lets stand anywhere."""

from __future__ import annotations

from greylag.errors import UsageError
from greylag.model.go_duration import parse_duration
from greylag.model.quoting import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_TRUE = ("1", "t", "T", "TRUE", "true", "True")
_FALSE = ("0", "f", "F", "FALSE", "false", "False")


class HelpRequest(Exception):  # noqa: N818  # a wish, not an error
    """``-help``, which goose does not define: usage, exit 0, whatever else the command line holds."""


class Flags:
    """The values of all flags; ``timeout`` in nanoseconds, 0 for none."""

    def __init__(self) -> None:
        self.allow_missing = False
        self.certfile = ""
        self.dir = "."
        self.env = ""
        self.h = False
        self.no_color = False
        self.no_versioning = False
        self.s = False
        self.ssl_cert = ""
        self.ssl_key = ""
        self.table = ""
        self.timeout = 0
        self.v = False
        self.version = False


def parse_bool(text: str) -> bool:
    """The values of Go's strconv.ParseBool. Raises ValueError."""
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise ValueError("invalid syntax")


_ATTRIBUTES = {attribute.replace("_", "-"): attribute for attribute in vars(Flags())}


def parse_flags(argv: Sequence[str]) -> tuple[Flags, list[str]]:
    """Flags and words of a command line. Raises UsageError (worded as Go words it) and HelpRequest.

    ``--`` in front of the first word is swallowed; behind one, it and all that follows are words.
    """
    flags = Flags()
    words: list[str] = []
    rest = _leading_flags(list(argv), flags)
    while rest:
        if rest[0] == "--":
            return flags, words + rest
        if rest[0].startswith("-") and rest[0] != "-":
            rest = _leading_flags(rest, flags)
        else:
            words.append(rest.pop(0))
    return flags, words


def _leading_flags(rest: list[str], flags: Flags) -> list[str]:
    """Take the flags at the head of ``rest``; what is left begins with a word."""
    while rest and rest[0].startswith("-") and rest[0] != "-":
        word = rest.pop(0)
        if word == "--":
            break
        name = word[2:] if word.startswith("--") else word[1:]
        if name[:1] in ("", "-", "="):
            raise UsageError(f"bad flag syntax: {word}")
        name, has_value, value = name.partition("=")
        _set(flags, name, value if has_value else None, rest)
    return rest


def _set(flags: Flags, name: str, value: str | None, rest: list[str]) -> None:
    attribute = _ATTRIBUTES.get(name)
    if attribute is None:
        if name == "help":
            raise HelpRequest
        raise UsageError(f"flag provided but not defined: -{name}")
    if isinstance(getattr(flags, attribute), bool):
        setattr(flags, attribute, True if value is None else _switch(name, value))
        return
    if value is None:
        if not rest:
            raise UsageError(f"flag needs an argument: -{name}")
        value = rest.pop(0)
    setattr(flags, attribute, _length(name, value) if attribute == "timeout" else value)


def _switch(name: str, value: str) -> bool:
    try:
        return parse_bool(value)
    except ValueError:
        raise UsageError(f"invalid boolean value {quote(value)} for -{name}: parse error") from None


def _length(name: str, value: str) -> int:
    try:
        return parse_duration(value)
    except ValueError:
        raise UsageError(f"invalid value {quote(value)} for flag -{name}: parse error") from None
