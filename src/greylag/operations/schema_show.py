"""``schema show``: the schema of one target, without the tools' own tables."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from greylag.operations.catalogs import without_bookkeeping
from greylag.schema.canonical import to_json
from greylag.schema.neutral import at_home

if TYPE_CHECKING:
    from collections.abc import Iterable

    from greylag.databases.base import Session
    from greylag.model.catalog.catalog import Catalog
    from greylag.model.catalog.objects import View
    from greylag.model.catalog.tables import Table


def read_schema(session: Session, table: str) -> Catalog:
    """What the database of a session is; ``table`` is the version table. Raises DatabaseError."""
    session.connect()
    return without_bookkeeping(session.catalog(), table)


def for_people(catalog: Catalog) -> Catalog:
    """The same without the name of the one database that everything is in."""
    return at_home(catalog)


def chosen(catalog: Catalog, patterns: Iterable[str]) -> tuple[list[Table | View], list[str]]:
    """Tables and views that patterns (``users``, ``app.*``) mean, and the patterns that mean none."""
    relations: list[Table | View] = [*catalog.tables, *catalog.views]
    found: dict[tuple[str, str], Table | View] = {}
    lost = []
    for pattern in patterns:
        matches = [
            each
            for each in relations
            if fnmatchcase(each.name, pattern) or fnmatchcase(f"{each.schema}.{each.name}", pattern)
        ]
        found |= {(each.schema, each.name): each for each in matches}
        if not matches:
            lost.append(pattern)
    return list(found.values()), lost


def referrers(catalog: Catalog, table: Table | View) -> list[tuple[Table, str]]:
    """Tables with a foreign key to ``table``, each with the definition of the key."""
    return [
        (other, f"{key.name} {key.definition}".rstrip())
        for other in catalog.tables
        for key in other.constraints
        if key.references is not None and tuple(key.references.table) == (table.schema, table.name)
    ]


def facts(catalog: Catalog) -> Any:
    """The whole as JSON values, in the canonical form."""
    return to_json(catalog)
