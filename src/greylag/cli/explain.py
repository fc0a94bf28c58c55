"""An error to the text a person reads: what, where, why, what stands now, what to type next."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from greylag.cli.colour import tint
from greylag.cli.snippet import snippet
from greylag.errors import (
    ApplyError,
    DatabaseError,
    DriftError,
    EditedError,
    GreylagError,
    InterruptedRunError,
    LostError,
    UnfinishedError,
    WorkspaceError,
)
from greylag.model.location import Location
from greylag.model.masking import masked

if TYPE_CHECKING:
    from collections.abc import Callable


def explain(error: GreylagError, *, subject: str = "") -> str:
    """The whole message for stderr, without a line break at the end. Passwords are masked.

    ``subject`` names the target, where a command is about several.
    """
    tell = next((tell for kind, tell in _TELLERS.items() if isinstance(error, kind)), _plain)
    message, *facts = tell(error)
    facts += _page(error)
    named = f"{subject}: {message}" if subject and subject not in message else message
    return masked("\n".join((_headline(named), *facts)))


def _headline(message: str) -> str:
    return f"{tint('error', 'bad', stream=sys.stderr)}: {message.removeprefix('error: ')}"


def _fact(name: str, text: str) -> str:
    label = tint(f"{name}:", "strong", stream=sys.stderr)
    indented = text.replace("\n", "\n" + " " * (len(name) + 4))
    return f"  {label} {indented}"


def _place(where: Location | None) -> list[str]:
    if where is None:
        return []
    return [f"  {tint('-->', 'link', stream=sys.stderr)} {where}", *(f"   {row}" for row in snippet(where))]


def _page(error: GreylagError) -> list[str]:
    """Where the manual tells more, for errors that have a page."""
    from greylag.operations.troubles.registry import page_for

    page = page_for(error)
    return [_fact("see", f"greylag explain {page}")] if page else []


def _next(error: GreylagError) -> list[str]:
    from greylag.operations.troubles.registry import hint_for

    hint = hint_for(error)
    return [_fact("next", hint)] if hint else []


def _plain(error: GreylagError) -> list[str]:
    return [error.message, *_place(error.where), *_next(error)]


def _edited(error: EditedError | UnfinishedError) -> list[str]:
    changed = [_fact("edited", error.differences)] if error.differences else []
    return [error.message, *_place(error.where), *changed, *_next(error)]


def _drift(error: DriftError) -> list[str]:
    from greylag.cli.changes import change_lines

    return [error.message, *(f"  {line}" for line in change_lines(error.changes)), *_next(error)]


def _workspace(error: WorkspaceError) -> list[str]:
    """The first mistake in full, each further one in a line of its own, as compilers and editors have it."""
    lines = _plain(error)
    for other in error.others:
        hint = f" ({other.hint})" if other.hint else ""
        place = f"{other.where} " if other.where else ""
        lines.append(_fact("also", f"{place}{other.message}{hint}"))
    return lines


def _database(error: DatabaseError) -> list[str]:
    return [error.message, *_place(error.where), *_answer(error), *_next(error)]


def _answer(error: DatabaseError) -> list[str]:
    facts = {
        "detail": error.detail,
        "server's hint": error.server_hint,
        "context": error.context,
        "SQLSTATE": error.sqlstate,
        "code": str(error.number or ""),
    }
    return [_fact(name, text) for name, text in facts.items() if text]


def _apply(error: ApplyError) -> list[str]:
    cause, migration, statement = error.cause, error.migration, error.statement
    stage = {
        "begin": "no transaction could be begun for it",
        "insert": "its version row could not be written",
        "delete": "its version row could not be deleted",
        "commit": "its transaction could not be committed",
    }.get(error.stage)
    lines = [f"{migration.name} failed: {cause.message}" if stage is None else cause.message]
    if statement is not None:
        line, column = statement.place(max(cause.position, 1) - 1)
        lines += _place(Location(migration.path, line, column if cause.position else 0))
    else:
        lines += _place(Location(migration.path))
    if stage is not None:
        lines.append(_fact("stage", stage))
    lines += _answer(cause)
    now = error.stands or _stands(error)
    lines.append(_fact("now", now))
    # of a lost connection the hint is what is certain, and stands under "now"
    hint = error.hint or (None if isinstance(cause, LostError) else cause.hint)
    lines.append(_fact("next", hint or _way_on(error)))
    return lines


def _way_on(error: ApplyError) -> str:
    if isinstance(error.cause, LostError) and (error.transactional or error.journaled):
        again = "run the same command again when the server answers"
        if error.transactional or error.statement is None:
            return again
        return f"{again}: it looks whether that statement took effect, and goes on"
    again = "mend the file, then run the same command again"
    if error.transactional or error.stage != "statement":
        return again
    if error.journaled:
        return "mend that statement, then run the same command again: it goes on there"
    return f"undo by hand what took effect, or guard it with IF [NOT] EXISTS; {again}"


def _stands(error: ApplyError) -> str:
    if error.transactional:
        return f"nothing of {error.migration.name} remains: it ran in one transaction, which was rolled back"
    where = f" before line {error.statement.line}" if error.statement is not None else ""
    return (
        f"{error.migration.name} runs outside a transaction: its statements{where} took effect and stay, "
        "its version is not recorded"
    )


def _interrupted(error: InterruptedRunError) -> list[str]:
    lines = ["interrupted"]
    if error.migration is None:
        return [*lines, _fact("next", "run the same command again to go on")]
    name = error.migration.name
    if error.transactional:
        now, way = f"{name} was stopped and rolled back; what ran before it stands", ""
    else:
        flight = "was told to stop, and may have taken effect" if error.doubtful else "was stopped"
        now = (
            f"{name} runs outside a transaction: the statement in flight {flight}, those before it took "
            "effect and stay, its version is not recorded; what ran before it stands"
        )
        way = f"undo by hand what {name} did, or guard its statements with IF [NOT] EXISTS, then "
        if error.journaled:
            way = ""
    lines.append(_fact("now", now))
    lines.append(_fact("next", f"{way}run the same command again to go on"))
    return lines


_TELLERS: dict[type[GreylagError], Callable[..., list[str]]] = {
    ApplyError: _apply,
    InterruptedRunError: _interrupted,
    DatabaseError: _database,
    WorkspaceError: _workspace,
    EditedError: _edited,
    UnfinishedError: _edited,
    DriftError: _drift,
}
