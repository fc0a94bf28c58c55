"""Everything in a catalog that is no table."""

from __future__ import annotations

from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from greylag.model.catalog.parts import Column, Grants, Name, Options, Type
    from greylag.model.catalog.tables import Constraint, Index, Rule, Trigger

    ViewKind = Literal["view", "materialized", "window", "live"]
    RoutineKind = Literal["function", "procedure", "aggregate", "window"]
else:
    ViewKind = RoutineKind = str


class Schema(NamedTuple):
    """A schema; in ClickHouse a database, with its ``engine``."""

    name: str
    owner: str = ""
    comment: str = ""
    grants: Grants = None
    engine: str = ""


class Extension(NamedTuple):
    """An installed extension. What is a member of it is not listed elsewhere, save tables."""

    name: str
    schema: str
    version: str
    comment: str = ""


class Enum(NamedTuple):
    """An enum type, its values in their order."""

    schema: str
    name: str
    values: tuple[str, ...]
    owner: str = ""
    comment: str = ""
    grants: Grants = None


class Domain(NamedTuple):
    """A domain over ``type``."""

    schema: str
    name: str
    type: Type
    nullable: bool = True
    default: str | None = None
    collation: str = ""
    constraints: tuple[Constraint, ...] = ()
    owner: str = ""
    comment: str = ""
    grants: Grants = None


class Composite(NamedTuple):
    """A composite type that is no table's row type."""

    schema: str
    name: str
    attributes: tuple[Column, ...]
    owner: str = ""
    comment: str = ""
    grants: Grants = None


class Sequence(NamedTuple):
    """A sequence. ``owned_by`` is a table and its column. ``internal``: it belongs to an identity column.

    ``position`` is the last value given out, None for one that was never used: no part of the schema, and
    compared only by those who ask whether a sequence went back.
    """

    schema: str
    name: str
    type: str = "bigint"
    start: int = 1
    increment: int = 1
    minimum: int = 1
    maximum: int = 9223372036854775807
    cache: int = 1
    cycle: bool = False
    persistence: str = "permanent"
    owned_by: tuple[Name, str] | None = None
    internal: bool = False
    position: int | None = None
    owner: str = ""
    comment: str = ""
    grants: Grants = None


class View(NamedTuple):
    """A view. Materialized ones have ``indexes``, those of ClickHouse ``target`` (TO) and ``engine``."""

    schema: str
    name: str
    columns: tuple[Column, ...]
    definition: str
    kind: ViewKind = "view"
    indexes: tuple[Index, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    rules: tuple[Rule, ...] = ()
    options: Options = ()
    populated: bool = True
    owner: str = ""
    comment: str = ""
    grants: Grants = None
    access_method: str = ""
    tablespace: str = ""
    extension: str = ""
    target: Name | None = None
    engine: str = ""
    refresh: str = ""


class Routine(NamedTuple):
    """A function, procedure or aggregate; ``arguments`` are those that tell it from others of its name."""

    schema: str
    name: str
    arguments: str
    kind: RoutineKind = "function"
    result: str = ""
    language: str = ""
    definition: str = ""
    owner: str = ""
    comment: str = ""
    grants: Grants = None


class Dictionary(NamedTuple):
    """A ClickHouse dictionary; its clauses as the engine prints them, passwords blanked."""

    schema: str
    name: str
    attributes: tuple[Column, ...]
    key: str = ""
    source: str = ""
    layout: str = ""
    lifetime: str = ""
    range: str = ""
    options: Options = ()
    comment: str = ""


class Other(NamedTuple):
    """An object of a kind that only comparison and dump know, as the statement that would make it.

    ``kind`` is SQL's word: ``collation``, ``statistics``, ``operator``, ``cast``, ``event trigger``,
    ``publication``, ``default privileges``, ``database setting``, …. ``schema`` is empty where it has none.
    """

    kind: str
    schema: str
    name: str
    definition: str
    owner: str = ""
    comment: str = ""
    grants: Grants = None
