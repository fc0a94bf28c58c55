"""Names as PostgreSQL itself writes them in a statement."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_PLAIN = re.compile(r"[a-z_][a-z0-9_]*").fullmatch


class Quoting:
    """quote_ident without a server: that one's keywords, apart from those that may be any name, are known."""

    def __init__(self, keywords: Iterable[str]) -> None:
        self._keywords = frozenset(keywords)

    def __call__(self, name: str) -> str:
        """The name, in double quotes where it needs them."""
        if _PLAIN(name) and name not in self._keywords:
            return name
        return '"' + name.replace('"', '""') + '"'
