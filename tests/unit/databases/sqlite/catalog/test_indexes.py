"""Indexes made by CREATE INDEX."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.model.catalog.tables import Index, Key

if TYPE_CHECKING:
    from collections.abc import Callable

    from greylag.model.catalog.catalog import Catalog

A = Key("a", nulls_first=True)


@pytest.mark.parametrize(
    ("words", "made"),
    [
        ("INDEX i ON t (a, b)", Index("i", keys=(A, Key("b", nulls_first=True)))),
        ("UNIQUE INDEX i ON t (a DESC)", Index("i", unique=True, keys=(Key("a", descending=True),))),
        ("INDEX i ON t (a COLLATE nocase)", Index("i", keys=(A._replace(collation="nocase"),))),
        ("INDEX i ON t (c)", Index("i", keys=(Key("c", nulls_first=True),))),
        ("INDEX i ON t (c COLLATE binary)", Index("i", keys=(Key("c", collation="binary", nulls_first=True),))),
        (
            "INDEX i ON t (lower(a) DESC, a) WHERE b > 3 AND a <> 'WHERE'",
            Index(
                "i",
                keys=(Key(expression="lower(a)", descending=True), A),
                predicate="b > 3 AND a <> 'WHERE'",
            ),
        ),
        ("INDEX i ON t (a || 'x' COLLATE nocase)", Index("i", keys=(Key(
            expression="a || 'x' COLLATE nocase", nulls_first=True),))),
    ],
)  # fmt: skip
def test_indexes(look: Callable[[str], Catalog], words: str, made: Index) -> None:
    (table,) = look(f"CREATE TABLE t (a text, b int UNIQUE, c text COLLATE nocase); CREATE {words}").tables
    (found,) = table.indexes
    assert found == made._replace(definition=found.definition)
    assert found.definition.startswith(f"CREATE {words.partition('(')[0].strip()}(")
