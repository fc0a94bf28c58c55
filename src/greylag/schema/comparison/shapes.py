"""What every field of the Catalog is called when it differs: the tables that comparison goes by."""

from __future__ import annotations

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
from greylag.model.catalog.parts import Column
from greylag.model.catalog.tables import Constraint, Index, Policy, Projection, Rule, Table, Trigger
from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class Shape(NamedTuple):
    """How a class of objects is compared.

    ``identity`` are the fields that tell one object from another, ``words`` what the others are called.
    ``whole`` is the field that prints all of the object: where it differs, the fields it covers (``within``)
    are not told one by one. ``parts`` are fields that hold objects of their own. ``apart`` are fields the
    comparison treats by itself, or that are no part of a schema.
    """

    kind: str
    identity: tuple[str, ...]
    words: Mapping[str, str]
    whole: str = ""
    within: frozenset[str] = frozenset()
    parts: tuple[str, ...] = ()
    apart: frozenset[str] = frozenset()


_OWNED = {"owner": "owner", "comment": "comment", "grants": "privileges"}

SHAPES: dict[type, Shape] = {
    Schema: Shape("schema", ("name",), {**_OWNED, "engine": "engine"}),
    Extension: Shape(
        "extension", ("name",), {"schema": "schema", "version": "version", "comment": "comment"}
    ),
    Enum: Shape("type", ("schema", "name"), {"values": "values", **_OWNED}),
    Domain: Shape(
        "type",
        ("schema", "name"),
        {
            "type": "type",
            "nullable": "not null",
            "default": "default",
            "collation": "collation",
            **_OWNED,
        },
        parts=("constraints",),
    ),
    Composite: Shape("type", ("schema", "name"), _OWNED, apart=frozenset({"attributes"})),
    Sequence: Shape(
        "sequence",
        ("schema", "name"),
        {
            "type": "type",
            "start": "start",
            "increment": "increment",
            "minimum": "minimum",
            "maximum": "maximum",
            "cache": "cache",
            "cycle": "cycle",
            "persistence": "persistence",
            "owned_by": "owned by",
            "internal": "identity",
            **_OWNED,
        },
        apart=frozenset({"position"}),
    ),
    Table: Shape(
        "table",
        ("schema", "name"),
        {
            "kind": "kind",
            "persistence": "persistence",
            **_OWNED,
            "options": "options",
            "access_method": "access method",
            "tablespace": "tablespace",
            "partition_key": "partition key",
            "parents": "parents",
            "of_type": "type",
            "row_security": "row security",
            "force_row_security": "force row security",
            "replica_identity": "replica identity",
            "server": "server",
            "extension": "extension",
            "engine": "engine",
            "order_by": "sorting key",
            "primary_key": "primary key",
            "sample_by": "sampling key",
            "ttl": "ttl",
        },
        parts=("constraints", "indexes", "triggers", "policies", "rules", "projections"),
        apart=frozenset({"columns", "partition"}),
    ),
    Column: Shape(
        "column",
        ("name",),
        {
            "type": "type",
            "nullable": "not null",
            "default": "default",
            "generated": "generated",
            "identity": "identity",
            "sequence": "sequence",
            "collation": "collation",
            "comment": "comment",
            "grants": "privileges",
            "own": "inherited",
            "storage": "storage",
            "compression": "compression",
            "statistics": "statistics target",
            "options": "options",
            "codec": "codec",
            "ttl": "ttl",
        },
    ),
    Constraint: Shape(
        "constraint",
        ("name",),
        {
            "definition": "definition",
            "kind": "kind",
            "columns": "columns",
            "expression": "expression",
            "references": "references",
            "deferrable": "deferrable",
            "deferred": "initially deferred",
            "validated": "validated",
            "enforced": "enforced",
            "no_inherit": "no inherit",
            "index_name": "index",
            "own": "inherited",
            "comment": "comment",
        },
        whole="definition",
        within=frozenset(
            {
                *("kind", "columns", "expression", "references", "deferrable", "deferred", "no_inherit"),
                "validated",
                "enforced",
            }
        ),
    ),
    Index: Shape(
        "index",
        ("name",),
        {
            "definition": "definition",
            "method": "method",
            "unique": "unique",
            "include": "included columns",
            "predicate": "predicate",
            "nulls_distinct": "nulls distinct",
            "options": "options",
            "granularity": "granularity",
            "constraint": "constraint",
            "valid": "valid",
            "tablespace": "tablespace",
            "clustered": "clustered",
            "replica_identity": "replica identity",
            "parent": "parents",
            "comment": "comment",
        },
        whole="definition",
        within=frozenset({"method", "unique", "include", "predicate", "nulls_distinct", "options"}),
        apart=frozenset({"keys"}),
    ),
    Trigger: Shape(
        "trigger",
        ("name",),
        {
            "definition": "definition",
            "timing": "timing",
            "events": "events",
            "each_row": "for each row",
            "columns": "columns",
            "condition": "condition",
            "function": "function",
            "enabled": "enabled",
            "own": "inherited",
            "comment": "comment",
        },
        whole="definition",
        within=frozenset({"timing", "events", "each_row", "columns", "condition", "function"}),
    ),
    Policy: Shape(
        "policy",
        ("name",),
        {
            "command": "command",
            "permissive": "permissive",
            "roles": "roles",
            "using": "using",
            "check": "check",
            "comment": "comment",
        },
    ),
    Rule: Shape("rule", ("name",), {"definition": "definition", "enabled": "enabled", "comment": "comment"}),
    Projection: Shape("projection", ("name",), {"query": "query", "kind": "kind", "options": "options"}),
    View: Shape(
        "view",
        ("schema", "name"),
        {
            "definition": "definition",
            "kind": "kind",
            "options": "options",
            "populated": "populated",
            **_OWNED,
            "access_method": "access method",
            "tablespace": "tablespace",
            "extension": "extension",
            "target": "target",
            "engine": "engine",
            "refresh": "refresh",
        },
        whole="definition",
        parts=("indexes", "triggers", "rules"),
        apart=frozenset({"columns"}),
    ),
    Routine: Shape(
        "function",
        ("schema", "name", "arguments"),
        {
            "definition": "definition",
            "kind": "kind",
            "result": "result",
            "language": "language",
            **_OWNED,
        },
        whole="definition",
        within=frozenset({"kind", "result", "language"}),
    ),
    Dictionary: Shape(
        "dictionary",
        ("schema", "name"),
        {
            "key": "key",
            "source": "source",
            "layout": "layout",
            "lifetime": "lifetime",
            "range": "range",
            "options": "options",
            "comment": "comment",
        },
        apart=frozenset({"attributes"}),
    ),
    Other: Shape("", ("kind", "schema", "name"), {"definition": "definition", **_OWNED}),
}
"""The order is that of the differences; a field in none of the places is a mistake that a test finds."""
