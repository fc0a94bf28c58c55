"""``-- +goose ENVSUB ON``: shell-like substitution by the rules of mfridman/interpolate 0.0.2.

Known forms: ``$V``, ``${V}``, ``${V:-default}``, ``${V-default}``, ``${V?message}``, ``${V:offset}``,
``${V:offset:length}``; defaults and messages may hold further ones. ``$$`` and ``\\$`` give one ``$``; two
backslashes and ``$(`` stay as they are. Offsets count bytes.
"""

from __future__ import annotations

from greylag.model.numbers import parse_int
from greylag.model.quoting import quote
from greylag.model.spaces import SPACES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Lookup = Callable[[str], str | None]
    Expression = list["str | Expansion"]

_BROKEN = "\ufffd"
_LITERALS = {"\\\\": "\\\\", "\\$": "$", "$$": "$", "$(": "$("}


class InterpolationError(Exception):
    """A line cannot be substituted; the text is the library's."""


def expand(line: str, lookup: Lookup) -> str:
    """``line`` with its variables replaced; ``lookup`` gives None for a variable that is not set.

    A byte that is not UTF-8 becomes U+FFFD, as in the library. Raises InterpolationError.
    """
    if "$" not in line and "\\" not in line and line.isascii():
        return line
    try:
        text = _text_of(_Parser(line).expression(""), lookup)
    except RecursionError:
        raise InterpolationError("Expansions are nested too deeply") from None
    # halves of a character, cut by offsets, may have come together again
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")


class Expansion:
    """One ``$…``: a name, and what to do with its value."""

    def __init__(self, name: str, operator: str = "", rest: Expression | None = None) -> None:
        self.name = name
        self.operator = operator
        self.rest = rest or []
        self.offset = 0
        self.length: int | None = None

    def text(self, lookup: Lookup) -> str:
        """The replacement. Raises InterpolationError for a required variable that is not set."""
        value = lookup(self.name)
        if (self.operator == "-" and value is None) or (self.operator == ":-" and not value):
            return _text_of(self.rest, lookup)
        if self.operator == "?" and value is None:
            raise InterpolationError(f"${self.name}: {_text_of(self.rest, lookup) or 'not set'}")
        if self.operator == ":":
            return _slice(value or "", self.offset, self.length)
        return value or ""


def _text_of(expression: Expression, lookup: Lookup) -> str:
    return "".join(item if isinstance(item, str) else item.text(lookup) for item in expression)


def _slice(value: str, offset: int, length: int | None) -> str:
    data = value.encode("utf-8", "surrogateescape")
    start = min(max(offset + len(data) if offset < 0 else offset, 0), len(data))
    end = len(data)
    if length is not None:
        end = start + length if length >= 0 else max(end + length, start)
    return data[start:end].decode("utf-8", "surrogateescape")


class _Parser:
    def __init__(self, line: str) -> None:
        # the library reads characters, and a byte that is none is U+FFFD to it
        self.line = "".join(_BROKEN if "\udc80" <= char <= "\udcff" else char for char in line)
        self.position = 0

    def peek(self) -> str:
        """The character that comes next, empty at the end."""
        return self.line[self.position : self.position + 1]

    def take(self) -> str:
        """The character that comes next, which is then passed."""
        char = self.peek()
        self.position += len(char)
        return char

    def until(self, stops: str) -> str:
        """Everything up to one of the characters that stop, or up to U+FFFD."""
        start = self.position
        ends = (self.line.find(char, start) for char in (*stops, _BROKEN))
        self.position = min((end for end in ends if end >= 0), default=len(self.line))
        return self.line[start : self.position]

    def expression(self, stop: str) -> Expression:
        """Text and expansions up to the stop character or the end."""
        found: Expression = []
        while (char := self.peek()) and char != stop:
            literal = _LITERALS.get(self.line[self.position : self.position + 2])
            if literal is not None:
                self.position += 2
                found.append(literal)
            elif char == "$" and self.position < len(self.line) - 1:
                found.append(self.expansion())
            else:
                found.append(self.take() + self.until("$\\" + stop))
        return found

    def expansion(self) -> Expansion:
        self.take()
        if self.peek() != "{":
            return Expansion(self.identifier())
        self.take()
        name = self.identifier()
        if self.peek() == "}":
            self.take()
            return Expansion(name)
        found = self.operation(name)
        if (char := self.take()) != "}":
            raise InterpolationError(f"Expected brace expansion to end with }}, got {char or _BROKEN}")
        return found

    def operation(self, name: str) -> Expansion:
        operator = self.take()
        if operator == ":" and self.peek() == "-":
            operator += self.take()
        if operator in ("-", ":-", "?"):
            return Expansion(name, operator, self.expression("}"))
        if operator != ":":
            raise InterpolationError(f"Expected an operator, got {operator or _BROKEN}")
        found = Expansion(name, operator)
        found.offset = _number(self.until(":}"), "offset")
        if self.peek() != "}":
            self.take()
            found.length = _number(self.until("}"), "length")
        return found

    def identifier(self) -> str:
        char = self.peek()
        if not char.isalpha():
            raise InterpolationError(f"Expected identifier to start with a letter, got {char or _BROKEN}")
        start = self.position
        while (char := self.peek()) and (char.isalpha() or char.isnumeric() or char == "_"):
            self.position += 1
        return self.line[start : self.position]


def _number(text: str, what: str) -> int:
    text = text.strip(SPACES)
    try:
        return parse_int(text)
    except ValueError as reason:
        raise InterpolationError(
            f"Unable to parse {what}: strconv.Atoi: parsing {quote(text)}: {reason}"
        ) from None
