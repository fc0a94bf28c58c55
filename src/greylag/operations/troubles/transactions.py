"""Statements that need a transaction of their own, or none."""

from __future__ import annotations

import re

from greylag.operations.troubles.lines import indented, lines_of
from greylag.operations.troubles.trouble import Scene, Trouble

_ADD_VALUE = re.compile(r"\bADD\s+VALUE\b", re.IGNORECASE)


def _in_block(scene: Scene) -> str | None:
    if not scene.path:
        return None
    if not scene.transactional:
        return (
            "Several commands in one StatementBegin block are one transaction: give the statement a block, "
            "or a "
            "line, of its own"
        )
    return indented(
        f"Put this line at the top of {scene.name}, and let the statement be all the file does: outside a "
        "transaction nothing is rolled back, so the rest belongs into another file:",
        "-- +goose NO TRANSACTION",
    )


def _enum(scene: Scene) -> str | None:
    if scene.statement is None:
        return None
    if any(_ADD_VALUE.search(line) for line in lines_of(scene.path)):
        return (
            "A value can be used when the transaction that adds it is over. Leave ADD VALUE in "
            f"{scene.name}, and move the statement in line {scene.line} to the next file"
        )
    return (
        "Another file of the same transaction adds the value. With --atomic all files are one transaction: "
        "run up without it, or up to the file that adds the value first"
    )


TROUBLES = (
    Trouble("25001", _in_block, says="cannot run inside a transaction block"),
    Trouble("25001", "This command cannot run inside a transaction or a function: give it a file of its own"),
    Trouble("55P04", _enum, says="^unsafe use of new value"),
    Trouble("55P04", "Use what is new in the next file, when this one has been committed"),
    Trouble(
        "25006",
        "The server, database or role takes no writes here: it may be a replica (SELECT "
        "pg_is_in_recovery()) or "
        "be set so (SHOW default_transaction_read_only). Connect to the primary, with a role that may write",
    ),
)
