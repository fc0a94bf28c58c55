"""An error to the text a person reads: what, where, why, what stands now, what to type next."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from greylag.cli.colour import tint
from greylag.cli.snippet import snippet
from greylag.errors import ApplyError, DatabaseError, GreylagError, InterruptedRunError
from greylag.model.location import Location
from greylag.model.masking import masked

if TYPE_CHECKING:
    from collections.abc import Callable


def explain(error: GreylagError) -> str:
    """The whole message for stderr, without a line break at the end. Passwords are masked."""
    for kind, tell in _TELLERS.items():
        if isinstance(error, kind):
            return masked("\n".join(tell(error)))
    return masked("\n".join(_plain(error)))


def _headline(message: str) -> str:
    first, _, rest = message.removeprefix("error: ").partition("\n")
    head = f"{tint('error', 'bad', stream=sys.stderr)}: {first}"
    return f"{head}\n{rest}" if rest else head


def _fact(name: str, text: str) -> str:
    label = tint(f"{name}:", "strong", stream=sys.stderr)
    indented = text.replace("\n", "\n" + " " * (len(name) + 4))
    return f"  {label} {indented}"


def _place(where: Location | None) -> list[str]:
    if where is None:
        return []
    return [f"  {tint('-->', 'link', stream=sys.stderr)} {where}", *(f"   {row}" for row in snippet(where))]


def _plain(error: GreylagError) -> list[str]:
    lines = [_headline(error.message), *_place(error.where)]
    lines += [_fact("also", str(other)) for other in getattr(error, "others", ())]
    if error.hint:
        lines.append(_fact("next", error.hint))
    return lines


def _database(error: DatabaseError) -> list[str]:
    lines = [_headline(error.message), *_place(error.where)]
    lines += _answer(error)
    if error.hint:
        lines.append(_fact("next", error.hint))
    return lines


def _answer(error: DatabaseError) -> list[str]:
    facts = {
        "detail": error.detail,
        "server's hint": error.server_hint,
        "context": error.context,
        "SQLSTATE": error.sqlstate,
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
    lines = [_headline(f"{migration.name} failed: {cause.message}" if stage is None else cause.message)]
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
    lines.append(_fact("next", error.hint or cause.hint or "mend the file, then run the same command again"))
    return lines


def _stands(error: ApplyError) -> str:
    if error.transactional:
        return f"nothing of {error.migration.name} remains: it ran in one transaction, which was rolled back"
    where = f" before line {error.statement.line}" if error.statement is not None else ""
    return (
        f"{error.migration.name} runs outside a transaction: its statements{where} took effect and stay, "
        "its version is not recorded"
    )


def _interrupted(error: InterruptedRunError) -> list[str]:
    lines = [_headline("interrupted")]
    if error.migration is not None:
        lines.append(
            _fact("now", f"{error.migration.name} was stopped and rolled back; files before it are applied")
        )
    lines.append(_fact("next", "run the same command again to go on"))
    return lines


_TELLERS: dict[type[GreylagError], Callable[..., list[str]]] = {
    ApplyError: _apply,
    InterruptedRunError: _interrupted,
    DatabaseError: _database,
}
