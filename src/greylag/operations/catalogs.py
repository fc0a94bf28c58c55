"""What of a Catalog is the team's schema: without greylag's and goose's own tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from greylag.model.catalog.catalog import Catalog

_SCHEMA = "greylag"
_TABLES = ("greylag_journal", "greylag_journal_version", "greylag_lock")
"""greylag's own where a role may make no schema, and in engines without schemas."""


def as_replayed(catalog: Catalog) -> Catalog:
    """The same as files would make it on a scratch database: ClickHouse's is one node, without replicas."""
    if catalog.engine != "clickhouse":
        return catalog
    from greylag.databases.clickhouse.catalog.local import local_catalog

    return local_catalog(catalog)


def without_bookkeeping(catalog: Catalog, table: str = "goose_db_version") -> Catalog:
    """The same without the version table, the journal and what belongs to them."""
    schema, _, name = table.replace('"', "").rpartition(".")
    own = _own_names(schema, name)
    return catalog._replace(
        schemas=tuple(each for each in catalog.schemas if each.name != _SCHEMA),
        enums=tuple(each for each in catalog.enums if each.schema != _SCHEMA),
        domains=tuple(each for each in catalog.domains if each.schema != _SCHEMA),
        tables=tuple(each for each in catalog.tables if not own(each.schema, each.name)),
        views=tuple(each for each in catalog.views if each.schema != _SCHEMA),
        routines=tuple(each for each in catalog.routines if each.schema != _SCHEMA),
        sequences=tuple(
            each
            for each in catalog.sequences
            if each.schema != _SCHEMA and not (each.owned_by and own(*each.owned_by[0]))
        ),
    )


def _own_names(schema: str, name: str) -> Callable[[str, str], bool]:
    def own(of_schema: str, of_name: str) -> bool:
        if of_schema == _SCHEMA or of_name in _TABLES:
            return True
        return of_name == name and schema in ("", of_schema)

    return own
