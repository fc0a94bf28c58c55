"""SQL text to the bytes that are sent."""

from __future__ import annotations

from greylag.errors import DatabaseError

_SAID = "invalid message format"


def sql_bytes(text: str) -> bytes:
    """``text`` as UTF-8, surrogate escapes as the bytes they stand for.

    Raises DatabaseError for a NUL byte, which would end the statement early: in the server's words for a
    message that goes on after its text.
    """
    sql = text.encode("utf-8", "surrogateescape")
    if b"\0" in sql:
        raise DatabaseError(
            f"{_SAID}: the statement holds a NUL byte",
            driver_text=f"ERROR: {_SAID} (SQLSTATE 08P01)",
            sqlstate="08P01",
            position=text.index("\0") + 1,
            hint="remove the NUL byte from the file",
        )
    return sql
