"""Where in a statement the thing stands that an error names: most errors of ClickHouse name no place."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.errors import DatabaseError

_NAMING = frozenset((10, 16, 46, 47, 50, 56, 60, 115))
"""Errors on a column (10, 16), function, identifier, type, engine, table or setting that is not there."""

_NAMES = (
    r"`([^`]+)`",
    r"(?:identifier|columns:|setting) '([^']+)'",
    r"(?:family:|engine|table:|column|Table) (\w+(?:\.\w+)?)",
)
"""How they name it, the surest form first."""
_SKIPPED = r"--[^\n]*|\#[ !][^\n]*|/\*.*?(?:\*/|\Z)|'(?:[^'\\]|\\.)*(?:'|\Z)"


def point(text: str, error: DatabaseError) -> int:
    """Where in ``text`` (from 1) the name stands that ``error`` is about; 0 where that cannot be told."""
    if error.number not in _NAMING:
        return 0
    import re

    named = next(filter(None, (re.search(pattern, error.message) for pattern in _NAMES)), None)
    if named is None:
        return 0
    name = named[1]
    # the server says the database of a table even where the statement does not
    return _first(text, name) or _first(text, name.rpartition(".")[2])


def _first(text: str, name: str) -> int:
    import re

    pattern = rf"(?P<skipped>{_SKIPPED})|(?<!\w){re.escape(name)}(?!\w)"
    for found in re.finditer(pattern, text, re.DOTALL):
        if found["skipped"] is None:
            return found.start() + 1
    return 0
