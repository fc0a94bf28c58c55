"""Enums as blocks."""

from __future__ import annotations

from greylag.schema.prisma.names import is_clean, quoted
from greylag.schema.prisma.notes import ENUM_COMMENT
from greylag.schema.prisma.rendering import Rendered

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.model.catalog.objects import Enum
    from greylag.schema.prisma.matching import Matching


def enum_block(matching: Matching, enum: Enum) -> Rendered:
    """The block of an enum. Labels of which no name can be made are commented out."""
    old = matching.enum_of(enum)
    name, mapped = matching.enum_name((enum.schema, enum.name))
    block = Rendered("enum", name, list(old.docs) if old is not None else [])
    if enum.comment and old is None:
        block.docs.append(ENUM_COMMENT)
    for label in enum.values:
        value, original = matching.value_name(label, old)
        before = old.by_label.get(label) if old is not None else None
        attribute = "" if original is None else f"@map({quoted(original)})"
        shown = value or label
        block.add(
            (shown, attribute) if attribute else (shown,),
            docs=before.docs if before is not None else (),
            commented=not value or not is_clean(value),
        )
    if mapped is not None:
        block.attributes.append(f"@@map({quoted(mapped)})")
    if matching.namespaces:
        block.attributes.append(f"@@schema({quoted(enum.schema)})")
    return block
