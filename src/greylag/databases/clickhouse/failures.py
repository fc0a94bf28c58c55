"""ClickHouse's errors in the words of goose's Go driver, with what to type next."""

from __future__ import annotations

import os

from greylag.errors import ConnectError, DatabaseError, DeadlineError, LostError

UNKNOWN_DATABASE = 81
UNKNOWN_TABLE = 60
UNKNOWN_SETTING = 115
AUTHENTICATION = 516

_HINTS = {
    UNKNOWN_DATABASE: "make it first: CREATE DATABASE name (nobody makes it for you)",
    UNKNOWN_SETTING: "a parameter of the DSN that is not the driver's own is sent as a setting: remove it",
    AUTHENTICATION: "check user and password of the DSN",
    164: "this user may only read: take one that may change tables",
    497: "let an administrator GRANT what the message names",
}

_OLDER, _OLDER_END = ", e.displayText() = ", ", e.what() = DB::Exception"
"""Between these stands the text of an error in servers before version 20, and so do those within it."""

_TIMEOUT_HINT = "give more time (goose -timeout, greylag --timeout)"


def answered(status: int, body: str, number: int) -> DatabaseError:
    """An answer over HTTP that is not 200."""
    text = f'[HTTP {status}] response body: "{body}"'
    # servers before version 19.10 give the number in the text alone
    return _refusal(said(body) or f"the server answers HTTP {status}", text, number or number_of(body))


def raised(text: str, number: int) -> DatabaseError:
    """An exception over the native protocol or from the embedded engine."""
    return _refusal(said(text), f"code: {number}, message: {said(text)}", number)


def _refusal(message: str, driver_text: str, number: int) -> DatabaseError:
    error = DatabaseError(
        _without_scope(_without_trace(message)),
        driver_text=driver_text,
        position=position_of(message),
        hint=_HINTS.get(number),
    )
    error.number = number
    error.no_history = number == UNKNOWN_TABLE
    return error


def number_of(text: str) -> int:
    """The number an error text begins with, 0 for none."""
    head = text.removeprefix("Code: ").replace(",", ".").partition(".")[0]
    return int(head) if text.startswith("Code: ") and head.isdigit() else 0


def said(text: str) -> str:
    """What a person needs of an error text: without its number, the C++ class and the server's version."""
    text = text.strip()
    if text.startswith("Code: "):
        plain = text.partition(_OLDER)[2]
        text = plain.replace(_OLDER, ". ").replace(_OLDER_END, "") if plain else text.partition(". ")[2]
    text = text.strip().removeprefix("DB::Exception: ")
    head, found, _ = text.rpartition(" (version ")
    return (head if found else text).strip()


def _without_trace(text: str) -> str:
    """A failed mutation's text has the server's stack in it, a frame a line."""
    lines = text.split("\n")
    kept = [line for line in lines if not (line.partition(". ")[0].isdigit() and " @ 0x" in line)]
    return text if len(kept) == len(lines) else " ".join(" ".join(kept).split()).replace(" . (", " (")


def _without_scope(text: str) -> str:
    """The whole query, which an error of its analysis repeats: the statement is named by file and line."""
    head, found, rest = text.partition(". In scope ")
    _, named, name = rest.rpartition(". (")
    return f"{head}. ({name}" if found and named else text


def position_of(message: str) -> int:
    """Where in the statement (from 1) a syntax error lies, 0 where the message does not say."""
    _, found, rest = message.partition("failed at position ")
    digits = rest[: len(rest) - len(rest.lstrip("0123456789"))] if found else ""
    return int(digits) if digits else 0


def unreachable(reason: str, go_text: str, hint: str | None = None) -> ConnectError:
    """No connection could be made."""
    return ConnectError(reason, driver_text=go_text, hint=hint)


def refused(error: OSError, address: str, spot: str) -> ConnectError:
    """``connect`` failed; ``spot`` is the address it was tried at, ``address`` the one in the DSN."""
    why = os.strerror(error.errno).lower() if error.errno else str(error)
    return unreachable(
        f"no connection to {address}: {why}",
        f"dial tcp {spot}: connect: {why}",
        hint="check host and port, and that the server listens there (HTTP 8123, native protocol 9000)",
    )


def lost(reason: str) -> LostError:
    """An open connection broke while an answer was awaited."""
    return LostError(
        reason,
        driver_text=reason,
        hint="the server may go on with the statement: look at system.processes before running it again",
    )


def overdue(go_text: str = "context deadline exceeded") -> DeadlineError:
    """The time for the whole command is over."""
    return DeadlineError("context deadline exceeded", driver_text=go_text, hint=_TIMEOUT_HINT)
