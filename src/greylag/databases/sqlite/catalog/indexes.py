"""Indexes of SQLite tables, without those that a constraint has made by itself."""

from __future__ import annotations

from greylag.databases.sqlite.catalog.tokens import end_of_group, parted, text_of, tokens_of
from greylag.model.catalog.tables import Index, Key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from greylag.databases.sqlite.catalog.definitions import Clauses
    from greylag.databases.sqlite.catalog.tokens import Token

_INDEXES = """SELECT m.tbl_name, m.name, l."unique", m.sql, x.cid, x.name, x."desc", x.coll
FROM sqlite_schema m JOIN pragma_index_list(m.tbl_name) l ON l.name = m.name JOIN pragma_index_xinfo(m.name) x
WHERE m.type = 'index' AND m.sql IS NOT NULL AND x.key ORDER BY m.name, x.seqno"""
_EXPRESSION = -2
"""The column number of an index on an expression; -1 is the rowid."""


def indexes_by_table(
    ask: Callable[[str], list[tuple[Any, ...]]], clauses: Mapping[str, Clauses]
) -> dict[str, list[Index]]:
    """Indexes that were made by CREATE INDEX; ``clauses`` are those of the tables, by name."""
    rows: dict[str, list[tuple[Any, ...]]] = {}
    for row in ask(_INDEXES):
        rows.setdefault(row[1], []).append(row)
    found: dict[str, list[Index]] = {}
    for name, parts in rows.items():
        table, _, unique, sql, *_ = parts[0]
        tokens = tokens_of(sql)
        opening = next(place for place, token in enumerate(tokens) if token.key == "(")
        closing = end_of_group(tokens, opening)
        written = parted(tokens[opening + 1 : closing - 1])
        where = [token.key for token in tokens].index("WHERE", closing) if len(tokens) > closing else -1
        made = Index(
            name,
            unique=bool(unique),
            keys=tuple(
                _key(row, text, clauses[table].collations) for row, text in zip(parts, written, strict=True)
            ),
            predicate=text_of(tokens[where + 1 :]).strip() if where > 0 else "",
            definition=text_of(tokens).strip(),
        )
        found.setdefault(table, []).append(made)
    return found


def _key(row: tuple[Any, ...], written: list[Token], collations: Mapping[str, str]) -> Key:
    *_, number, name, descending, collation = row
    if number != _EXPRESSION:
        return Key(
            column=name or "rowid",
            collation="" if collation.upper() == collations.get(name, "BINARY").upper() else collation,
            descending=bool(descending),
            nulls_first=not descending,
        )
    expression = written[:-1] if written[-1].key in ("ASC", "DESC") else written
    return Key(
        expression=text_of(expression).strip(), descending=bool(descending), nulls_first=not descending
    )
