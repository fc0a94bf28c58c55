"""Columns as fields."""

from __future__ import annotations

import re

from greylag.schema.prisma.defaults import default_of, generated
from greylag.schema.prisma.names import quoted, sanitised
from greylag.schema.prisma.notes import NO_NAME

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.schema.prisma.defaults import Default
    from greylag.schema.prisma.keys import FieldKeys
    from greylag.schema.prisma.matching import Matching
    from greylag.schema.prisma.picture import SeenColumn
    from greylag.schema.prisma.previous import OldField, OldModel
    from greylag.schema.prisma.rendering import Rendered
    from greylag.schema.prisma.types import Shape

_READABLE = re.compile(r"\[(?:[a-zA-Z][a-zA-Z0-9_-]*(?:, |(?=\])))*\]\Z").match
_UNSORTED = {"@updatedAt": 0, "@unique": 1, "@id": 2, "@default": 3, "@map": 4, "@ignore": 6}
_COUNTING = frozenset(("Int", "BigInt"))
_TEXTS = frozenset(("String", "Uuid"))


class Fields:
    """Makes rows of columns. The same default of the same type is read once."""

    def __init__(self, matching: Matching, prefix: str) -> None:
        self._matching = matching
        self._prefix = prefix
        self._defaults: dict[tuple[str, str, bool], Default | None] = {}
        self._labels = {
            (enum.schema, enum.name): (matching.enum_of(enum), frozenset(enum.values))
            for enum in matching.picture.enums
        }

    def add(self, block: Rendered, column: SeenColumn, old: OldModel | None, keys: FieldKeys) -> None:
        """Add the row of a table's column."""
        before = self._matching.field_of(column, old)
        shape = column.shape
        name, mapped = self._matching.column_name(column, old)
        attributes = []
        if column.name in keys.ids:
            attributes.append(keys.ids[column.name])
        if column.name in keys.uniques:
            attributes.append(keys.uniques[column.name])
        mark = "[]" if shape.array else "" if column.required else "?"
        self._finish(block, column, before, name, mapped, mark, attributes)

    def add_of_view(self, block: Rendered, column: SeenColumn, old: OldModel | None) -> None:
        """Add the row of a view's column, which has keys and is required where the old file says so."""
        before = self._matching.field_of(column, old)
        name, mapped = self._matching.column_name(column, old)
        attributes = []
        mark = "[]" if column.shape.array else "?"
        if before is not None and old is not None:
            unique = next((index for index in old.indexes if index.fields == (before.name,)), None)
            if unique is not None:
                mapped_to = unique.mapped
                attributes.append("@unique" if mapped_to is None else f"@unique(map: {quoted(mapped_to)})")
            if not column.shape.array:
                mark = {"required": "", "list": "[]"}.get(before.field.arity, "?")
        self._finish(block, column, before, name, mapped, mark, attributes)

    def _finish(
        self,
        block: Rendered,
        column: SeenColumn,
        before: OldField | None,
        name: str,
        mapped: str | None,
        mark: str,
        attributes: list[str],
    ) -> None:
        shape = column.shape
        default = self._default(block, column, before)
        if default:
            attributes.append(f"@default({default})")
        if before is not None and before.updated_at:
            attributes.append("@updatedAt")
        if mapped is not None:
            attributes.append(f"@map({quoted(mapped)})")
        if before is not None and before.ignored:
            attributes.append("@ignore")
        if shape.native:
            attributes.append(f"@{self._prefix}.{shape.native}")
        docs = before.docs if before is not None else ()
        commented = not sanitised(column.name) and not (self._matching.mend and before is not None)
        if commented:
            docs = (*docs, NO_NAME)
            attributes.sort(key=_unsorted_place)
        cells: tuple[str, ...] = (name or column.name, (shape.prisma or self._enum_name(shape)) + mark)
        if attributes:
            cells += (" ".join(attributes),)
        block.add(cells, docs, commented=commented)

    def _enum_name(self, shape: Shape) -> str:
        return self._matching.enum_name(shape.enum)[0] if shape.enum is not None else ""

    def _default(self, block: Rendered, column: SeenColumn, before: OldField | None) -> str:
        shape = column.shape
        if column.identity and shape.family in _COUNTING:
            return "autoincrement()"
        found = None
        if column.default is not None:
            key = (column.default, shape.family, shape.array)
            if key in self._defaults:
                found = self._defaults[key]
            else:
                found = self._defaults[key] = default_of(column.default, shape.family, array=shape.array)
        if found is None:
            kept = before.client_default if before is not None else ""
            return kept if shape.family in _TEXTS else ""
        if shape.family == "Enum":
            return self._enum_default(block, found, shape)
        if self._matching.mend and shape.family == "Unsupported" and column.default is not None:
            return generated(column.default).text  # the only default that such a type may have
        return found.text

    def _enum_default(self, block: Rendered, found: Default, shape: Shape) -> str:
        if shape.array and self._matching.mend:
            return self._by_value_names(found, shape)
        if shape.array:
            if found.kind == "value" and not _READABLE(found.text):
                block.plain = False
            return found.text
        if found.kind != "enum" or shape.enum is None:
            return found.text
        old, labels = self._labels[shape.enum]
        if found.text not in labels:
            return generated(found.text).text
        name, mapped = self._matching.value_name(found.text, old)
        return name or generated(mapped or "").text

    def _by_value_names(self, found: Default, shape: Shape) -> str:
        """A list of labels as the names of their values; nothing where one has none."""
        if found.kind != "value" or shape.enum is None:
            return found.text
        old, labels = self._labels[shape.enum]
        words = [word.strip() for word in found.text[1:-1].split(",") if word.strip()]
        if not set(words) <= labels:
            return ""
        return f"[{', '.join(self._matching.value_name(word, old)[0] for word in words)}]"


def _unsorted_place(attribute: str) -> int:
    """Where an attribute stands before the formatter sorts them, which leaves comments as they are."""
    return _UNSORTED.get(attribute.partition("(")[0], 5)  # a native type
