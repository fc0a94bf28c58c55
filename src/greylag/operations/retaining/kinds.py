"""Which tables keep rows by time: not every engine keeps rows, not every row has a time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from greylag.model.catalog.parts import Column
    from greylag.model.catalog.tables import Table

KEEP = "greylag: keep for ever"
"""What the comment of a table begins with that is kept on purpose; ``because …`` follows."""

EARLY_DAYS = {
    "toDate": 1, "toStartOfDay": 1, "toMonday": 7, "toStartOfWeek": 7, "toStartOfMonth": 31,
    "toStartOfQuarter": 92, "toStartOfYear": 366,
}  # fmt: skip
"""Functions that move a time back, so that rows go earlier by up to these days."""
LATE_DAYS = {"toLastDayOfMonth": 31}
"""Functions that move it forward."""

_WITHOUT_TTL = frozenset(
    ("Log", "TinyLog", "StripeLog", "File", "EmbeddedRocksDB", "KeeperMap", "Redis", "Set", "Join")
)
"""Engines that keep rows and know no TTL."""
_NAMES = ("timestamp", "ts", "event_time", "occurred_at", "created_at", "time", "date", "day")
_TIMES = ("Date", "Date32", "DateTime", "DateTime32", "DateTime64")


def has_ttl(table: Table) -> bool:
    """Whether the engine can delete rows by their time."""
    return engine_of(table).endswith("MergeTree")


def keeps_rows(table: Table) -> bool:
    """Whether rows are kept here, on disk: not in another table, another system, or in memory alone."""
    return has_ttl(table) or engine_of(table) in _WITHOUT_TTL


def engine_of(table: Table) -> str:
    """The engine without arguments."""
    return table.engine.partition("(")[0].strip()


def is_time(column: Column) -> bool:
    """Whether a TTL may count from it."""
    return column.type.text.partition("(")[0] in _TIMES and column.generated not in ("alias", "ephemeral")


def time_column(table: Table) -> Column | None:
    """The column that most likely says when a row came to be: of the partition key, then of the sorting key.

    Then one of a telling name, then one that defaults to now, then the first of its type.
    """
    found = [column for column in table.columns if is_time(column)]
    return min(found, key=lambda column: _rank(table, column), default=None)


def _rank(table: Table, column: Column) -> tuple[int, int]:
    place = table.columns.index(column)
    if column.name in names_in(table.partition_key):
        return 0, place
    if column.name in names_in(table.order_by):
        return 1, place
    if column.name in _NAMES:
        return 2, _NAMES.index(column.name)
    return (3 if (column.default or "").startswith("now") else 4), place


def names_in(expression: str) -> set[str]:
    """Words of an expression, those in backquotes without them."""
    bare = re.sub(r"'(?:[^'\\]|\\.)*'", "", expression)
    return {quoted or word for quoted, word in re.findall(r"`([^`]*)`|(\w+)", bare)}
