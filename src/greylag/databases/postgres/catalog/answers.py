"""What the server answered: the rows of each query, and the lists that everything else refers to."""

from __future__ import annotations

from greylag.databases.postgres.catalog.column_types import Types
from greylag.databases.postgres.catalog.quoting import Quoting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    Row: TypeAlias = list[str]


class Answers:
    """Rows by the names of their queries. Each query's rows are handed out once, and then forgotten."""

    def __init__(self, rows: dict[str, list[Row]]) -> None:
        self._rows = rows
        self._texts: dict[str, str] = {}
        self.types = Types(self.rows("types"))
        self.collations = dict(self.rows("collations"))
        self.quoted = Quoting(word for (word,) in self.rows("keywords"))
        self._comments: dict[str, dict[tuple[str, str], str]] = {}
        for catalog, oid, part, text in self.rows("comments"):
            self._comments.setdefault(catalog, {})[oid, part] = text

    def rows(self, query: str) -> list[Row]:
        """The rows of a query, for the only time."""
        return self._rows.pop(query)

    def one(self, text: str) -> str:
        """The one object for texts that are equal: names and defaults come again and again."""
        return self._texts.setdefault(text, text)

    def comments(self, catalog: str) -> dict[tuple[str, str], str]:
        """Comments on the objects of a system catalog, by oid and column (``0``: the whole)."""
        return self._comments.get(catalog, {})
