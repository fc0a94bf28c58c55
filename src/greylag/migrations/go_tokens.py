"""Go source text to tokens with their places, semicolons inserted by Go's rule."""

from __future__ import annotations

import re

from greylag.model.records import NamedTuple

KEYWORDS = frozenset(
    (
        *(
            "break",
            "case",
            "chan",
            "const",
            "continue",
            "default",
            "defer",
            "else",
            "fallthrough",
            "for",
            "func",
        ),
        *("go", "goto", "if", "import", "interface", "map", "package", "range", "return", "select", "struct"),
        *("switch", "type", "var"),
    )
)

_TOKEN = re.compile(
    r"""
      (?P<blank>[ \t\r]+)
    | (?P<newline>\n)
    | (?P<comment>//[^\n]*|/\*(?s:.*?)\*/)
    | (?P<word>[^\W\d]\w*)
    | (?P<number>\.?\d(?:[eEpP][+-]|[\w.])*)
    | (?P<text>"(?:[^"\\\n]|\\[^\n])*"|`[^`]*`|'(?:[^'\\\n]|\\[^\n])+')
    | (?P<sign>(?!/\*)(?:
          <<=|>>=|&\^=|\.\.\.|&&|\|\||<-|\+\+|--|==|!=|<=|>=|:=|[-+*/%&|^]=|<<|>>|&\^
        | [-+*/%&|^<>=!()\[\]{},;.:~]
      ))
    """,
    re.VERBOSE,
)
_UNFINISHED = {
    "/": "comment not terminated",
    '"': "string literal not terminated",
    "`": "raw string literal not terminated",
    "'": "rune literal not terminated",
}
_BAD = re.compile("[\0\ufeff\udc80-\udcff]")
_ENDS_STATEMENT = frozenset((")", "]", "}", "++", "--", "break", "continue", "fallthrough", "return"))


class GoSyntaxError(Exception):
    """Go's parser would refuse the file; the text is ``line:column: reason``."""


class Token(NamedTuple):
    """``kind`` is word, keyword, number, text, sign or EOF; an inserted semicolon is the sign ``\\n``."""

    kind: str
    text: str
    line: int
    column: int

    def found(self) -> str:
        """How Go's parser names the token it did not expect."""
        if self.text == "\n":
            return "newline"
        return self.text if self.kind in ("word", "number", "text") else f"'{self.text}'"


def fail(token: Token, expected: str) -> GoSyntaxError:
    """The error for a token that is not the one expected."""
    return GoSyntaxError(f"{token.line}:{token.column}: expected {expected}, found {token.found()}")


def tokens(source: str) -> list[Token]:
    """All tokens, EOF last. Raises GoSyntaxError for text that is no Go."""
    found: list[Token] = []
    source = source.removeprefix("\ufeff")
    position, line, start, semicolon = 0, 1, 0, False
    while position <= len(source):
        match = _TOKEN.match(source, position)
        if position == len(source) and source.endswith("\n"):  # Go knows no line behind the last line break
            line, start = line - 1, source.rfind("\n", 0, position - 1) + 1
        # columns count bytes
        column = len(source[start:position].encode("utf-8", "surrogateescape")) + 1
        if match is None or _BAD.search(match.group()):
            if match is not None:
                raise _bad_inside(match.group(), line, column)
            if position < len(source):
                raise _illegal(source, position, line, column)
            if semicolon:
                found.append(Token("sign", "\n", line, column))
            found.append(Token("EOF", "EOF", line, column))
            break
        kind, text = str(match.lastgroup), match.group()
        if kind == "word" and not text.isascii():
            text = _identifier(text)
            if not text:
                raise _illegal(source, position, line, column)
        breaks = text.count("\n")
        if breaks and semicolon and kind in ("newline", "comment"):
            found.append(Token("sign", "\n", line, column))
            semicolon = False
        if kind in ("word", "number", "text", "sign"):
            if text in KEYWORDS:
                kind = "keyword"
            found.append(Token(kind, text, line, column))
            semicolon = kind in ("word", "number", "text") or text in _ENDS_STATEMENT
        position += len(text)
        if breaks:
            line += breaks
            start = position - len(text) + text.rfind("\n") + 1
    return found


def _identifier(text: str) -> str:
    """As much of a word as Go takes: letters, decimal digits and ``_``; Python's words may hold a ``²``."""
    end = 0
    while end < len(text) and (text[end] == "_" or text[end].isalpha() or text[end].isdecimal()):
        end += 1
    return text[:end]


def _bad_inside(text: str, line: int, column: int) -> GoSyntaxError:
    """A character that Go refuses even in comments and strings."""
    at = next(index for index, char in enumerate(text) if _BAD.match(char))
    before = text[:at]
    if "\n" in before:
        line, column, before = line + before.count("\n"), 1, before[before.rfind("\n") + 1 :]
    return _illegal(text, at, line, column + len(before.encode("utf-8", "surrogateescape")))


def _illegal(source: str, position: int, line: int, column: int) -> GoSyntaxError:
    char = source[position]
    reason = _UNFINISHED.get(char)
    if "\udc80" <= char <= "\udcff":
        reason = "illegal UTF-8 encoding"
    elif char == "\ufeff":
        reason = "illegal byte order mark"
    elif char == "\0":
        reason = "illegal character NUL"
    elif reason is None:
        shown = f" '{char}'" if char.isprintable() else ""
        reason = f"illegal character U+{ord(char):04X}{shown}"
    return GoSyntaxError(f"{line}:{column}: {reason}")
