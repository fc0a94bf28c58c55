"""What several kinds of objects in a catalog share: names, types, grants, columns."""

from __future__ import annotations

from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    TypeKind = Literal["base", "enum", "domain", "composite", "range", "multirange", "pseudo"]
    Generated = Literal["", "stored", "virtual", "materialized", "alias", "ephemeral"]
    Identity = Literal["", "always", "by default"]
    Storage = Literal["", "plain", "external", "extended", "main"]
else:
    TypeKind = Generated = Identity = Storage = str

Options = tuple[tuple[str, str], ...]
"""Settings of an object as pairs, sorted by name (PostgreSQL's reloptions, ClickHouse's SETTINGS)."""


class Name(NamedTuple):
    """The name of an object in a schema (a database, in ClickHouse)."""

    schema: str
    name: str


class Type(NamedTuple):
    """The type of a column, a domain or an attribute; equal ones should be one object in memory.

    ``text`` is the type as the engine writes it in SQL (format_type: ``character varying(9)[]``). ``name``
    and ``schema`` are those of the type itself, of the element for an array (PostgreSQL: ``varchar`` in
    ``pg_catalog``; SQLite: the declared text; ClickHouse: the outermost word, ``Nullable``). ``modifiers``
    are the numbers behind it as written, ``(10, 2)``; empty without. ``base`` is what a domain stands on,
    of an array of a domain what its elements do; ``nullable`` is False for a domain that takes no NULL.
    """

    text: str
    name: str
    schema: str = ""
    kind: TypeKind = "base"
    array: bool = False
    modifiers: tuple[int, ...] = ()
    base: Type | None = None
    nullable: bool = True


class Grant(NamedTuple):
    """What a role may do with an object: SQL's words, sorted. An empty ``grantee`` is PUBLIC."""

    grantee: str
    privileges: tuple[str, ...]
    grantable: tuple[str, ...] = ()


Grants = tuple[Grant, ...] | None
"""The privileges in effect, sorted by grantee. None: the engine's own for an object of this owner."""


class Column(NamedTuple):
    """A column of a table, a view or a composite type; its place is the one it has in the tuple.

    ``default`` is the expression as the engine prints it, of a generated column too. ``collation`` is empty
    for the type's own. ``storage``, ``compression`` and ``statistics`` (-1) are empty where they are the
    type's. ``own`` is False for a column a table only inherits. ``codec``, ``ttl`` and ``options`` belong to
    engines that know them. ``sequence`` is the one an identity or serial column owns.
    """

    name: str
    type: Type
    nullable: bool = True
    default: str | None = None
    generated: Generated = ""
    identity: Identity = ""
    sequence: Name | None = None
    collation: str = ""
    comment: str = ""
    grants: Grants = None
    own: bool = True
    storage: Storage = ""
    compression: str = ""
    statistics: int = -1
    options: Options = ()
    codec: str = ""
    ttl: str = ""
