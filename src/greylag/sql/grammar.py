"""PostgreSQL's own grammar: libpg_query inside the wheel of pglast, called without the rest of pglast.

Importing pglast takes 31 to 57 ms, most of it tables of constants that nothing here reads; opening the
library that its parser is takes one. docs/decisions/0004 holds the figures.
"""

from __future__ import annotations

import os
import sys
from functools import partial

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    Parse = Callable[[bytes], bytes | None]

_found: list[Parse] = []


def parse_json(sql: bytes) -> bytes | None:
    """The parse tree of ``sql``, UTF-8 without NUL bytes, as JSON; None where the grammar refuses it."""
    if not _found:
        _found.append(_open(sys.path) or _imported)
    return _found[0](sql)


def libraries(path: list[str]) -> Iterator[str]:
    """Places of pglast's parser along ``path`` (that is ``sys.path``), for this Python."""
    from _imp import extension_suffixes

    for entry in path:
        for suffix in extension_suffixes():
            library = os.path.join(entry, "pglast", f"parser{suffix}")
            if os.path.exists(library):
                yield library


def _open(path: list[str]) -> Parse | None:
    import ctypes

    class Result(ctypes.Structure):
        """PgQueryParseResult of pg_query.h."""

        _fields_ = (("tree", ctypes.c_void_p), ("said", ctypes.c_void_p), ("error", ctypes.c_void_p))

    for library in libraries(path):
        try:
            functions = ctypes.CDLL(library)
            query, free = functions.pg_query_parse, functions.pg_query_free_parse_result
        except (OSError, AttributeError):  # a build that hides what it holds
            continue
        query.argtypes, query.restype = (ctypes.c_char_p,), Result
        free.argtypes, free.restype = (Result,), None
        return partial(_call, query, free, ctypes.string_at)
    return None


def _call(
    query: Callable[[bytes], Any], free: Callable[[Any], None], read: Callable[[int], bytes], sql: bytes
) -> bytes | None:
    result = query(sql)
    try:
        return None if result.error else read(result.tree)
    finally:
        free(result)


def _imported(sql: bytes) -> bytes | None:
    from pglast.parser import ParseError, parse_sql_json

    try:
        return str(parse_sql_json(sql.decode())).encode()
    except ParseError:
        return None
