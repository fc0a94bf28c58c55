"""Servers of earlier years: their system tables lack columns, and an ALTER cannot wait for its mutation."""

from __future__ import annotations

from time import monotonic

from greylag.databases.clickhouse.careful.place import literal, split_name
from greylag.errors import DatabaseError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from greylag.databases.clickhouse.link import Link
    from greylag.databases.clickhouse.rows import Answer
    from greylag.model.server import Server

COLUMNS = {"uuid": "tables", "comment": "tables", "latest_fail_reason": "mutations"}
"""Columns of system tables that are asked for and were not always there."""

_INSTEAD = {"uuid": ("toString(uuid)", "''"), "latest_fail_reason": ("latest_fail_reason", "''")}
_WAITING = " SETTINGS mutations_sync = 2"
_PAUSE, _MOST_SECONDS = 0.05, 60.0


class OlderLink:
    """Puts greylag's own questions as an older server understands them; statements of files pass it by."""

    def __init__(self, link: Link, lacks: frozenset[str], pause: Callable[[float], None]) -> None:
        self._link = link
        self._pause = pause
        self._words = [_INSTEAD[name] for name in sorted(lacks) if name in _INSTEAD]

    @property
    def address(self) -> str:
        """As the link's."""
        return self._link.address

    def facts(self) -> Server:
        """As the link's."""
        return self._link.facts()

    def begin(self) -> None:
        """As the link's."""
        self._link.begin()

    def close(self) -> None:
        """As the link's."""
        self._link.close()

    def execute(self, text: str, *, query_id: str = "", settings: Mapping[str, str] | None = None) -> None:
        """As Link.execute()."""
        head, waiting, _ = text.partition(_WAITING)
        self._link.execute(self._worded(head), query_id=query_id, settings=settings)
        if waiting:
            database, table = split_name(head.split(" ", 3)[2])  # ALTER TABLE name DELETE …
            where = literal(database) if database else "currentDatabase()"
            question = f"database = {where} AND table = {literal(table)} AND NOT is_done"
            began = monotonic()
            while self._link.query(f"SELECT 1 FROM system.mutations WHERE {question} LIMIT 1").rows:
                if monotonic() - began > _MOST_SECONDS:
                    raise _endless(table)
                self._pause(_PAUSE)

    def query(self, text: str, *, query_id: str = "", settings: Mapping[str, str] | None = None) -> Answer:
        """As Link.query()."""
        return self._link.query(self._worded(text), query_id=query_id, settings=settings)

    def _worded(self, text: str) -> str:
        for new, old in self._words:
            text = text.replace(new, old)
        return text


def _endless(table: str) -> DatabaseError:
    text = f"the mutation that takes rows out of {table} is not done after {_MOST_SECONDS:.0f} s"
    hint = f"look at it: SELECT * FROM system.mutations WHERE table = {literal(table)} AND NOT is_done"
    return DatabaseError(text, driver_text=text, hint=hint)
