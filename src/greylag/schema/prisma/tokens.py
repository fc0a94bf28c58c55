"""A default's text in tokens, as Prisma cuts it: not quite SQL, and its oddities count."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    Kind = Literal[
        ",", "(", ")", "[", "]", "{", "}", "-", ".", "::", "name", "digits", "string", "escaped", "quoted",
        "blank", "open", "unknown",
    ]  # fmt: skip
else:
    Kind = str

Token = tuple[Kind, str]
"""A kind and the text it covers. ``open`` is a string without end."""

# An E before anything but a letter or a digit is a name of its own: e_mail is E, and then unknown.
_PATTERN = re.compile(
    r"""
      (?P<blank>[ \t\n\x0c\r]+)
    | (?P<digits>[0-9]+)
    | (?P<escaped>[eE]'(?:\\.|[^\\'])*')
    | (?P<open>[eE]'.*)
    | (?P<name>[eE](?:[a-zA-Z0-9][a-zA-Z0-9_-]*)?|[a-zA-Z][a-zA-Z0-9_-]*)
    | (?P<string>'(?:''|[^'])*'(?!'))
    | (?P<quoted>"(?:\\.|[^"\\])*")
    | (?P<cast>::)
    | (?P<sign>[,()\[\]{}.-])
    """,
    re.VERBOSE | re.DOTALL | re.ASCII,
)


def tokens_of(text: str) -> list[Token]:
    """Cut the text. A string without end and a lone colon take all that is left, and end the list."""
    found: list[Token] = []
    place = 0
    while place < len(text):
        match = _PATTERN.match(text, place)
        if match is None:
            character = text[place]
            if character in "'\"":
                found.append(("open", text[place:]))
                return found
            if character == ":":
                found.append(("unknown", text[place:]))
                return found
            found.append(("unknown", character))
            place += 1
            continue
        kind = match.lastgroup or ""
        word = match.group()
        found.append((word if kind in ("sign", "cast") else kind, word))  # type: ignore[arg-type]
        place = match.end()
    return found
