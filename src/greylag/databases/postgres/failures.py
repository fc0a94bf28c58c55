"""What PostgreSQL and libpq say, translated into greylag's errors: the only place that does."""

from __future__ import annotations

from greylag.errors import DatabaseError, DeadlineError, LostError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.databases.postgres.libpq import Libpq

_SEVERITY, _SEVERITY_FIXED, _SQLSTATE, _PRIMARY, _DETAIL, _HINT, _POSITION, _CONTEXT = map(ord, "SVCMDHPW")

DEADLINE = "timeout: context deadline exceeded"
"""pgx's text when the time is over while it waits for the server."""
DEADLINE_BEFORE = "context deadline exceeded"
"""database/sql's text when the time was over before anything was sent."""

ROLLED_BACK = "commit unexpectedly resulted in rollback"
"""pgx's text."""

NO_DATA = "COPY FROM STDIN waits for data, and a migration file cannot send any"
_COPY_HINT = "use INSERT statements, or COPY … FROM a file that the server can read"

_LOST = (
    ("server closed the connection unexpectedly", "unexpected EOF", "the server closed the connection"),
    ("Connection reset by peer", "read: connection reset by peer", "the connection was reset"),
    ("Broken pipe", "write: broken pipe", "the connection is broken"),
    ("Connection timed out", "read: connection timed out", "the connection timed out"),
    ("no connection to the server", "conn closed", "the connection is closed"),
)
"""Words in libpq's message, pgx's text for the same event, and ours."""


def text(raw: bytes | None) -> str:
    """Server text as goose passes it on: bytes that are not UTF-8 survive as surrogate escapes."""
    return raw.decode("utf-8", "surrogateescape") if raw else ""


def from_result(libpq: Libpq, result: int) -> DatabaseError:
    """The error a failed result carries, a LostError where it ended the connection. Frees nothing."""

    def field(code: int) -> str:
        return text(libpq.result_error_field(result, code))

    sqlstate = field(_SQLSTATE)
    if not sqlstate:
        return from_connection(text(libpq.result_error_message(result)))
    severity, message = field(_SEVERITY), field(_PRIMARY)
    # pgx closes a connection on FATAL, and the server has done so already.
    kind = LostError if (field(_SEVERITY_FIXED) or severity) in ("FATAL", "PANIC") else DatabaseError
    return kind(
        message,
        driver_text=f"{severity}: {message} (SQLSTATE {sqlstate})",
        sqlstate=sqlstate,
        severity=severity,
        detail=field(_DETAIL),
        server_hint=field(_HINT),
        context=field(_CONTEXT),
        position=int(field(_POSITION) or 0),
    )


def from_connection(said: str) -> LostError:
    """The error of a connection that broke without a word from the server; ``said`` is libpq's message."""
    for words, driver_text, message in _LOST:
        if words in said:
            return LostError(message, driver_text=driver_text)
    line = said.strip().partition("\n")[0] or "the connection to the server was lost"
    return LostError(line, driver_text=line)


def rolled_back() -> DatabaseError:
    """The error of a COMMIT that the server answered with ROLLBACK."""
    return DatabaseError("the server rolled the transaction back", driver_text=ROLLED_BACK)


def refused_copy() -> DatabaseError:
    """The error of COPY FROM STDIN, for which goose waits for ever."""
    return DatabaseError(NO_DATA, driver_text=NO_DATA, hint=_COPY_HINT)


def deadline(driver_text: str = DEADLINE) -> DeadlineError:
    """The error of a command whose time is over."""
    return DeadlineError(
        "the time given is over",
        driver_text=driver_text,
        hint="give more time (goose -timeout, greylag --timeout), "
        "or find what the statement waits for in pg_stat_activity",
    )
