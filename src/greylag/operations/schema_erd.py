"""``schema erd``: the tables of a target and how they refer to each other, as a diagram."""

from __future__ import annotations

from typing import TYPE_CHECKING

from greylag.errors import UsageError
from greylag.operations.schema_show import chosen, read_schema
from greylag.schema.erd.diagram import diagram
from greylag.schema.erd.dot import dot
from greylag.schema.erd.mermaid import mermaid
from greylag.schema.erd.svg import svg
from greylag.schema.neutral import at_home

if TYPE_CHECKING:
    from collections.abc import Sequence

    from greylag.databases.base import Session
    from greylag.schema.erd.diagram import Grouping as Grouping  # noqa: PLC0414  # faces take the type from here

FORMS = ("mermaid", "dot", "svg")
ENDINGS = {".mmd": "mermaid", ".mermaid": "mermaid", ".dot": "dot", ".gv": "dot", ".svg": "svg"}


def draw(
    session: Session,
    table: str,
    *,
    form: str,
    grouping: Grouping = "auto",
    patterns: Sequence[str] = (),
    title: str = "",
) -> str:
    """The text of a diagram in one of FORMS. Raises DatabaseError, UsageError."""
    catalog = read_schema(session, table)
    if patterns:
        found, lost = chosen(catalog, patterns)
        if lost:
            raise UsageError(f"there is no table {lost[0]!r}", hint="greylag schema show lists them")
        kept = {(each.schema, each.name) for each in found}
        catalog = catalog._replace(
            tables=tuple(each for each in catalog.tables if (each.schema, each.name) in kept)
        )
    drawn = diagram(at_home(catalog), grouping=grouping)
    if form == "svg":
        return svg(drawn, title or session.connect().database)
    return dot(drawn) if form == "dot" else mermaid(drawn)
