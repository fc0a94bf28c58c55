"""Rows of goose's version table."""

from __future__ import annotations

from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime


class Applied(NamedTuple):
    """A row of the version table. Old tables hold rows with ``applied`` False: a version rolled back."""

    version: int
    applied: bool


class Stamp(NamedTuple):
    """The newest row of a version, by time. ``at`` is None where the column holds NULL.

    A ``timestamp`` keeps its digits and has no zone; a ``timestamptz`` (tables of old releases) is given in
    the zone of this process, as the Go driver gives it. ``fault`` is what Go's database/sql says when goose
    cannot read the row into its variables (``sql: Scan error on column index 0, …``), else empty.
    """

    version: int
    applied: bool
    at: datetime | None
    fault: str = ""
