"""The columns and foreign keys that a CREATE TABLE or ALTER TABLE writes out, with their places."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from greylag.operations.troubles.tokens import Token, dotted, keys, split, tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

_NO_COLUMN = frozenset(("CONSTRAINT", "FOREIGN", "PRIMARY", "UNIQUE", "CHECK", "EXCLUDE", "LIKE"))
_AFTER_TYPE = _NO_COLUMN | {
    *("NOT", "NULL", "DEFAULT", "REFERENCES", "COLLATE", "GENERATED", "STORAGE", "COMPRESSION"),
    *("DEFERRABLE", "INITIALLY", "USING", "OPTIONS"),
}


class Column(NamedTuple):
    """A column's definition: its name, the place of its type in the statement, whether it has a default."""

    name: str
    start: int
    end: int
    has_default: bool


class Reference(NamedTuple):
    """A foreign key: columns here and there. ``there`` is empty where the primary key is meant."""

    columns: tuple[str, ...]
    table: str
    there: tuple[str, ...]


class Definition(NamedTuple):
    """What a statement says of one table."""

    table: str
    creates: bool
    columns: tuple[Column, ...]
    references: tuple[Reference, ...]


def read(text: str) -> Definition | None:
    """The definition in a CREATE TABLE or ALTER TABLE; None for every other statement."""
    words = tokens(text)
    head = keys(words, 6)
    if head[:1] == ["CREATE"] and "TABLE" in head:
        return _create(words, head.index("TABLE") + 1)
    if head[:2] == ["ALTER", "TABLE"]:
        return _alter(words)
    return None


def _skip(words: Sequence[Token], at: int, *skipped: str) -> int:
    while at < len(words) and words[at].key in skipped:
        at += 1
    return at


def _create(words: Sequence[Token], at: int) -> Definition | None:
    table, at = dotted(words, _skip(words, at, "IF", "NOT", "EXISTS"))
    if not table or at >= len(words) or words[at].key != "(":
        return None
    return _definition(table, split(words[at + 1 :]), creates=True)


def _alter(words: Sequence[Token]) -> Definition | None:
    table, at = dotted(words, _skip(words, 2, "IF", "EXISTS", "ONLY"))
    items = [
        action[_skip(action, 1, "COLUMN", "IF", "NOT", "EXISTS") :]
        for action in split(words[_skip(words, at, "*") :])
        if action[0].key == "ADD"
    ]
    return _definition(table, items, creates=False) if table else None


def _definition(table: str, items: Sequence[Sequence[Token]], *, creates: bool) -> Definition:
    columns: list[Column] = []
    references: list[Reference] = []
    for item in filter(None, items):
        if item[0].key in _NO_COLUMN:
            if found := _reference(item, ()):
                references.append(found)
            continue
        if column := _column(item):
            columns.append(column)
            if found := _reference(item, (column.name,)):
                references.append(found)
    return Definition(table, creates, tuple(columns), tuple(references))


def _column(item: Sequence[Token]) -> Column | None:
    rest = [token.key for token in item]
    end = next((at for at, key in enumerate(rest) if at and key in _AFTER_TYPE), len(rest))
    if not item[0].name or end < 2:
        return None
    return Column(item[0].name, item[1].start, item[end - 1].end, "DEFAULT" in rest or "GENERATED" in rest)


def _reference(item: Sequence[Token], columns: tuple[str, ...]) -> Reference | None:
    rest = [token.key for token in item]
    if "REFERENCES" not in rest:
        return None
    at = rest.index("REFERENCES")
    if not columns:
        columns = _list(item, rest.index("KEY") + 1) if "KEY" in rest[:at] else ()
    table, after = dotted(item, at + 1)
    return Reference(columns, table, _list(item, after)) if columns and table else None


def _list(item: Sequence[Token], at: int) -> tuple[str, ...]:
    """The names between parentheses that open at ``at``."""
    if at >= len(item) or item[at].key != "(":
        return ()
    return tuple(part[0].name for part in split(item[at + 1 :]))
