"""The version table as verbs need it."""

from __future__ import annotations

from greylag.errors import ConnectError, DatabaseError
from greylag.model.history import Applied

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.databases.base import Session


def ensure(session: Session) -> list[Applied]:
    """All rows, newest first; makes the version table where it cannot be read.

    Any error of the reading counts as "the table is missing", as with goose, so a refused connection is
    tried twice and both errors are told in one DatabaseError.
    """
    try:
        return session.history()
    except DatabaseError as first:
        try:
            session.create_history()
        except DatabaseError as second:
            raise _joined(first, second) from None
    return [Applied(0, True)]


def _joined(first: DatabaseError, second: DatabaseError) -> DatabaseError:
    kind = type(first) if isinstance(first, ConnectError) else type(second)
    return kind(
        second.message,
        driver_text=f"{first.driver_text}; {second.driver_text}",
        sqlstate=second.sqlstate,
        severity=second.severity,
        detail=second.detail,
        server_hint=second.server_hint,
        context=second.context,
        hint=second.hint,
    )
