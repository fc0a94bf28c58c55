"""From a Catalog and an old schema.prisma to a new one, byte for byte as ``prisma db pull`` writes it."""

from __future__ import annotations

from greylag.model.catalog.sight import Sight
from greylag.model.records import NamedTuple
from greylag.schema.prisma.enums import enum_block
from greylag.schema.prisma.layout import lay_out
from greylag.schema.prisma.matching import Matching
from greylag.schema.prisma.models import Models
from greylag.schema.prisma.picture import CrossSchemaError, Picture
from greylag.schema.prisma.previous import Previous
from greylag.schema.prisma.relations import Relations
from greylag.schema.prisma.settings import Settings, settings_blocks
from greylag.schema.prisma.warnings import warnings_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from greylag.model.catalog.catalog import Catalog
    from greylag.schema.prisma.document import Document
    from greylag.schema.prisma.previous import OldEnum, OldModel
    from greylag.schema.prisma.rendering import Rendered


class Introspected(NamedTuple):
    """A new schema.prisma: its ``text``, how many ``models`` it has, and Prisma's ``warnings`` (or none)."""

    text: str
    models: int
    warnings: str = ""


class EmptyError(Exception):
    """Prisma's P4001: nothing in the database that a model could be made of."""


def introspect(
    catalog: Catalog,
    document: Document,
    schemas: Sequence[str],
    *,
    sight: Sight | None = None,
    forget: bool = False,
    mend: bool = False,
) -> Introspected:
    """Make the new text. ``schemas`` are read where the datasource lists none; ``forget`` drops old models.

    ``mend`` does right what Prisma is known to do wrong on a second pull. Without a ``sight`` it is made of
    the Catalog: children that are there, and rights to everything. Raises CrossSchemaError (P4002) and
    EmptyError (P4001). The document must have a datasource and no problems.
    """
    previous = Previous(document, forget=forget)
    if previous.datasource is None:
        raise ValueError("a schema without a datasource cannot be pulled into")
    settings = Settings(previous.generators, previous.datasource)
    views = "views" in settings.features
    picture = Picture(catalog, settings.schemas or schemas, sight or sight_of(catalog), mend=mend)
    matching = Matching(picture, previous, views=views, namespaces=bool(settings.schemas), mend=mend)
    relations = Relations(matching)
    models = Models(matching, relations, settings.name, keys=settings.keys)
    tables = [table for table in picture.tables if not table.hidden]
    blocks = _placed([(matching.model_of(table), models.model(table)) for table in tables])
    if views:
        blocks += _placed([(matching.view_of(view), models.view(view)) for view in picture.views])
    blocks += _placed([(matching.enum_of(enum), enum_block(matching, enum)) for enum in picture.enums])
    if not blocks:
        raise EmptyError
    head = settings_blocks(previous.generators, previous.datasource)
    return Introspected(_text([*head, *blocks]), len(tables), warnings_of(matching, models, views=views))


def sight_of(catalog: Catalog) -> Sight:
    """What a Catalog alone tells of a sight: which tables have children."""
    parents = {table.partition.of for table in catalog.tables if table.partition is not None}
    parents.update(parent for table in catalog.tables for parent in table.parents)
    return Sight(frozenset(parents))


def _placed(blocks: Sequence[tuple[OldModel | OldEnum | None, Rendered]]) -> list[Rendered]:
    """What the old file has in its order, then what is new."""
    known = sorted((old.place, place) for place, (old, _) in enumerate(blocks) if old is not None)
    return [blocks[place][1] for _, place in known] + [block for old, block in blocks if old is None]


def _text(blocks: list[Rendered]) -> str:
    if all(block.plain for block in blocks):
        return "\n".join([block.laid_out() for block in blocks])
    return lay_out("".join(f"{block.raw()}\n" for block in blocks))


__all__ = ["CrossSchemaError", "EmptyError", "Introspected", "introspect"]
