"""A schema.prisma as one side of a comparison: the other side is pulled onto it, or is one itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from greylag.errors import EditError, UsageError
from greylag.model.location import Location
from greylag.operations.schema_pull import without_tables
from greylag.operations.write import read
from greylag.schema.prisma.differences import differences
from greylag.schema.prisma.introspection import CrossSchemaError, EmptyError
from greylag.schema.prisma.mended.pull import tend
from greylag.schema.prisma.parser import parse
from greylag.schema.prisma.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from greylag.model.catalog.catalog import Catalog
    from greylag.model.change import Change
    from greylag.schema.prisma.document import Document


class PrismaSide(NamedTuple):
    """A schema.prisma. ``leave_out`` are patterns of tables that the config has no models made of."""

    name: str
    document: Document
    leave_out: Sequence[str] = ()


def read_prisma(path: str, leave_out: Sequence[str] = ()) -> PrismaSide:
    """The file at a path. Raises EditError where it cannot be read as a schema."""
    return prisma_side(path, read(path) or "", leave_out)


def prisma_side(name: str, text: str, leave_out: Sequence[str] = ()) -> PrismaSide:
    """A text as a side. Raises EditError where it cannot be read as a schema, with the line."""
    document = parse(text)
    for problem in document.problems:
        said = problem.message.split("\n", 1)[0].removeprefix("Error validating: ")
        raise EditError(
            f"is no schema.prisma that can be read: {said}",
            where=Location(name, problem.line),
            hint="mend that line; prisma validate tells more",
        )
    if not document.of("datasource"):
        raise EditError("has no datasource", where=Location(name), hint="greylag schema pull writes one")
    return PrismaSide(name, document, leave_out)


def compare_prisma(before: PrismaSide | Catalog, after: PrismaSide | Catalog) -> list[Change]:
    """What differs between two sides, of which one at least is a schema.prisma.

    A Catalog becomes the file that ``schema pull`` would make of the other side's: so names, comments and
    what only Prisma knows are the file's own. Raises UsageError for a Catalog of another engine.
    """
    if not isinstance(before, PrismaSide):
        assert isinstance(after, PrismaSide)  # noqa: S101 - the one who calls sees to it
        return differences(_as_pulled(before, after), after.document)
    if not isinstance(after, PrismaSide):
        return differences(before.document, _as_pulled(after, before))
    return differences(before.document, after.document)


def _as_pulled(catalog: Catalog, onto: PrismaSide) -> Document:
    if catalog.engine != "postgres":
        raise UsageError(
            f"a schema.prisma and a schema of {catalog.engine} cannot be compared",
            hint="name a side of PostgreSQL, or two that are no schema.prisma",
        )
    document = onto.document
    schemas = Settings(document.of("generator"), document.of("datasource")[0]).schemas or ["public"]
    try:
        return parse(tend(without_tables(catalog, onto.leave_out), document, schemas).text)
    except EmptyError:
        kept = document.of("generator", "datasource")
        return document._replace(text="", items=tuple(kept))
    except CrossSchemaError as error:
        raise UsageError(
            f"the key {error.constraint} of {error.table} leads to {error.target}, not read by {onto.name}",
            hint=f'add it to its datasource: schemas = ["public", "{error.schema}"]',
        ) from None
