"""Join tables of implicit many-to-many relations: which tables are taken for one."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.schema.prisma.picture import SeenForeignKey, SeenTable


def is_join_table(table: SeenTable, *, any_order: bool = False) -> bool:
    """Whether Prisma hides the table behind two lists: by its name, its keys, and the order of its sides.

    That is the order of the tables' names. The client goes by the models' names: who knows these asks for
    ``any_order`` and looks at them.
    """
    if not table.name.startswith("_") or len(table.foreign_keys) != 2:
        return False
    pairs = [index for index in table.indexes if index.kind != "plain" and len(index.keys) == 2]
    singles = [index for index in table.indexes if index.kind == "plain" and len(index.keys) == 1]
    if not any([name.lower() for name in index.columns] == ["a", "b"] for index in pairs):
        return False
    if not any(index.columns[0].lower() == "b" for index in singles):
        return False
    first, second = table.foreign_keys
    return _are_sides(first, second, any_order) or _are_sides(second, first, any_order)


def sides(table: SeenTable) -> tuple[SeenForeignKey, SeenForeignKey]:
    """The keys over A and B of a join table."""
    first, second = table.foreign_keys
    return (first, second) if _column(first) == "a" else (second, first)


def _are_sides(a: SeenForeignKey, b: SeenForeignKey, any_order: bool) -> bool:
    in_order = any_order or a.target.name <= b.target.name
    return in_order and _column(a) == "a" and _column(b) == "b"


def _column(key: SeenForeignKey) -> str:
    return key.columns[0].name.lower()
