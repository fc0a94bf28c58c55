"""A cluster's catalog as the embedded engine would have it, so that the two can be compared."""

from __future__ import annotations

from greylag.databases.clickhouse.embedded.local_forms import local_form

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.model.catalog.catalog import Catalog


def local_catalog(catalog: Catalog) -> Catalog:
    """``catalog`` with plain engines for Replicated ones, and Atomic for Replicated databases."""
    return catalog._replace(
        schemas=tuple(each._replace(engine=_local(each.engine)) for each in catalog.schemas),
        tables=tuple(each._replace(engine=_local(each.engine)) for each in catalog.tables),
        views=tuple(each._replace(engine=_local(each.engine)) for each in catalog.views),
    )


def _local(engine: str) -> str:
    if engine == "Overlay":  # what the embedded engine's own database ``default`` is
        return "Atomic"
    found, changed = local_form(f"ENGINE = {engine}")
    if not changed:
        return engine
    return " ".join(found.removeprefix("ENGINE = ").replace("MergeTree()", "MergeTree").split())
