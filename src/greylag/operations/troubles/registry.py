"""The table of troubles: an error to its hint and its page."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from greylag.errors import ApplyError, ConnectError, DatabaseError, FilesError, ParseError, RefusedError
from greylag.operations.troubles import (
    baselines,
    blocks,
    connections,
    dependents,
    keys,
    locks,
    names,
    rights,
    rows,
    servers,
    transactions,
)
from greylag.operations.troubles.nearby import Nearby
from greylag.operations.troubles.trouble import Scene

if TYPE_CHECKING:
    from greylag.databases.base import Session
    from greylag.errors import GreylagError
    from greylag.operations.troubles.trouble import Trouble

FAMILIES = (
    baselines,
    blocks,
    keys,
    transactions,
    locks,
    names,
    rows,
    dependents,
    rights,
    servers,
    connections,
)

TROUBLES: tuple[Trouble, ...] = tuple(trouble for family in FAMILIES for trouble in family.TROUBLES)
"""Every entry; of those that fit an answer the first that is sure speaks."""

_REFINED = (ConnectError, ParseError, FilesError)
"""Errors whose own hint is general: what a table knows is better."""


class Advice(NamedTuple):
    """What mends an error, and the page that tells more."""

    hint: str
    page: str


def advise(error: GreylagError, session: Session | None = None) -> Advice | None:
    """What the tables know about an error; None where it is not in them.

    ``session`` is asked for names that are there. Errors that are not of a database or of a file are in no
    table.
    """
    scene = _scene(error, session)
    if scene is None:
        return None
    for trouble in TROUBLES:
        if trouble.fits(scene) and (hint := trouble.advice(scene)):
            return Advice(hint, trouble.shown_on)
    return None


def hint_for(error: GreylagError, session: Session | None = None) -> str | None:
    """What to type next: the error's own hint, unless a table knows better."""
    if error.hint and not isinstance(error, _REFINED):
        return error.hint
    found = advise(error, session)
    return found.hint if found else error.hint


def page_for(error: GreylagError) -> str:
    """The name of the page about an error: what a table knows of it, else that of its class; may be empty."""
    if found := advise(error):
        return found.page
    return error.page or (error.cause.page if isinstance(error, ApplyError) else "")


def page_of_code(code: str) -> str:
    """The page a SQLSTATE is told on; the code itself where no table says otherwise."""
    pages = [trouble.shown_on for trouble in TROUBLES if trouble.sqlstate == code]
    return code if code in pages or not pages else pages[0]


def _scene(error: GreylagError, session: Session | None) -> Scene | None:
    if isinstance(error, ApplyError):
        cause, statement = error.cause, error.statement
        line = statement.place(max(cause.position, 1) - 1)[0] if statement else 0
        return Scene(
            cause.sqlstate,
            cause.message,
            cause.detail,
            error.migration.path,
            statement,
            line,
            error.transactional,
            nearby=Nearby(session),
        )
    if isinstance(error, DatabaseError):
        source = error.source if isinstance(error, ConnectError) else ""
        return Scene(error.sqlstate, error.message, error.detail, source=source, nearby=Nearby(session))
    if isinstance(error, FilesError | ParseError | RefusedError) and error.where:
        return Scene("", error.message, path=error.where.path, line=error.where.line)
    return None
