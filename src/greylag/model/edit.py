"""A file greylag wants to write, before anything is written."""

from __future__ import annotations

from greylag.model.records import NamedTuple


class Edit(NamedTuple):
    """``path`` holds ``before`` (None: there is no such file) and shall hold ``after``.

    Both texts keep their line ends, so that writing a file back changes nothing but what was meant.
    """

    path: str
    before: str | None
    after: str
