"""Views of every kind. The hidden table of a materialized one is a part of it, not a table."""

from __future__ import annotations

from greylag.databases.clickhouse.catalog.clauses import bracketed, clauses, dotted_name
from greylag.databases.clickhouse.catalog.columns import make_column
from greylag.databases.clickhouse.catalog.secrets import hidden
from greylag.databases.clickhouse.catalog.tables import read_parts, read_storage
from greylag.model.catalog.objects import View
from greylag.model.catalog.parts import Name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from greylag.databases.clickhouse.catalog.columns import ColumnRow
    from greylag.databases.clickhouse.catalog.tables import TableRow
    from greylag.model.catalog.objects import ViewKind

KINDS: Mapping[str, ViewKind] = {
    "View": "view",
    "MaterializedView": "materialized",
    "LiveView": "live",
    "WindowView": "window",
}
"""Engine to the kind of view."""
_CLAUSES = ("REFRESH", "TO", "INNER ENGINE", "ENGINE", "COMMENT", "DEFINER", "SQL SECURITY", "AS")


def is_hidden(name: str) -> bool:
    """Whether a table is the one a materialized view keeps its rows in."""
    return name.startswith((".inner.", ".inner_id.", ".tmp.inner", ".inner.target."))


def hidden_names(view: TableRow) -> tuple[str, str]:
    """What the hidden table of ``view`` may be called: by its uuid in Atomic databases, else by its name."""
    return f".inner_id.{view.uuid}", f".inner.{view.name}"


def make_view(row: TableRow, columns: Sequence[ColumnRow], storage: str) -> View:
    """The view of ``row``; ``storage`` is the engine of its hidden table, empty without one."""
    found = clauses(row.create, _CLAUSES, last="AS")
    printed = read_parts(row.create)[""]
    target = dotted_name(found["TO"]) if "TO" in found else []
    options = tuple((name.lower(), found[name]) for name in ("SQL SECURITY",) if name in found)
    return View(
        row.schema,
        row.name,
        tuple(make_column(column, printed.get(column.name, "")) for column in columns),
        hidden(row.select or found.get("AS", "")),
        kind=KINDS[row.engine],
        options=options,
        owner=found.get("DEFINER", "").removeprefix("=").strip(),
        comment=row.comment,
        target=Name(*(target if len(target) == 2 else (row.schema, *target))) if target else None,
        engine="" if target else _engine(storage or found.get("ENGINE", "")),
        refresh=bracketed(found.get("REFRESH", ""))[0],
    )


def _engine(text: str) -> str:
    return read_storage(text.removeprefix("=").strip()).text if text else ""
