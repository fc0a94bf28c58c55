"""What Prisma writes and then refuses, put right in the new file."""

from __future__ import annotations

from greylag.schema.prisma.document import Attribute, Block, Field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from greylag.schema.prisma.document import Document


def repaired(document: Document) -> Document:
    """The document with every repair: relations to ignored models, odd one-to-ones."""
    models = {block.name: block for block in document.of("model", "view")}
    items = tuple(
        _model(item, models) if isinstance(item, Block) and item.kind in ("model", "view") else item
        for item in document.items
    )
    return document._replace(items=items)


def _model(block: Block, models: Mapping[str, Block]) -> Block:
    members = tuple(
        _relation(block, member, models) if isinstance(member, Field) and member.type in models else member
        for member in block.members
    )
    return block._replace(members=members)


def _relation(block: Block, field: Field, models: Mapping[str, Block]) -> Field:
    other = models[field.type]
    ignored = other.attribute("ignore") is not None and block.attribute("ignore") is None
    if ignored and field.attribute("ignore") is None:
        field = field._replace(attributes=(*field.attributes, Attribute("ignore")))
    if field.arity == "optional" and _is_odd(block, field, other):
        field = field._replace(arity="list")
    return field


def _is_odd(block: Block, field: Field, other: Block) -> bool:
    """Whether this is the back of a key over all of a compound key's columns, in another order than that."""
    relation = field.attribute("relation")
    if relation is not None and relation.argument("fields") is not None:
        return False
    name = relation.text("name", 0) if relation else None
    for forward in other.fields:
        there = forward.attribute("relation")
        if forward.type != block.name or there is None or there.argument("fields") is None:
            continue
        if there.text("name", 0) != name:
            continue
        columns = there.names("fields")
        keys = [each.names("fields", 0) for each in other.attributes if each.name in ("id", "unique")]
        keys += [
            (each.name,)
            for each in other.fields
            if each.attribute("id") is not None or each.attribute("unique") is not None
        ]
        return columns not in keys
    return False
