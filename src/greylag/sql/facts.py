"""A unit of SQL to Facts: what running it asks of others, and what it leaves behind."""

from __future__ import annotations

import re

from greylag.model.facts import Facts
from greylag.sql.effects import effect
from greylag.sql.locks import MODES, claims
from greylag.sql.postgres import commands, value, walk, words
from greylag.sql.solitary import control, is_alone, is_repeatable
from greylag.sql.units import is_plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from greylag.model.facts import Waits
    from greylag.sql.postgres import Command

_NOTHING = Facts()
_LARGE = 1 << 20
_TIMEOUT = "lock_timeout"
_BLOCKING = ("SHARE", "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE")
_GAP = r"(?:\s|--[^\n\r]*+)*+"
_NAME = r"[a-z_][a-z0-9_]*"
_PLAIN_ROWS = re.compile(
    rf"{_GAP}(?:SELECT\s|(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+(?:ONLY\s+)?"
    rf"({_NAME}(?:\.{_NAME}){{0,2}})(?:[\s(;]|\Z))",
    re.IGNORECASE | re.ASCII,
)
"""Rows read or written in the form nearly every such statement has: known without the parser."""
_FIRST_WORDS = re.compile(
    rf"{_GAP}(?:(?P<control>BEGIN|START\s+TRANSACTION|COMMIT|END|ABORT"
    r"|ROLLBACK(?!(?:\s+(?:WORK|TRANSACTION))?\s+TO\b))\b"
    r"|(?P<alone>DO|CALL)\b|(?P<copies>COPY\b[^;']*?\bFROM\s+STDIN\b))",
    re.IGNORECASE | re.ASCII,
)
_CHANGES_TABLES = re.compile(
    r"\b(?:ALTER\s+(?:TABLE|INDEX|SEQUENCE|VIEW|MATERIALIZED|FOREIGN|DOMAIN|POLICY|TRIGGER)"
    r"|DROP|TRUNCATE|REINDEX"
    r"|CREATE\s+(?:UNIQUE\s+)?(?:INDEX|TRIGGER|POLICY|RULE)|CREATE\s+(?:CONSTRAINT|OR\s+REPLACE)\s+TRIGGER"
    r"|LOCK\s+TABLE|REFRESH|REFERENCES|PARTITION\s+OF)\b",
    re.IGNORECASE | re.ASCII,
)
"""Words in the body of a DO that take locks others queue behind."""


def examine(text: str) -> Facts:
    """The facts of ``text``, one unit of PostgreSQL's SQL. Raises nothing; in doubt it has the defaults.

    ``relations`` are those the text names and locks, the one with ``lock`` first. Of several commands in one
    unit the strongest lock counts, and ``short`` goes before ``long``: others queue behind the unit whatever
    else it does, and a unit cut short is undone as a whole. A read has no lock here. A DO has none either,
    for its body is not read, but waits ``short`` where the body speaks of changing tables.
    """
    if len(text) > _LARGE:
        return _by_first_words(text[:_LARGE])
    plain = _PLAIN_ROWS.match(text)
    if plain and _TIMEOUT not in text.lower() and is_plain(text):
        table = plain[1]
        return Facts("ROW EXCLUSIVE", (table.lower(),)) if table else _NOTHING
    found = commands(text)
    return _by_first_words(text) if found is None else _facts(text, found)


def _facts(text: str, found: Sequence[Command]) -> Facts:
    lock, relations = _locks(found)
    waits: Waits = "short" if lock in _BLOCKING else "long" if lock == "SHARE UPDATE EXCLUSIVE" else ""
    if any(_changes_tables(command) for command in found):
        waits = "short"
    return Facts(  # by position, which a record takes in a tenth of the time
        lock,
        relations,
        waits,
        any(map(is_alone, found)),
        next(filter(None, map(control, found)), ""),
        _TIMEOUT in text.lower() and any(map(_sets_timeout, found)),
        bool(found) and all(map(is_repeatable, found)),
        any(map(_copies, found)),
        effect(found[0]) if len(found) == 1 else None,
    )


def _locks(found: Sequence[Command]) -> tuple[str, tuple[str, ...]]:
    asked = [claim for command in found for claim in claims(command)]
    asked.sort(key=lambda claim: -MODES.index(claim[0]))
    named = dict.fromkeys(name for _, name in asked if name)
    return (asked[0][0] if asked else ""), tuple(named)


def _body(command: Command) -> str:
    kind, node = command
    if kind != "DoStmt":
        return ""
    arguments = (entry.get("DefElem", {}) for entry in node.get("args", ()))
    return next((value(entry["arg"]) for entry in arguments if entry.get("defname") == "as"), "")


def _changes_tables(command: Command) -> bool:
    return _CHANGES_TABLES.search(_body(command)) is not None


def _sets_timeout(command: Command) -> bool:
    kind, node = command
    if kind == "VariableSetStmt":
        return str(node.get("name", "")).lower() == _TIMEOUT
    if kind in ("CreateFunctionStmt", "AlterFunctionStmt", "AlterRoleSetStmt", "AlterDatabaseSetStmt"):
        return False
    if kind == "DoStmt":
        return _TIMEOUT in _body(command).lower()
    return any(_is_set_config(*inner) for inner in walk({kind: node}))


def _is_set_config(kind: str, node: dict[str, object]) -> bool:
    if kind != "FuncCall":
        return False
    name, arguments = node.get("funcname"), node.get("args")
    if not isinstance(name, list) or not isinstance(arguments, list):
        return False
    return words(name[-1]) == ["set_config"] and value(arguments[0]).lower() == _TIMEOUT


def _copies(command: Command) -> bool:
    kind, node = command
    return (
        kind == "CopyStmt"
        and bool(node.get("is_from"))
        and not node.get("filename")
        and not node.get("is_program")
    )


def _by_first_words(text: str) -> Facts:
    """What the first words say of a text that is too large for the parser, or that it cannot read."""
    first = _FIRST_WORDS.match(text)
    if first is None:
        return _NOTHING
    word = " ".join((first["control"] or "").upper().split())
    return Facts(
        alone=first["alone"] is not None,
        control={"END": "COMMIT", "ABORT": "ROLLBACK"}.get(word, word),
        copies=first["copies"] is not None,
    )
