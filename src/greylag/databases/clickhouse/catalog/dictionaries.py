"""Dictionaries: attributes and clauses of their CREATE statement."""

from __future__ import annotations

from greylag.databases.clickhouse.catalog.clauses import bracketed, clauses, first_name, split, unwrapped
from greylag.databases.clickhouse.catalog.columns import pairs, type_of
from greylag.databases.clickhouse.catalog.secrets import hidden
from greylag.model.catalog.objects import Dictionary
from greylag.model.catalog.parts import Column

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.databases.clickhouse.catalog.tables import TableRow

_CLAUSES = ("PRIMARY KEY", "SOURCE", "LIFETIME", "LAYOUT", "RANGE", "SETTINGS", "COMMENT")
_ATTRIBUTE = ("DEFAULT", "EXPRESSION", "HIERARCHICAL", "BIDIRECTIONAL", "INJECTIVE", "IS_OBJECT_ID")
_MARKS = _ATTRIBUTE[2:]


def make_dictionary(row: TableRow) -> Dictionary:
    """The dictionary of ``row``. One that a configuration file defines has no attributes here."""
    _, attributes, behind = bracketed(hidden(row.create))
    found = clauses(behind, _CLAUSES)
    return Dictionary(
        row.schema,
        row.name,
        tuple(map(_attribute, split(attributes))),
        key=found.get("PRIMARY KEY", ""),
        source=unwrapped(found.get("SOURCE", "")),
        layout=unwrapped(found.get("LAYOUT", "")),
        lifetime=unwrapped(found.get("LIFETIME", "")),
        range=unwrapped(found.get("RANGE", "")),
        options=pairs(unwrapped(found.get("SETTINGS", ""))),
        comment=row.comment,
    )


def _attribute(text: str) -> Column:
    """Marks without a value (``HIERARCHICAL``) are options; so is EXPRESSION, which the source evaluates."""
    name, rest = first_name(text)
    marks = [mark for mark in _MARKS if f" {mark}" in f" {rest}"]
    for mark in marks:
        rest = rest.replace(f" {mark}", "", 1)
    found = clauses(rest, _ATTRIBUTE)
    options = [(mark.lower(), "1") for mark in marks]
    if expression := found.get("EXPRESSION"):
        options.append(("expression", expression))
    kind = type_of(found[""])
    return Column(
        name,
        kind,
        nullable=kind.name == "Nullable",
        default=found.get("DEFAULT"),
        options=tuple(sorted(options)),
    )
