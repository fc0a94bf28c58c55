"""The ALTER that brings a table's TTL to the time that is wanted, the rest of its TTL as it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from greylag.operations.retaining import kinds
from greylag.operations.retaining.lengths import interval

if TYPE_CHECKING:
    from collections.abc import Sequence

    from greylag.databases.clickhouse.ttl import Element
    from greylag.model.catalog.parts import Column
    from greylag.model.catalog.tables import Table
    from greylag.model.duration import Duration
    from greylag.model.workspace import Retention

_REWRITES = (
    "it rewrites every part at once; SETTINGS materialize_ttl_after_modify = 0 leaves them to later merges"
)


class Fix(NamedTuple):
    """``statement`` to put into a migration. Rows go where ``due`` is over, if that is not empty."""

    statement: str
    due: str
    warning: str


def fix_of(
    table: Table, elements: Sequence[Element], retention: Retention, problems: Sequence[str], cluster: str
) -> Fix | None:
    """What mends ``problems`` by another TTL; None where no ALTER does, or nothing is wrong."""
    wished = retention.min if "too-short" in problems else retention.max
    deleting = {"no-ttl", "too-long", "not-a-time"} & set(problems)
    if wished is None or not (deleting or "too-short" in problems):
        return None
    base = _base(table, elements, anew=bool({"no-ttl", "not-a-time"} & set(problems)))
    if not base:
        return None
    due = f"{base} + {interval(wished)}"
    kept = [_lengthened(element, retention.min, problems) for element in elements if not element.deletes]
    all_rows = [due] if deleting or any(element.deletes for element in elements) else []
    text = f"ALTER TABLE {named(table, cluster)} MODIFY TTL {', '.join([*all_rows, *kept])}"
    return Fix(text, due if deleting else "", _REWRITES)


def materialize(table: Table, cluster: str) -> Fix:
    """What has rows deleted that the TTL as it is would delete."""
    return Fix(f"ALTER TABLE {named(table, cluster)} MATERIALIZE TTL", "", "it rewrites parts that are due")


def named(table: Table, cluster: str) -> str:
    """The table as an ALTER names it, on the cluster where there is one."""
    place = f"{quoted(table.schema)}.{quoted(table.name)}"
    name = cluster.replace("\\", "\\\\").replace("'", "\\'")
    return f"{place} ON CLUSTER '{name}'" if cluster else place


def quoted(name: str) -> str:
    """``name`` in backquotes where it needs them."""
    if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
        return name
    return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"


def _base(table: Table, elements: Sequence[Element], *, anew: bool) -> str:
    """What the time counts from: as it does now, or from the column that suits best.

    A function that moves the time is left out: with it rows go earlier or later than they should.
    """
    now = next((element.base for element in elements if element.deletes), "")
    if now and not anew and now.partition("(")[0] not in kinds.EARLY_DAYS | kinds.LATE_DAYS:
        return now
    words = kinds.names_in(now)
    used = (column for column in table.columns if column.name in words and kinds.is_time(column))
    column = next(used, None) or kinds.time_column(table)
    return _from(column) if column else ""


def _from(column: Column) -> str:
    """DateTime64 in a TTL is refused by older servers."""
    name = quoted(column.name)
    return f"toDateTime({name})" if column.type.text.startswith("DateTime64") else name


def _lengthened(element: Element, least: Duration | None, problems: Sequence[str]) -> str:
    """An element that stays; one that deletes some rows too early is put off as well."""
    if element.action != "delete" or least is None or "too-short" not in problems or not element.base:
        return element.text
    return f"{element.base} + {interval(least)} DELETE WHERE {element.condition}"
