"""After a failure: what is certain now, read from the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from greylag.errors import DatabaseError, InterruptedRunError, LostError
from greylag.migrations.plan import NoHeadError, head

if TYPE_CHECKING:
    from greylag.databases.base import Session
    from greylag.errors import ApplyError


def standing(error: ApplyError, session: Session) -> str:
    """One sentence on the failed file and one on the database. Never raises for a database that is gone."""
    if isinstance(error.cause, LostError):
        file = error.cause.hint or _after_a_loss(error, session)
    elif error.transactional:
        left = "nothing of it remains" if error.direction == "up" else "nothing of it was taken back"
        file = f"{error.migration.name} ran in one transaction, which was rolled back: {left}"
    else:
        above = f" before line {error.statement.line}" if error.statement is not None else ""
        noted = "are noted in the journal" if error.journaled else "stay"
        file = (
            f"{error.migration.name} runs outside a transaction: its statements{above} took effect and "
            f"{noted}, its version is {'not' if error.direction == 'up' else 'still'} recorded"
        )
    current = current_version(session)
    return file if current is None else f"{file}; the database is at version {current}"


def _after_a_loss(error: ApplyError, session: Session) -> str:
    """A file whose last answer was lost may be recorded all the same."""
    try:
        recorded = {row.version for row in session.history() if row.applied}
    except (DatabaseError, InterruptedRunError):
        recorded = set()
    if error.direction == "up" and error.migration.version in recorded:
        return f"the connection was lost, but {error.migration.name} is done: its version is recorded"
    return "the connection was lost: whether the file in flight took effect is not known"


def current_version(session: Session) -> int | None:
    """The version a database is at after a run; None where it cannot be asked any more."""
    try:
        return head(session.history())
    except (DatabaseError, NoHeadError, InterruptedRunError):
        return None
