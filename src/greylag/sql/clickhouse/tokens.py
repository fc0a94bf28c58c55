"""ClickHouse's SQL as tokens, and the form of a statement that comments and layout do not change.

The tokens are those of the server's lexer (tried on 26.9): comments begin with ``--``, ``//``, ``# `` and
``#!``, block comments nest, a backslash escapes inside every kind of quotes, curly quotes count as straight
ones, and heredocs are ``$tag$ … $tag$``. Nothing here raises.
"""

from __future__ import annotations

import re

from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


class Token(NamedTuple):
    """A piece of text. ``kind`` is ``word``, ``name`` (quoted), ``literal``, ``sign``, or ``open``.

    ``open`` is a quote or comment that nobody closes: it goes to the end. ``start`` counts characters.
    """

    kind: str
    text: str
    start: int


_GAP = re.compile(r"(?:[\s\u200b\u2060\ufeff]+|--[^\n]*|//[^\n]*|\#[ !][^\n]*)+")
_TOKEN = re.compile(
    r"""
      (?P<literal>[xXbB]?'(?:[^'\\]|\\.|'')*' | ‘[^’]*’ | \$(?P<tag>\w*)\$.*?\$(?P=tag)\$)
    | (?P<name>"(?:[^"\\]|\\.|"")*" | `(?:[^`\\]|\\.|``)*` | “[^”]*”)
    | (?P<open>'.* | ".* | `.* | ‘.* | “.*)
    | (?P<word>\d\w*(?:\.\d\w*)?(?:(?<=[eE])[+-]\d+)? | [\w$]+)
    | (?P<sign>-> | :: | \|\| | <=> | <= | >= | != | <> | == | @@ | .)
    """,
    re.VERBOSE | re.DOTALL,
)
_EDGE = re.compile(r"/\*|\*/")


def tokens(text: str) -> Iterator[Token]:
    """The tokens of ``text``, without comments and white space."""
    position, end = 0, len(text)
    while position < end:
        gap = _GAP.match(text, position)
        if gap is not None:
            position = gap.end()
        elif text.startswith("/*", position):
            after = _after_comment(text, position)
            if after < 0:
                yield Token("open", text[position:], position)
                return
            position = after
        else:
            found = _TOKEN.match(text, position)
            assert found is not None  # noqa: S101 - the last alternative takes any character
            kind = found.lastgroup if found.lastgroup != "tag" else "literal"
            yield Token(kind or "sign", found[0], position)
            position = found.end()


def _after_comment(text: str, start: int) -> int:
    """Where the block comment that begins at ``start`` ends; -1 for one that nobody closes."""
    depth = 0
    for edge in _EDGE.finditer(text, start):
        depth += 1 if edge[0] == "/*" else -1
        if depth == 0:
            return edge.end()
    return -1


def normalised(text: str) -> str:
    """``text``, one statement, without comments, layout and the closing ``;``.

    Case stays: names that differ by case alone are two names here, and no word is reserved. So two texts
    with one normal form are one statement to the server.
    """
    found = [token.text for token in tokens(text)]
    while found and found[-1] == ";":
        found.pop()
    return " ".join(found)


def bare(token: Token) -> str:
    """The name that a token stands for: a quoted one without quotes and escapes."""
    if token.kind != "name":
        return token.text
    quote, inner = token.text[0], token.text[1:-1]
    if quote == "“":
        return inner
    return re.sub(r"\\(.)", r"\1", inner.replace(quote * 2, quote), flags=re.DOTALL)
