"""How far a database of ClickHouse reaches."""

from __future__ import annotations

from greylag.model.records import NamedTuple


class Spread(NamedTuple):
    """The cluster that its tables are on, by its name or as ``{macro}``.

    ``history``: the version table, too, is made on all hosts, with the same rows.
    """

    cluster: str
    history: bool = True
