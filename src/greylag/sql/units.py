"""Which statement units PostgreSQL's extended protocol treats as the simple protocol does.

Of 190 kinds of units tried in both protocols nine differed: several commands in one unit, and unbound
``$1``. COPY needs a conversation, and transaction control would end the transaction that carries the version
row. Everything in doubt is "not plain": the slow way is always right.
"""

from __future__ import annotations

import re

_CONTROL = frozenset(("BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "COPY"))

_TOKEN = re.compile(
    r"""
      [eE]'(?:[^'\\]|\\.)*'                     # a literal with backslash escapes
    | '[^']*'                                   # a literal; a doubled quote makes two of them
    | "[^"]*"
    | --[^\n]*
    | /\*
    | \$(?:[^\W\d][^\W$]*)?\$                   # the opening of a dollar body
    | \$\d
    | ;
    | [^\W\d][\w$]*                             # a word, so that the $1 of a$1 is not a parameter
    """,
    re.VERBOSE | re.DOTALL,
)
_COMMENT_EDGE = re.compile(r"/\*|\*/")
_QUOTES = frozenset("'\"")


def after_comment(text: str, start: int) -> int:
    """Index after the block comment that opens at ``start``; PostgreSQL nests them. -1: it never ends."""
    depth = 0
    for edge in _COMMENT_EDGE.finditer(text, start):
        depth += 1 if edge.group() == "/*" else -1
        if depth == 0:
            return edge.end()
    return -1


def is_plain(text: str) -> bool:
    """True when ``text`` is one command without parameters, transaction control or COPY.

    ``text`` is a trimmed unit, its closing ``;`` included or not.
    """
    first = text[:12].lstrip("(")
    if first[:1].isalpha() and "$" not in text and text.find(";", 0, -1) < 0:
        word = first.partition(" ")[0].partition("\n")[0].partition(";")[0].upper()
        if word in _CONTROL:
            return word == "ROLLBACK" and _is_savepoint_rollback(text)
        if word.isalpha() and word != "PREPARE":
            return True
    return _scan(text)


def _is_savepoint_rollback(text: str) -> bool:
    words = text.upper().split(None, 3)[1:]
    if words and words[0] in ("WORK", "TRANSACTION"):
        words = words[1:]
    return bool(words) and words[0] == "TO"


def _scan(text: str) -> bool:
    position, words, ended = 0, 0, False
    while (token := _TOKEN.search(text, position)) is not None:
        gap = text[position : token.start()]
        if _QUOTES.intersection(gap) or (ended and gap.strip()):
            return False  # a quote that never closes, or something behind the semicolon
        word = token.group()
        position = token.end()
        if word.startswith("--"):
            continue
        if word == "/*":
            position = after_comment(text, token.start())
            if position < 0:
                return False
            continue
        if ended:
            return False
        if word == ";":
            ended = True
        elif word[0] == "$":
            if word[-1].isdigit():
                return False
            position = text.find(word, position) + len(word)
            if position < len(word):
                return False
        elif word[0] == "'" and "\\" in word:
            return False  # its end depends on standard_conforming_strings
        elif word[0] not in _QUOTES:
            words += 1
            if words == 1 and not _may_start(word.upper(), text[token.start() :]):
                return False
    rest = text[position:]
    return not _QUOTES.intersection(rest) and not (ended and rest.strip())


def _may_start(word: str, text: str) -> bool:
    if word == "PREPARE":
        return text.upper().split(None, 2)[1:2] != ["TRANSACTION"]
    if word == "ROLLBACK":
        return _is_savepoint_rollback(text)
    return word not in _CONTROL
