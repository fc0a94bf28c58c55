"""SQL as tokens: the form of a statement that comments and layout do not change, and text without passwords.

The tokens are those of PostgreSQL 16's scan.l with standard_conforming_strings on. Nothing here raises: what
PostgreSQL would refuse (an open quote, an open comment) is kept byte for byte up to the end.
"""

from __future__ import annotations

import re

from greylag.model.digest import sha256
from greylag.sql.units import after_comment

_GAP = r"(?:[ \t\n\r\f\v]++|--[^\n\r]*+)*+"
_CONTINUED = r"(?:[ \t\f\v]|--[^\n\r]*+)*+[\n\r](?:[ \t\n\r\f\v]|--[^\n\r]*+[\n\r])*+'"
"""White space with a line break between two literals makes them one, in the escapes of the first."""
_PLAIN = r"[^']*+(?:''[^']*+)*+(?:'|\Z)"
_ESCAPED = r"[^'\\]*+(?:(?:''|\\(?:.|\Z))[^'\\]*+)*+(?:'|\Z)"
# Classes say what is not in them: those that name ranges up to the last character take long to compile.
_REST = r":-@\[-^`{-\x7f]"
_LETTER = r"[^\x00-@\[-^`{-\x7f]"
_LETTER_DIGIT = rf"[^\x00-/{_REST}"
_LETTER_DIGIT_DOLLAR = rf"[^\x00-\#%-/{_REST}"
_LETTER_DIGIT_POINT = rf"[^\x00-\-/{_REST}"

_TOKEN = re.compile(
    rf"""
    {_GAP}(?:
      \Z                                                            # so that a comment at the end is one
    | ( [eE]'{_ESCAPED}(?:{_CONTINUED}{_ESCAPED})*+                  # 1: literals
      | (?:[bBnNxX]|[uU]&)?'{_PLAIN}(?:{_CONTINUED}{_PLAIN})*+
      | (?:[uU]&)?"[^"]*+(?:""[^"]*+)*+"?+
      | (?P<tag>\$(?:{_LETTER}{_LETTER_DIGIT}*+)?+\$)
        [^$]*+(?:(?!(?P=tag))\$[^$]*+)*+(?:(?P=tag))?+
      )
    | ( {_LETTER}{_LETTER_DIGIT_DOLLAR}*+                           # 3: words, numbers, single characters
      | \.?+[0-9](?:[eE][+-][0-9]|{_LETTER_DIGIT_POINT})*+                #    a bad number stays in one piece
      | \$[0-9]++{_LETTER_DIGIT}*+
      | :: | := | \.\.
      | [^ \t\n\r\f\v~!@\#^&|`?%*+<>=/-]
      )
    | ( /\* )                                                        # 4: a block comment opens
    | ( (?:[~!@\#^&|`?%*+<>=]|-(?!-)|/(?!\*))++ )                    # 5: a run of operator characters
    )
    """,
    re.VERBOSE | re.DOTALL,
)
_LITERAL, _WORD, _COMMENT = 1, 3, 4
_PIECE = {
    True: re.compile(f"{_GAP}([eE]?'{_ESCAPED})", re.DOTALL),
    False: re.compile(f"{_GAP}([^']*'{_PLAIN})", re.DOTALL),
}
_SURELY_OPERATOR = frozenset("~!@#^&|`?%")
# PostgreSQL folds ASCII letters alone (in UTF-8); str.lower would make Ä and ä one name.
_FOLD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


def normalised(text: str) -> str:
    """``text``, one unit of SQL, without comments, layout, case outside quotes and the closing ``;``.

    Literals and quoted names stay byte for byte. Two texts with one normal form are one sequence of tokens
    to PostgreSQL; the reverse does not hold (``'ab'`` and ``'a'`` continued by ``'b'`` differ here).
    """
    found: list[str] = []
    append = found.append
    position = 0
    while position >= 0:
        scan, position = _TOKEN.finditer(text, position), -1
        for match in scan:
            kind = match.lastindex
            if kind == _WORD:
                word = match[_WORD]
                append(word.lower() if word.isascii() else word.translate(_FOLD))
            elif kind == _LITERAL:
                append(_joined(match[_LITERAL]))
            elif kind == _COMMENT:
                position = after_comment(text, match.start(_COMMENT))
                if position < 0:
                    append(text[match.start(_COMMENT) :])
                break
            elif kind is not None:
                found += _operators(match[kind])
    while found and found[-1] == ";":
        found.pop()
    return " ".join(found)


def _joined(literal: str) -> str:
    """A literal with each of its line breaks between continued pieces as one."""
    if "\n" not in literal and "\r" not in literal:
        return literal
    if literal.startswith(('"', "$", 'U&"', 'u&"')):
        return literal
    return "\n".join(_PIECE[literal[0] in "eE"].findall(literal))


def _operators(run: str) -> list[str]:
    """The operators of a run: one, unless it ends in a ``+`` or ``-`` of what follows (``a=-1``)."""
    if run[-1] not in "+-" or len(run) == 1 or not _SURELY_OPERATOR.isdisjoint(run):
        return [run]
    head = run.rstrip("+-")
    return [head, *run[len(head) :]] if head else list(run)


def statement_hash(text: str) -> bytes:
    """SHA-256 of the normal form: what tells a statement that was edited from one that was only laid out."""
    return sha256(_encoded(normalised(text))).digest()


def _encoded(text: str) -> bytes:
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # half a surrogate pair, which no file can hold
        return text.encode("utf-8", "surrogatepass")


_MAY_HOLD = re.compile(r"password|postgres(?:ql)?://", re.IGNORECASE | re.ASCII)
_ASSIGN = frozenset(("=", ":=", "=>"))
_INSIDE = re.compile(
    r"""
    ( \b password \s*+ =?+ \s*+ [eE]?+ (?P<quote>''?|\\') )        # PASSWORD '..' in SQL inside a literal
    (?: (?!(?P=quote)) (?: \\. | [^\\] ) )++ (?P=quote)
    | ( \b postgres(?:ql)?:// [^\s:@/?']*+ : ) [^\s@/']++ (?=@)   # an address
    | ( [?&] password= ) [^\s&']++
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII | re.DOTALL,
)
_CONNINFO = re.compile(r"\s*+\w++\s*+=", re.ASCII)
_PARAMETER = re.compile(
    r"""
    (\bpassword\s*+=\s*+)
    (?! \\?' | % (?:\d\$)? [sIL] (?:\s|'|\Z) )        # quoted: done by now; a place for format(): no secret
    (?: \\. | '' | [^\s'\\] )++
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII | re.DOTALL,
)
_DEEPEST = 8


BLANK = "***"
"""What stands in the place of a password."""


def redacted(text: str) -> str:
    """``text``, any number of statements, with ``***`` for each password that SQL hands to the server.

    That is a literal after the word PASSWORD (roles, user mappings, ``password = '..'``), and inside
    literals, bodies and comments the same once more, ``password=..`` of connection strings, and the password
    of an address ``postgres://``. Everything else stays byte for byte, an empty literal too.
    """
    return _redacted(text, 0) if _MAY_HOLD.search(text) else text


def _redacted(text: str, depth: int) -> str:
    pieces: list[str] = []
    position = 0
    follows = False
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None or match.lastindex is None:
            pieces.append(_inside(text[position:]))
            break
        kind, start, end = match.lastindex, match.start(match.lastindex), match.end()
        token = text[start:end]
        if kind == _COMMENT:
            end = after_comment(text, start)
            end = len(text) if end < 0 else end
            token = _inside(text[start:end])
        elif kind == _LITERAL and token.lower() != '"password"':
            token = _blank(token) if follows and token[0] != '"' else _literal(token, depth)
            follows = False
        else:
            follows = token.strip('"').lower() == "password" or (follows and token in _ASSIGN)
        pieces += (_inside(text[position:start]), token)
        position = end
    return "".join(pieces)


def _blank(literal: str) -> str:
    opening, content, closing = _parts(literal)
    return f"{opening}{BLANK}{closing}" if content else literal


def _literal(literal: str, depth: int) -> str:
    opening, content, closing = _parts(literal)
    if not _MAY_HOLD.search(content):
        return literal
    body = opening[0] == "$" and depth < _DEEPEST
    content = _redacted(content, depth + 1) if body else _inside(content)
    return opening + _parameters(content) + closing


def _parts(literal: str) -> tuple[str, str, str]:
    if literal[0] == "$":
        closing = opening = literal[: literal.index("$", 1) + 1]
    else:
        closing = literal.lstrip("eEbBnNxXuU&")[0]
        opening = literal[: literal.index(closing) + 1]
    content = literal[len(opening) :]
    if not content.endswith(closing):
        return opening, content, ""  # never closed
    return opening, content.removesuffix(closing), closing


def _inside(text: str) -> str:
    """Text that is not code here but may be elsewhere: a comment, a literal."""
    return _INSIDE.sub(_kept, text) if text else text


def _kept(match: re.Match[str]) -> str:
    return (match[1] or match[3] or match[4]) + BLANK + (match["quote"] or "")


def _parameters(text: str) -> str:
    # Only text that begins as a connection string does: in a function, password=x compares two columns.
    return _PARAMETER.sub(r"\1***", text) if _CONNINFO.match(text) else text
