"""Catalogs in few words, for tests of what is made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from greylag.model.catalog.catalog import Catalog
from greylag.model.catalog.objects import Enum, Schema
from greylag.model.catalog.parts import Column, Name, Type
from greylag.model.catalog.tables import Constraint, Index, Key, Reference, Table
from greylag.schema.prisma.introspection import Introspected, introspect, sight_of
from greylag.schema.prisma.matching import Matching
from greylag.schema.prisma.parser import parse
from greylag.schema.prisma.picture import Picture
from greylag.schema.prisma.previous import Previous

if TYPE_CHECKING:
    from greylag.model.catalog.sight import Sight

HEAD = """generator client {
  provider = "prisma-client-js"
}

datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}
"""


def a_type(name: str, schema: str = "pg_catalog", **facts: Any) -> Type:
    return Type(name, name, schema, **facts)


def column(name: str, kind: str | Type = "int4", **facts: Any) -> Column:
    return Column(name, a_type(kind) if isinstance(kind, str) else kind, **facts)


def index(name: str, *columns: str, **facts: Any) -> Index:
    return Index(name, keys=tuple(Key(each) for each in columns), **facts)


def key(
    name: str, columns: tuple[str, ...], target: str, referenced: tuple[str, ...] = ("id",)
) -> Constraint:
    schema, _, table = target.rpartition(".")
    reference = Reference(Name(schema or "public", table), referenced)
    return Constraint(name, "foreign key", columns, references=reference)


def table(name: str, *columns: str | Column, **facts: Any) -> Table:
    """A table whose first column is its primary key, unless ``indexes`` say something else."""
    made = tuple(column(each) if isinstance(each, str) else each for each in columns)
    constraints: tuple[Constraint, ...] = facts.pop("constraints", ())
    schema = facts.pop("schema", "public")
    indexes = facts.pop("indexes", ())
    if facts.pop("keyed", True):
        made = (made[0]._replace(nullable=False), *made[1:])
        constraints = (Constraint(f"{name}_pkey", "primary key", (made[0].name,)), *constraints)
        indexes = (index(f"{name}_pkey", made[0].name, unique=True, constraint=f"{name}_pkey"), *indexes)
    constraints = tuple(sorted(constraints, key=lambda each: each.name))
    return Table(schema, name, made, constraints, tuple(sorted(indexes, key=lambda each: each.name)), **facts)


def catalog(*tables: Table, enums: tuple[Enum, ...] = (), **facts: Any) -> Catalog:
    schemas = sorted({"public", *(each.schema for each in tables), *(each.schema for each in enums)})
    return Catalog(
        "postgres",
        schemas=tuple(map(Schema, schemas)),
        tables=tuple(sorted(tables, key=lambda each: (each.schema, each.name))),
        enums=enums,
        **facts,
    )


def picture(*tables: Table, schemas: tuple[str, ...] = ("public",), **facts: Any) -> Picture:
    made = catalog(*tables, **facts)
    return Picture(made, schemas, sight_of(made))


def matching(*tables: Table, before: str = "", views: bool = False, **facts: Any) -> Matching:
    """``before`` are the blocks of an old file, without its settings."""
    previous = Previous(parse(HEAD + before))
    return Matching(picture(*tables, **facts), previous, views=views, namespaces=False)


def pulled(*tables: Table, before: str = "", sight: Sight | None = None, **facts: Any) -> Introspected:
    return introspect(catalog(*tables, **facts), parse(HEAD + before), ["public"], sight=sight)


def blocks(*tables: Table, before: str = "", **facts: Any) -> str:
    """What a pull writes, without the settings."""
    return pulled(*tables, before=before, **facts).text.removeprefix(HEAD).lstrip("\n")
