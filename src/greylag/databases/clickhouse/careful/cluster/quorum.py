"""Rows that belong to the whole cluster: written when most of its hosts have them."""

from __future__ import annotations

from greylag.databases.clickhouse.careful.cluster.keeper import patiently
from greylag.errors import DatabaseError
from greylag.model.event import Notice

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from greylag.databases.clickhouse.link import Link

_TOO_FEW, _UNSATISFIED, _UNKNOWN = 285, 286, 319
_MILLISECONDS = "10000"
"""How long the other hosts may take to fetch a row."""


class Quorum:
    """``hosts`` is how many there are; with fewer than two nothing is waited for."""

    def __init__(self, hosts: int, tell: Callable[[Notice], None]) -> None:
        self._wanted = hosts // 2 + 1 if hosts > 1 else 0
        self._hosts = hosts
        self._tell = tell

    def insert(
        self, link: Link, text: str, *, query_id: str = "", settings: Mapping[str, str] | None = None
    ) -> None:
        """Run an INSERT. With too few hosts up the row is written where it can be, and that is told once.

        A row may then be there twice: both tables bear that. Raises DatabaseError.
        """
        if self._wanted:
            quorum = {"insert_quorum": str(self._wanted), "insert_quorum_timeout": _MILLISECONDS}
            try:
                more = {**(settings or {}), **quorum}
                patiently(lambda: link.execute(text, query_id=query_id, settings=more))
            except DatabaseError as error:
                if error.number not in (_TOO_FEW, _UNSATISFIED, _UNKNOWN):
                    raise
                self._give_up(link, error)
            else:
                return
        link.execute(text, query_id=query_id, settings=settings)

    def _give_up(self, link: Link, error: DatabaseError) -> None:
        self._tell(
            Notice(
                "degraded",
                f"rows are written without a quorum: {self._wanted} of {self._hosts} hosts have to take one, "
                f"and the server says: {error.message} What this run notes reaches the other hosts when "
                f"they are back; until then go on through {link.address} alone",
                {"wanted": self._wanted, "hosts": self._hosts},
            )
        )
        self._wanted = 0
