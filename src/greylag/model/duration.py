"""A length of time as somebody wrote it."""

from __future__ import annotations

from greylag.model.records import NamedTuple


class Duration(NamedTuple):
    """``seconds`` to reckon with and the ``text`` it came from ("10min"), which is what messages show."""

    seconds: float
    text: str

    def __str__(self) -> str:
        return self.text
