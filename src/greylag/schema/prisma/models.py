"""Models and views as blocks."""

from __future__ import annotations

from greylag.schema.prisma.fields import Fields
from greylag.schema.prisma.keys import FieldKeys, block_id, block_indexes, unique_attribute
from greylag.schema.prisma.names import quoted
from greylag.schema.prisma.notes import model_docs, view_docs
from greylag.schema.prisma.relations import copied, is_ignored
from greylag.schema.prisma.rendering import Rendered

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from greylag.schema.prisma.matching import Matching
    from greylag.schema.prisma.picture import SeenTable
    from greylag.schema.prisma.previous import OldModel, OldRelationField
    from greylag.schema.prisma.relations import Relations


class Models:
    """Makes the blocks of tables and views. Without ``keys`` relations come from the old file alone."""

    def __init__(self, matching: Matching, relations: Relations, prefix: str, *, keys: bool) -> None:
        self._matching = matching
        self._relations = relations
        self._keys = keys
        self._fields = Fields(matching, prefix)

    def model(self, table: SeenTable) -> Rendered:
        """The block of a table."""
        matching = self._matching
        old = matching.model_of(table)
        name, mapped = matching.table_name(table)
        block = Rendered("model", name, model_docs(matching, self._relations, table, old))
        if not table.columns:
            block.commented = True
            block.plain = False
        keys = FieldKeys(table)
        for column in table.columns:
            self._fields.add(block, column, old, keys)
        if self._keys:
            for cells in self._relations.fields_of(table):
                block.add(cells if cells[2] else cells[:2])
        for field in self.copied_from(old):
            cells = copied(field)
            block.add(cells if cells[2] else cells[:2])
        identifier = block_id(matching, table, old)
        if identifier:
            block.attributes.append(identifier)
        block.attributes += block_indexes(matching, table, old)
        self._finish(block, table, mapped, ignored=is_ignored(table, old))
        return block

    def copied_from(self, old: OldModel | None) -> Iterator[OldRelationField]:
        """The relation fields a model takes from the old file."""
        for field in old.relation_fields if old is not None else ():
            wanted = not self._keys or field.target.is_view
            if wanted and field.target.name not in self._matching.gone:
                yield field

    def view(self, view: SeenTable) -> Rendered:
        """The block of a view: keys and relations are those of the old file."""
        matching = self._matching
        old = matching.view_of(view)
        name, mapped = matching.view_name(view)
        block = Rendered("view", name, view_docs(view, name, mapped, old))
        for column in view.columns:
            self._fields.add_of_view(block, column, old)
        if old is not None:
            for field in old.relation_fields:
                if field.target.name not in matching.gone:
                    cells = copied(field)
                    block.add(cells if cells[2] else cells[:2])
            block.attributes += _kept_uniques(old)
        self._finish(block, view, mapped, ignored=old is not None and old.ignored)
        return block

    def _finish(self, block: Rendered, table: SeenTable, mapped: str | None, *, ignored: bool) -> None:
        if mapped is not None:
            block.attributes.append(f"@@map({quoted(mapped)})")
        if ignored:
            block.attributes.append("@@ignore")
        if self._matching.namespaces:
            block.attributes.append(f"@@schema({quoted(table.schema)})")


def _kept_uniques(old: OldModel) -> list[str]:
    """The keys over several columns of a view in the old file: Prisma allows it no other keys or indexes."""
    return [
        unique_attribute(index.fields, index.name, index.mapped)
        for index in old.indexes
        if index.unique and len(index.fields) > 1
    ]
