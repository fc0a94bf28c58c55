"""What ``greylag up`` and ``down`` refuse or trip over in a file, seen from its text alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from greylag.migrations.parser import parse
from greylag.model.finding import Finding
from greylag.model.location import Location
from greylag.model.refusals import COPIED, own_control
from greylag.operations.options import any_line_options
from greylag.sql.facts import examine
from greylag.sql.postgres import commands
from greylag.sql.solitary import is_alone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from greylag.model.migration import Migration, Script, Statement
    from greylag.model.refusals import Refusal

_LONGEST = 60
"""Characters of a statement that a message quotes."""

_MAY_RUN_INSIDE = ("DoStmt", "CallStmt")
"""Kinds that are apart because they may end a transaction by themselves; most do not."""


def obstacles(migration: Migration) -> list[Finding]:
    """Findings on both directions of a migration for PostgreSQL, in the order of the file's lines.

    Raises ParseError for a file that cannot be read.
    """
    options = any_line_options()
    found = [
        finding
        for direction in ("up", "down")
        for finding in _of_script(parse(migration, direction, options))
    ]
    return sorted(found, key=lambda finding: finding.where)


def _of_script(script: Script) -> Iterator[Finding]:
    second = None
    for number, statement in enumerate(script.statements, 1):
        yield from _of_statement(script, statement)
        if number == 2:
            second = statement
    if second is not None and not script.transactional:
        yield Finding(
            "no-transaction-multi",
            "note",
            f"{script.count} statements run outside a transaction on the way {script.direction}: when one "
            "fails, those before it stay",
            _where(script, second),
            "greylag goes on at the one that failed; goose would start the file from the top. "
            "One statement per file suits both",
        )


def _of_statement(script: Script, statement: Statement) -> Iterator[Finding]:
    facts = examine(statement.text)
    if facts.control:
        yield _refused("explicit-begin-commit", own_control(facts.control), script, statement)
    if facts.copies:
        yield _refused("copy-from-stdin", COPIED, script, statement)
    if facts.alone:
        yield from _of_solitary(script, statement)


def _refused(rule: str, refusal: Refusal, script: Script, statement: Statement) -> Finding:
    message = f"{refusal.what}: greylag up refuses it"
    return Finding(rule, "error", message, _where(script, statement), refusal.hint)


def _of_solitary(script: Script, statement: Statement) -> Iterator[Finding]:
    """PostgreSQL answers 25001 to such a command in a transaction, be it the file's or that of its unit."""
    inside = commands(statement.text) or []
    apart = [command for command in inside if command[0] not in _MAY_RUN_INSIDE and is_alone(command)]
    if not apart or (len(inside) == 1 and not script.transactional):
        return
    if script.transactional:
        reason = "PostgreSQL refuses it in a transaction (25001)"
        hint = "put it into a file of its own that begins with -- +goose NO TRANSACTION"
    else:
        reason = "what stands in one block or line is one transaction, where PostgreSQL refuses it (25001)"
        hint = "give each statement a line, or a block, of its own"
    yield Finding(
        "concurrently-in-transaction",
        "error",
        f"{_shown(statement)}: {reason}",
        _where(script, statement),
        hint,
    )


def _shown(statement: Statement) -> str:
    first = statement.text.partition("\n")[0].rstrip(";")
    return first if len(first) <= _LONGEST else f"{first[:_LONGEST]}…"


def _where(script: Script, statement: Statement) -> Location:
    return Location(script.migration.path, *statement.place(0))
