"""Python text as a formatter would leave it: an expression on one line, or one item on each."""

from __future__ import annotations

import re
import unicodedata

from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

WIDTH = 100
"""Columns of a line in the files we write."""

_PARAMETER = re.compile(r"(?<![:\w\\]):(?=\w+(?!:))")
_ESCAPED = re.compile(r"\\(:[\w$]*)(?![:\w$])")
"""What text() of SQLAlchemy takes for a parameter, and for an escaped one."""


class Group(NamedTuple):
    """A bracket: what opens it (``sa.Index(``), items, each behind a prefix (``unique=``), what closes it."""

    opening: str
    items: tuple[tuple[str, str | Group], ...]
    closing: str = ")"


def call(
    name: str, args: Iterable[str | Group] = (), named: Mapping[str, str | Group] | None = None
) -> Group:
    """A call of ``name``."""
    items = [("", each) for each in args]
    items += [(f"{key}=", value) for key, value in (named or {}).items()]
    return Group(f"{name}(", tuple(items))


def sequence(values: Iterable[str | Group], opening: str = "[", closing: str = "]") -> Group:
    """A list, or a tuple with round brackets."""
    return Group(opening, tuple(("", each) for each in values), closing)


def mapping(pairs: Mapping[str, str | Group]) -> Group:
    """A dict with strings for keys."""
    return Group("{", tuple((f"{string(key)}: ", value) for key, value in pairs.items()), "}")


def statement(prefix: str, node: str | Group, indent: int = 0, suffix: str = "") -> list[str]:
    """The lines of ``prefix node``; a bracket that does not fit is opened, its last item keeps a comma."""
    margin = " " * indent
    line = f"{margin}{prefix}{flat(node)}{suffix}"
    if not isinstance(node, Group) or not node.items or width(line) <= WIDTH:
        return [line]
    first = f"{margin}{prefix}{node.opening}"
    if width(first) > WIDTH and prefix.endswith(" = "):
        return [f"{margin}{prefix}(", *statement("", node, indent + 4), f"{margin})"]
    lines = [first]
    for before, item in node.items:
        lines += statement(before, item, indent + 4, ",")
    return [*lines, f"{margin}{node.closing}{suffix}"]


def flat(node: str | Group) -> str:
    """The expression on one line."""
    if not isinstance(node, Group):
        return node
    inner = ", ".join(f"{before}{flat(item)}" for before, item in node.items)
    lonely = "," if node.opening == "(" and len(node.items) == 1 else ""
    return f"{node.opening}{inner}{lonely}{node.closing}"


def width(text: str) -> int:
    """Columns that text takes on a screen, as formatters count them: wide letters take two."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return len(text) + wide - sum(bool(unicodedata.combining(char)) for char in text)


def string(text: str) -> str:
    """A literal, in double quotes unless single ones save escapes."""
    quote = "'" if text.count('"') > text.count("'") else '"'
    return quote + "".join(_escaped(char, quote) for char in text) + quote


def _escaped(char: str, quote: str) -> str:
    if char in (quote, "\\"):
        return f"\\{char}"
    return char if char.isprintable() else repr(char)[1:-1]


def docstring(text: str, indent: int = 4) -> list[str]:
    """The lines of a docstring; whatever the text holds, it ends where it should."""
    margin = " " * indent
    raw = text.expandtabs(4).replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    lines = ["".join(_shown(char) for char in line).rstrip() for line in raw.strip().splitlines()]
    if not lines:
        return []
    last = f'{lines[-1][:-1]}\\"' if lines[-1].endswith('"') and not lines[-1].endswith('\\"') else lines[-1]
    if len(lines) == 1:
        start = " " if last.startswith('"') else ""
        return [f'{margin}"""{start}{last}"""']
    body = [f"{margin}{line}".rstrip() for line in [*lines[1:-1], last]]
    return [f'{margin}"""{lines[0]}', *body, f'{margin}"""']


def _shown(char: str) -> str:
    return char if char.isprintable() else repr(char)[1:-1]


def text_clause(expression: str) -> Group:
    """``sa.text(…)`` of SQL; what looks like a parameter of SQLAlchemy (``:name``) is kept from being one."""
    kept = _PARAMETER.sub(r"\\\g<0>", _ESCAPED.sub(r"\\\g<0>", expression))
    if _ESCAPED.sub(r"\1", kept) == expression and not _PARAMETER.search(kept):
        return call("sa.text", [string(kept)])
    # Words between two colons cannot be escaped: a column of that "name" is printed as it stands.
    return call("sa.literal_column", [string(expression)])


def clause(expression: str) -> str | Group:
    """SQL for an argument that takes a string for text(): the string alone where it holds no such thing."""
    found = text_clause(expression)
    plain = string(expression)
    return plain if found == call("sa.text", [plain]) else found
