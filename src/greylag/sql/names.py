"""Names of PostgreSQL's objects: read from a word, written so that SQL takes them as they are."""

from __future__ import annotations

import re
from hashlib import sha256

LONGEST = 63
"""Bytes of a name that PostgreSQL keeps; it cuts off the rest with a mere notice."""

_PART = re.compile(r'"(?:[^"]|"")+"|[^".]+')
_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")


def read_name(word: str) -> tuple[str, ...]:
    """The parts of ``table`` or ``schema.table``, as the catalog spells them; each may be quoted.

    Letter case is kept without quotes too: tables made by an ORM are called ``User``. Raises ValueError.
    """
    parts = _PART.findall(word)
    if ".".join(parts) != word or not 1 <= len(parts) <= 2 or not word.isprintable():
        raise ValueError(word)
    names = tuple(part[1:-1].replace('""', '"') if part[0] == '"' else part.strip() for part in parts)
    if not all(names):
        raise ValueError(word)
    return names


def write_name(*parts: str) -> str:
    """A name in SQL, its parts quoted where they have to be."""
    return ".".join(part if _is_plain(part) else '"' + part.replace('"', '""') + '"' for part in parts)


def _is_plain(part: str) -> bool:
    from pglast.keywords import COL_NAME_KEYWORDS, RESERVED_KEYWORDS, TYPE_FUNC_NAME_KEYWORDS

    keywords = COL_NAME_KEYWORDS | RESERVED_KEYWORDS | TYPE_FUNC_NAME_KEYWORDS
    return _PLAIN.fullmatch(part) is not None and part not in keywords


def derived_name(*words: str) -> str:
    """The words as one name; where that is too long its end is a digest of it, so that it stays apart."""
    name = "_".join(words)
    if len(name.encode()) <= LONGEST:
        return name
    digest = sha256(name.encode()).hexdigest()[:8]
    return name.encode()[: LONGEST - 9].decode(errors="ignore") + "_" + digest
