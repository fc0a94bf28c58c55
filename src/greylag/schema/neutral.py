"""One schema under two owners: catalogs of different servers made comparable."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from greylag.model.catalog.catalog import Catalog

OWNER = "owner"
"""What the role that owns most of a schema is called once it is neutral."""

_OWNED = ("schemas", "enums", "domains", "composites", "sequences", "tables", "views", "routines", "others")
_PARTS = ("columns", "attributes")


def with_one_owner(catalog: Catalog) -> Catalog:
    """The role that owns most objects is called ``owner``, in privileges too.

    A scratch server, a developer's machine and production differ in the name of that role, and it is no
    difference of the schema. A second owner keeps its name.
    """
    owner = main_owner(catalog)
    if not owner:
        return catalog

    def renamed(value: Any) -> Any:
        changes: dict[str, Any] = {}
        kind = getattr(value, "kind", "")
        if kind == "database":  # made before anybody's first migration
            changes["owner"] = ""
        elif getattr(value, "owner", "") == owner:
            changes["owner"] = OWNER
        if getattr(value, "grants", None):
            changes["grants"] = tuple(
                sorted(
                    each._replace(grantee=OWNER) if each.grantee == owner else each for each in value.grants
                )
            )
        if kind == "default privileges":
            changes["name"] = " ".join(OWNER if word == owner else word for word in value.name.split(" "))
            changes["definition"] = value.definition.replace(f'ROLE "{owner}"', f"ROLE {OWNER}")
        return value._replace(**changes) if changes else value

    return _mapped(catalog, renamed)


def at_home(catalog: Catalog) -> Catalog:
    """The tables and views of a catalog of one ClickHouse database without its name: for people to read."""
    named = {each.schema for each in catalog.tables} | {each.schema for each in catalog.views}
    if catalog.engine != "clickhouse" or len(named) != 1:
        return catalog
    return catalog._replace(
        tables=tuple(each._replace(schema="") for each in catalog.tables),
        views=tuple(each._replace(schema="") for each in catalog.views),
        dictionaries=tuple(each._replace(schema="") for each in catalog.dictionaries),
    )


def without_owners(catalog: Catalog) -> Catalog:
    """The same with nobody owning anything."""
    return _mapped(catalog, lambda value: value._replace(owner="") if getattr(value, "owner", "") else value)


def without_privileges(catalog: Catalog) -> Catalog:
    """The same with the privileges an owner has anyway."""

    def plain(value: Any) -> Any:
        return value if getattr(value, "grants", None) is None else value._replace(grants=None)

    mapped = _mapped(catalog, plain)
    return mapped._replace(others=tuple(each for each in mapped.others if each.kind != "default privileges"))


def main_owner(catalog: Catalog) -> str:
    """The role that owns most tables, views, types and routines; empty where nothing has an owner."""
    owners = Counter(
        each.owner
        for kind in _OWNED
        if kind != "schemas"
        for each in getattr(catalog, kind)
        if getattr(each, "owner", "")
    )
    return min(owners, key=lambda name: (-owners[name], name)) if owners else ""


def _mapped(catalog: Catalog, change: Any) -> Catalog:
    def whole(value: Any) -> Any:
        parts = {
            field: tuple(change(each) for each in getattr(value, field))
            for field in _PARTS
            if getattr(value, field, None)
        }
        return change(value._replace(**parts) if parts else value)

    kinds: dict[str, Any] = {kind: tuple(whole(each) for each in getattr(catalog, kind)) for kind in _OWNED}
    return catalog._replace(**kinds)
