"""What a database's names become in schema.prisma, and the names Prisma expects constraints to have."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

RESERVED = frozenset({
    "PrismaClient", "break", "case", "catch", "class", "const", "continue", "debugger", "default",
    "delete", "do", "else", "enum", "export", "extends", "false", "finally", "for", "function",
    "if", "implements", "import", "in", "instanceof", "interface", "let", "new", "null", "package",
    "private", "protected", "public", "return", "super", "switch", "this", "throw", "true", "try",
    "typeof", "var", "void", "while", "with", "yield",
})  # fmt: skip
"""Names the generated client cannot give to a model or an enum. Fields may have them."""

_LIMIT = 63  # bytes of a name in PostgreSQL
_CLEAN = re.compile(r"[a-zA-Z][_a-zA-Z0-9]*\Z").match
_UNREADABLE = re.compile(r"[^_a-zA-Z0-9]")
_HEAD = re.compile(r"[^a-zA-Z]+")
_SPECIAL = re.compile(r'["\\\x00-\x1f\x7f]')
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def is_clean(name: str) -> bool:
    """Whether a name can stand in schema.prisma as it is; the empty one can, as far as Prisma looks."""
    return not name or _CLEAN(name) is not None


def sanitised(name: str) -> str:
    """The name without what schema.prisma cannot hold; empty where nothing is left."""
    if is_clean(name):
        return name
    head = _HEAD.match(name)
    return _UNREADABLE.sub("_", name[head.end() :] if head else name)


def quoted(text: str) -> str:
    """A string as schema.prisma writes it: the grammar of JSON's, everything beyond ASCII as it is."""
    if _SPECIAL.search(text) is None:
        return f'"{text}"'
    return f'"{_SPECIAL.sub(_escape, text)}"'


def primary_key_name(table: str) -> str:
    """The name Prisma gives a primary key; one that has it needs no ``map``."""
    return _cut(table, "_pkey")


def index_name(table: str, columns: Sequence[str], *, unique: bool) -> str:
    """The name Prisma gives an index or a unique constraint over these columns."""
    return _cut(f"{table}_{'_'.join(columns)}", "_key" if unique else "_idx")


def foreign_key_name(table: str, columns: Sequence[str]) -> str:
    """The name Prisma gives a foreign key over these columns."""
    return _cut(f"{table}_{'_'.join(columns)}", "_fkey")


def _cut(stem: str, suffix: str) -> str:
    room = _LIMIT - len(suffix)
    if len(stem) * 4 >= room:  # cheap: no character has more than four bytes
        encoded = stem.encode()
        if len(encoded) >= room:
            stem = encoded[:room].decode(errors="ignore")
    return stem + suffix


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    return _ESCAPES.get(character) or f"\\u{ord(character):04x}"
