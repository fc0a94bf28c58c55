"""The road: Catalog and old file in, a schema.prisma out that Prisma takes and that stays as it is."""

from __future__ import annotations

from greylag.model.records import NamedTuple
from greylag.schema.prisma.document import Block, Comment
from greylag.schema.prisma.introspection import introspect, sight_of
from greylag.schema.prisma.layout import write
from greylag.schema.prisma.matching import Matching
from greylag.schema.prisma.mended.chosen import Chosen
from greylag.schema.prisma.mended.preset import preset, touched_columns
from greylag.schema.prisma.mended.repairs import repaired
from greylag.schema.prisma.mended.weaving import weave
from greylag.schema.prisma.mended.words import camel, pascal, singular
from greylag.schema.prisma.parser import parse
from greylag.schema.prisma.picture import Picture
from greylag.schema.prisma.previous import Previous
from greylag.schema.prisma.settings import Settings
from greylag.schema.prisma.validation import validate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from greylag.model.catalog.catalog import Catalog
    from greylag.model.catalog.parts import Column, Type
    from greylag.model.catalog.sight import Sight
    from greylag.model.catalog.tables import Key, Table
    from greylag.schema.prisma.document import Document, Item, Problem


class Tended(NamedTuple):
    """A new schema.prisma. With ``problems`` Prisma would refuse it, and it must not be written."""

    text: str
    models: int
    problems: tuple[Problem, ...]


def tend(
    catalog: Catalog,
    document: Document,
    schemas: Sequence[str],
    *,
    sight: Sight | None = None,
    by_convention: bool = False,
) -> Tended:
    """Make the new text. Raises CrossSchemaError and EmptyError as introspect() does.

    ``by_convention`` names what is new as the guide has it: ``model User``, ``createdAt``. A file that was
    begun so goes on so.
    """
    catalog, document = faithful(catalog), with_own_docs(document)
    settings = Settings(document.of("generator"), document.of("datasource")[0])
    picture = Picture(catalog, settings.schemas or schemas, sight or sight_of(catalog), mend=True)
    previous = Previous(document)
    views = picture.views if "views" in settings.features else []
    matching = Matching(picture, previous, views=bool(views), namespaces=bool(settings.schemas), mend=True)
    convention = by_convention or follows_convention(document)
    chosen = Chosen(matching, by_convention=convention, views=views, keys=settings.keys)
    known = preset(matching, chosen, document, touched_columns(catalog) if convention else {})
    found = introspect(catalog, known, schemas, sight=sight, mend=True)
    text = write(weave(document, repaired(parse(found.text))))
    return Tended(text, found.models, validate(parse(text)))


def faithful(catalog: Catalog) -> Catalog:
    """The catalog without what Prisma misreads or refuses.

    That is INCLUDE columns, columns that an index has twice, and scales it cannot express.
    """
    return catalog._replace(
        tables=tuple(_faithful(table) for table in catalog.tables),
        views=tuple(view._replace(columns=_typed(view.columns)) for view in catalog.views),
    )


def with_own_docs(document: Document) -> Document:
    """The document with docs where they stand: Prisma takes those above a datasource for the next model's."""
    items: list[Item] = []
    for above, item in document.pieces():
        items += above
        if isinstance(item, Block):
            docs = tuple(each.content for each in above if isinstance(each, Comment) and each.is_doc)
            items.append(item._replace(docs=docs))
        elif item is not None:
            items.append(item)
    return document._replace(items=tuple(items))


def _faithful(table: Table) -> Table:
    indexes = tuple(index._replace(include=(), keys=_distinct(index.keys)) for index in table.indexes)
    return table._replace(indexes=indexes, columns=_typed(table.columns))


def _typed(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    if not any(_has_odd_scale(column.type) for column in columns):
        return columns
    return tuple(column._replace(type=_without_odd_scale(column.type)) for column in columns)


def _without_odd_scale(kind: Type) -> Type:
    if not _has_odd_scale(kind):
        return kind
    if kind.base is not None:
        return kind._replace(base=_without_odd_scale(kind.base))
    return kind._replace(modifiers=())


def _distinct(keys: tuple[Key, ...]) -> tuple[Key, ...]:
    """The keys without those over a column that stands before them."""
    columns = [key.column for key in keys]
    return tuple(key for place, key in enumerate(keys) if not key.column or key.column not in columns[:place])


def _has_odd_scale(kind: Type) -> bool:
    """Whether Prisma would refuse the scale of a numeric type, or of one that a domain stands on."""
    if kind.base is not None:
        return _has_odd_scale(kind.base)
    if kind.name != "numeric" or len(kind.modifiers) != 2:
        return False
    precision, scale = kind.modifiers
    return not 0 <= scale <= precision


def follows_convention(document: Document) -> bool:
    """Whether the file's models are named by the convention rather than by their tables."""
    models = document.of("model")
    renamed = [block for block in models if block.name == pascal(singular(block.mapped)) != block.mapped]
    if renamed:
        return 2 * len(renamed) >= len(models)
    fields = [field for block in models for field in block.fields if "_" in field.mapped]
    return bool(fields) and all(field.name == camel(field.mapped) for field in fields)
