"""A place in a file a person can open."""

from __future__ import annotations

from greylag.model.records import NamedTuple


class Location(NamedTuple):
    """``path:line:column``; line and column count from 1, 0 means "not known"."""

    path: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        text = self.path
        if self.line:
            text += f":{self.line}"
            if self.column:
                text += f":{self.column}"
        return text
