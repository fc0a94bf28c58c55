"""A whole schema."""

from __future__ import annotations

from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.model.catalog.objects import (
        Composite,
        Dictionary,
        Domain,
        Enum,
        Extension,
        Other,
        Routine,
        Schema,
        Sequence,
        View,
    )
    from greylag.model.catalog.tables import Table


class Catalog(NamedTuple):
    """What a database says it is, without its system schemas.

    Each kind is sorted by schema and name (as UTF-8 bytes); columns are in their order; constraints, indexes,
    triggers, policies, rules and projections are sorted by name. ``engine`` is ``postgres``, ``sqlite`` or
    ``clickhouse``; ``version`` is the server's and no part of the schema.
    """

    engine: str
    version: str = ""
    schemas: tuple[Schema, ...] = ()
    extensions: tuple[Extension, ...] = ()
    enums: tuple[Enum, ...] = ()
    domains: tuple[Domain, ...] = ()
    composites: tuple[Composite, ...] = ()
    sequences: tuple[Sequence, ...] = ()
    tables: tuple[Table, ...] = ()
    views: tuple[View, ...] = ()
    routines: tuple[Routine, ...] = ()
    dictionaries: tuple[Dictionary, ...] = ()
    others: tuple[Other, ...] = ()
