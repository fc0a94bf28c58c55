"""Rows that are there already and do not keep a new rule, or do not fit a new type."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from greylag.operations.troubles.definitions import read
from greylag.operations.troubles.lines import indented
from greylag.operations.troubles.tokens import dotted, keys, tokens
from greylag.operations.troubles.trouble import Scene, Trouble

if TYPE_CHECKING:
    from greylag.operations.troubles.definitions import Definition


def _nulls(scene: Scene) -> str | None:
    said = scene.said(r'^column "(.+?)" of relation "(.+)" contains null values$')
    if said is None:
        return None
    column, table = said
    definition = read(scene.text)
    if definition and any(each.name == column for each in definition.columns):
        return (
            f"{table} has rows, and the new column {column} has no value for them. Give it a DEFAULT, or go "
            "in steps: "
            "add it without NOT NULL, fill it, and forbid NULL in a later file"
        )
    return indented(
        f"{table} has rows without {column}. Fill them before, in a file of its own where they are many:",
        f"UPDATE {table} SET {column} = … WHERE {column} IS NULL;",
    )


def _duplicates(scene: Scene) -> str | None:
    found = re.search(r"^Key \((.+?)\)=\(", scene.detail)
    table = _indexed_table(scene.text)
    if found is None or not table:
        return None
    columns = found[1]
    return indented(
        f"Rows of {table} have the same {columns}. This lists them; make them differ, or merge them, in a "
        "file "
        "before this one:",
        f"SELECT {columns}, count(*) FROM {table} GROUP BY {columns} HAVING count(*) > 1;",
    )


def _indexed_table(text: str) -> str:
    """The table of a CREATE UNIQUE INDEX without a condition, or of an ALTER TABLE."""
    words = tokens(text)
    head = keys(words)
    if head[:3] == ["CREATE", "UNIQUE", "INDEX"] and "ON" in head and "WHERE" not in head:
        at = head.index("ON") + 1
        return dotted(words, at + (head[at] == "ONLY"))[0] if at < len(head) else ""
    definition = read(text)
    return definition.table if definition and not definition.creates else ""


def _orphans(scene: Scene) -> str | None:
    said = re.search(r'^Key \((.+?)\)=\(.*\) is not present in table "(.+)"\.$', scene.detail, re.DOTALL)
    definition = read(scene.text)
    if said is None or definition is None or definition.creates or "," in said[1]:
        return None
    column, table = said[1], definition.table
    other = _referenced(definition, column, said[2])
    if other is None:
        return None
    return indented(
        f"Rows of {table} refer to rows of {said[2]} that are not there. This lists them; mend or delete "
        "them in a "
        "file before this one, or add the key NOT VALID now and validate it when they are mended:",
        f"SELECT t.* FROM {table} t LEFT JOIN {other[0]} o ON o.{other[1]} = t.{column} "
        f"WHERE o.{other[1]} IS NULL AND t.{column} IS NOT NULL;",
    )


def _referenced(definition: Definition, column: str, table: str) -> tuple[str, str] | None:
    """Table and column of the only key from ``column`` to a table of that name that names its column."""
    found = {
        (each.table, each.there[0])
        for each in definition.references
        if each.columns == (column,) and each.table.rpartition(".")[2] == table and each.there
    }
    return found.pop() if len(found) == 1 else None


def _checked(scene: Scene) -> str | None:
    said = scene.said(r'^check constraint "(.+?)" of relation "(.+)" is violated by some row$')
    if said is None:
        return None
    name, table = said
    return (
        f"Rows of {table} do not keep {name}. List them with SELECT … FROM {table} WHERE NOT (the "
        "condition), mend "
        "them in a file before this one, or add the constraint NOT VALID now and validate it when they are "
        "mended"
    )


_RETYPE = (
    "Find the rows that do not fit before the type is changed, and mend them in a file before this one, or "
    "say in "
    "USING what becomes of them"
)
_ALTERS = r"(?i)\balter\b.*\btype\b"


def _retyped(scene: Scene) -> str | None:
    return _RETYPE if re.search(_ALTERS, scene.text, re.DOTALL) else None


TROUBLES = (
    Trouble("23502", _nulls),
    Trouble(
        "23502", "A row lacks a value that its table asks for: give the column in the statement, or a DEFAULT"
    ),
    Trouble("23505", _duplicates, says="^could not create unique index"),
    Trouble(
        "23505",
        "A row with this key is there already: INSERT … ON CONFLICT DO NOTHING leaves it as it is, "
        "ON CONFLICT … DO UPDATE changes it",
        says="^duplicate key value",
    ),
    Trouble("23505", "Rows have the same value where it has to be unique: make them differ before"),
    Trouble("23503", _orphans, says="^insert or update on table"),
    Trouble(
        "23503",
        "Other rows refer to this one: delete or change those first, or let the key say what to do "
        "(ON DELETE CASCADE, ON DELETE SET NULL)",
        says="^update or delete on table",
    ),
    Trouble("23503", "A row refers to one that is not there: insert that one first, or mend the row"),
    Trouble("23514", _checked),
    Trouble(
        "23514",
        "No partition takes a row of that value: make the partition first",
        says="^no partition of relation",
    ),
    Trouble("23514", "A row does not keep the CHECK named: mend the row, or the condition"),
    Trouble("22P02", _retyped),
    Trouble("22P02", "The text is no value of that type: correct the literal, or the type"),
    Trouble("22001", _retyped),
    Trouble("22001", "The text is longer than the column takes: TEXT has no limit"),
    Trouble("22003", _retyped),
    Trouble("22003", "The number is larger than its type: BIGINT or NUMERIC take more"),
)
