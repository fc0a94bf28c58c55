"""SQLite's errors in the words of goose's Go driver."""

from __future__ import annotations

import sqlite3

from greylag.errors import ConnectError, DatabaseError

# The strings of sqlite3_errstr, by primary code (https://www.sqlite.org/rescode.html).
_ERRSTR = {
    0: "not an error",
    1: "SQL logic error",
    3: "access permission denied",
    4: "query aborted",
    5: "database is locked",
    6: "database table is locked",
    7: "out of memory",
    8: "attempt to write a readonly database",
    9: "interrupted",
    10: "disk I/O error",
    11: "database disk image is malformed",
    12: "unknown operation",
    13: "database or disk is full",
    14: "unable to open database file",
    15: "locking protocol",
    17: "database schema has changed",
    18: "string or blob too big",
    19: "constraint failed",
    20: "datatype mismatch",
    21: "bad parameter or other API misuse",
    23: "authorization denied",
    25: "column index out of range",
    26: "file is not a database",
    27: "notification message",
    28: "warning message",
}
_ABORT_ROLLBACK = 516
_BUSY = 5

_HINTS = {
    5: "another program is writing to the database: try again when it is done, "
    "or wait for it with ?_pragma=busy_timeout(5000) in the data source",
    8: "check the owner and the mode of the file and of its folder",
    13: "make room on the disk, then run the command again",
    14: "check that the folder exists and may be written to",
    26: "this file holds something else: check the data source",
}

_NEWER = "no such function: ", "no such module: "


def driver_text(message: str, code: int) -> str:
    """``<errstr>: <message> (<extended code>)``, the message only when it says more than the errstr."""
    errstr = "abort due to ROLLBACK" if code == _ABORT_ROLLBACK else _ERRSTR.get(code & 0xFF, "unknown error")
    text = errstr if message == errstr else f"{errstr}: {message}"
    return f"{text} ({code})" + (" (SQLITE_BUSY)" if code == _BUSY else "")


def explain(error: Exception, *, connecting: bool = False, position: int = 0) -> DatabaseError:
    """Translate what Python's sqlite3 raised; ``position`` counts characters of the unit from 1."""
    message = str(error)
    code = getattr(error, "sqlite_errorcode", None)
    if isinstance(error, MemoryError):
        message, code = "out of memory", 7
    text = message if code is None else driver_text(message, code)
    kind = ConnectError if connecting else DatabaseError
    return kind(message, driver_text=text, position=position, hint=_hint(message, code or 0))


def _hint(message: str, code: int) -> str | None:
    if message.startswith(_NEWER):
        return f"this Python brings SQLite {sqlite3.sqlite_version}: a newer Python may know it"
    return _HINTS.get(code & 0xFF)
