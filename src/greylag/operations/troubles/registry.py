"""The table of troubles: an error to its hint and its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from greylag.errors import ApplyError, DatabaseError
from greylag.operations.troubles import keys
from greylag.operations.troubles.trouble import Scene, no_names

if TYPE_CHECKING:
    from greylag.errors import GreylagError
    from greylag.operations.troubles.trouble import Names, Trouble

FAMILIES = (keys,)

TROUBLES: tuple[Trouble, ...] = tuple(trouble for family in FAMILIES for trouble in family.TROUBLES)
"""Every entry; of those that fit an answer the first that is sure speaks."""


def hint_for(error: GreylagError, *, source: str = "", names: Names = no_names) -> str | None:
    """What mends it, with the lines to type; None where no table knows it."""
    scene = _scene(error, source, names)
    if scene is None:
        return None
    advices = (trouble.advice(scene) for trouble in TROUBLES if trouble.fits(scene))
    return next((advice for advice in advices if advice), None)


def page_for(error: GreylagError) -> str:
    """The name of the page about it; empty where there is none."""
    scene = _scene(error, "", no_names)
    if scene is None:
        return ""
    return next((trouble.shown_on for trouble in TROUBLES if trouble.fits(scene)), "")


def _scene(error: GreylagError, source: str, names: Names) -> Scene | None:
    if isinstance(error, ApplyError):
        cause = error.cause
        return Scene(
            cause.sqlstate,
            cause.message,
            cause.detail,
            path=error.migration.path,
            statement=error.statement,
            transactional=error.transactional,
            source=source,
            names=names,
        )
    if isinstance(error, DatabaseError):
        return Scene(error.sqlstate, error.message, error.detail, source=source, names=names)
    return None
