"""What a column's default means to Prisma: parsed by the family of the type, else ``dbgenerated``.

The parser follows Prisma's step for step, also where it accepts what it has not understood: one token left
over at the end, everything behind a list.
"""

from __future__ import annotations

import re

from greylag.schema.prisma.names import quoted
from greylag.schema.prisma.tokens import tokens_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Literal

    from greylag.schema.prisma.tokens import Token
    from greylag.schema.prisma.types import Family

    DefaultKind = Literal["value", "enum", "sequence", "now", "generated"]
else:
    DefaultKind = str

_BIG = 2**63


class Default:
    """A default. ``text`` is what stands in ``@default(…)``, of an enum the label in the database.

    ``origin`` is the whole expression. ``json`` marks a value that a list leaves out.
    """

    __slots__ = ("json", "kind", "origin", "text")

    def __init__(self, kind: DefaultKind, text: str, *, origin: str = "", json: bool = False) -> None:
        self.kind = kind
        self.text = text
        self.origin = origin
        self.json = json


_NOW = Default("now", "now()")
_SEQUENCE = Default("sequence", "autoincrement()")


def generated(text: str) -> Default:
    """A default that only the database understands."""
    bare = text.strip("\0")
    return Default("generated", f"dbgenerated({quoted(text)})" if bare else "dbgenerated()", origin=text)


def default_of(text: str, family: Family, *, array: bool) -> Default | None:
    """The meaning of an expression for a column of this family; None for NULL (and whatever begins so)."""
    if text.strip().startswith("NULL"):
        return None
    parser = _Parser(tokens_of(text))
    if array:
        return _list(parser, family) or generated(text)
    parse = _PARSERS.get(family)
    found = parse(parser) if parse else None
    return found if found is not None and parser.finished else generated(text)


class _Parser:
    """A place in a list of tokens; blanks are stepped over."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._place = 0

    @property
    def finished(self) -> bool:
        # Prisma's own end: the last token may be left
        return self._place >= len(self._tokens) - 1

    def peek(self) -> str:
        return self._tokens[place][0] if (place := self._next()) is not None else ""

    def take(self, kind: str = "") -> str | None:
        """The text of the next token if it is of the kind; any kind without one. None is no such token."""
        place = self._next()
        if place is None or (kind and self._tokens[place][0] != kind):
            return None
        self._place = place + 1
        return self._tokens[place][1]

    def skip(self, kind: str) -> bool:
        """Go behind the next token of the kind, wherever it is; False where there is none."""
        while (place := self._next()) is not None:
            self._place = place + 1
            if self._tokens[place][0] == kind:
                return True
        return False

    def cast(self) -> bool:
        """Step over a cast, if there is one; False where it cannot be read."""
        if self.take("::") is None:
            return True
        while self.peek() in ("quoted", "name", "."):
            self.take()
        if self.peek() == "(" and not self.skip(")"):
            return False
        return self.take("[") is None or self.take("]") is not None

    def _next(self) -> int | None:
        place = self._place
        while place < len(self._tokens):
            if self._tokens[place][0] != "blank":
                return place
            place += 1
        return None


def _text(parser: _Parser) -> str | None:
    """A string literal with its cast."""
    kind = parser.peek()
    if kind == "string":
        found = (parser.take() or "")[1:-1].replace("''", "'")
    elif kind == "escaped":
        found = _unescaped((parser.take() or "")[2:-1])
    else:
        return None
    return found if parser.cast() else None


_ESCAPES = {"a": "\x07", "b": "\x08", "v": "\x11", "f": "\x12", "n": "\n", "r": "\r", "t": "\t"}


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.?)", lambda match: _ESCAPES.get(match[1], match[1]), text, flags=re.DOTALL)


def _unquoted(text: str) -> str:
    """What is between double quotes, where a backslash takes the next character as it is."""
    return re.sub(r"\\(.?)", r"\1", text[1:-1], flags=re.DOTALL)


def _string(parser: _Parser) -> Default | None:
    text = _text(parser)
    return None if text is None else Default("value", quoted(text))


def _integer(text: str) -> Default | None:
    digits = text[1:] if text[:1] in ("-", "+") else text
    if not (digits.isascii() and digits.isdigit()):
        return None
    number = int(text)
    return Default("value", str(number)) if -_BIG <= number < _BIG else None


def _int(parser: _Parser) -> Default | None:
    kind = parser.peek()
    if kind == "digits":
        return _integer(parser.take() or "")
    if kind == "-":
        parser.take()
        digits = parser.take("digits")
        found = None if digits is None else _integer(digits)
        return None if found is None else Default("value", str(-int(found.text)))
    if kind == "string":
        text = _text(parser)
        return None if text is None else _integer(text)
    if kind == "name" and (parser.take() or "").lower() == "nextval":
        return _sequence(parser)
    return None


def _sequence(parser: _Parser) -> Default | None:
    if parser.take("(") is None:
        return None
    parser.take("(")
    name = _text(parser)
    if name is None:
        return None
    inner = _Parser(tokens_of(name))
    if inner.take("quoted") is None and inner.take("name") is None:
        return None
    if inner.take(".") is not None and inner.take("quoted") is None and inner.take("name") is None:
        return None
    if not parser.skip(")") or not parser.cast():
        return None
    parser.take(")")
    return _SEQUENCE if parser.cast() else None


def _float(parser: _Parser) -> Default | None:
    found = _number(parser)
    return found if found is not None and parser.cast() else None


def _number(parser: _Parser) -> Default | None:
    kind = parser.peek()
    if kind in ("string", "escaped"):
        text = _text(parser)
        return None if text is None else _number(_Parser(tokens_of(text)))
    braced = parser.take("(") is not None
    sign = parser.take("-") or ""
    whole = parser.take("digits")
    if whole is None:
        return None
    part = ""
    if parser.take(".") is not None:
        digits = parser.take("digits")
        if digits is None:
            return None
        part = f".{digits}"
    if braced and parser.take(")") is None:
        return None
    return Default("value", _decimal(sign, whole, part))


def _decimal(sign: str, whole: str, part: str) -> str:
    whole = whole.lstrip("0") or "0"
    nothing = whole == "0" and not part.strip(".0")
    return f"{'' if nothing else sign}{whole}{part}"


def _boolean(parser: _Parser) -> Default | None:
    word = parser.take("name")
    truth = None if word is None else _TRUTHS.get(word.lower())
    return None if truth is None else Default("value", truth)


_TRUTHS = {"t": "true", "true": "true", "f": "false", "false": "false"}


def _moment(parser: _Parser) -> Default | None:
    word = parser.take("name")
    if word is None or (parser.take("(") is not None and parser.take(")") is None) or not parser.cast():
        return None
    return _NOW if word.lower() in ("now", "current_timestamp") else None


def _enum(parser: _Parser) -> Default | None:
    label = parser.take() if parser.peek() == "name" else _text(parser)
    return Default("enum", label) if label is not None and parser.cast() else None


def _bytes(parser: _Parser) -> Default | None:
    text = _text(parser)
    if text is None or not text.startswith("\\x") or not text.isascii():
        return None
    import binascii

    try:
        octets = binascii.unhexlify(text[2:])
    except binascii.Error:
        return None
    return Default("value", quoted(binascii.b2a_base64(octets, newline=False).decode()))


def _list(parser: _Parser, family: Family) -> Default | None:
    kind = parser.peek()
    if kind in ("string", "escaped"):
        text = _text(parser)
        values = None if text is None else _braces(text, family)
    elif kind in ("name", "("):
        values = _array(parser, family)
    else:
        return None
    if values is None:
        return None
    return Default("value", f"[{', '.join(value.text for value in values if not value.json)}]")


def _array(parser: _Parser, family: Family) -> list[Default] | None:
    """``ARRAY[…]``, with or without a parenthesis in front; what follows is not looked at."""
    parse = _PARSERS.get(family)
    parser.take("(")
    if (parser.take("name") or "").lower() != "array" or parser.take("[") is None:
        return None
    values: list[Default] = []
    while parser.peek() != "]":
        value = parse(parser) if parse else None
        if value is None or value.kind not in ("value", "enum"):
            return None
        values.append(value)
        if parser.peek() == "]":
            break
        if parser.take(",") is None:
            return None
    return values


def _braces(text: str, family: Family) -> list[Default] | None:
    """The inside of ``'{…}'``; what follows is not looked at."""
    parser = _Parser(tokens_of(text))
    if parser.take("{") is None:
        return None
    values: list[Default] = []
    while parser.peek() != "}":
        value = _element(parser, family)
        if value is None:
            return None
        values.append(value)
        if parser.peek() == "}":
            break
        if parser.take(",") is None:
            return None
    return values


def _element(parser: _Parser, family: Family) -> Default | None:
    kind = parser.peek()
    if kind in ("-", "digits"):
        parse = _NUMBERS.get(family)
        return parse(parser) if parse else None
    if kind == "name":
        word = parser.take()
    elif kind == "quoted":
        word = _unquoted(parser.take() or "")
    elif kind == "string":
        word = _text(parser)
    else:
        return None
    read = _WORDS.get(family)
    return read(word) if read and word is not None else None


def _label(word: str) -> Default:
    inner = _text(_Parser(tokens_of(word)))
    return Default("enum", word if inner is None else inner)


def _plain_number(word: str) -> Default | None:
    parser = _Parser(tokens_of(word))
    found = _number(parser) if parser.peek() in ("-", "digits") else None
    return found if found is not None and parser.peek() == "" else None


def _truth(word: str) -> Default | None:
    truth = _TRUTHS.get(word.lower())
    return None if truth is None else Default("value", truth)


_PARSERS: dict[str, Callable[[_Parser], Default | None]] = {
    "String": _string,
    "Json": _string,
    "Int": _int,
    "BigInt": _int,
    "Float": _float,
    "Decimal": _float,
    "Boolean": _boolean,
    "DateTime": _moment,
    "Enum": _enum,
    "Bytes": _bytes,
}
_NUMBERS: dict[str, Callable[[_Parser], Default | None]] = {
    "Int": _int,
    "BigInt": _int,
    "Float": _float,
    "Decimal": _float,
}
_WORDS: dict[str, Callable[[str], Default | None]] = {
    "Int": _integer,
    "BigInt": _integer,
    "Float": _plain_number,
    "Decimal": _plain_number,
    "String": lambda word: Default("value", quoted(word)),
    "Boolean": _truth,
    "Json": lambda word: Default("value", quoted(word), json=True),
    "Enum": _label,
}
