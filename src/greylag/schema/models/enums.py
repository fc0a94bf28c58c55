"""Enum types as enum classes, their values by name."""

from __future__ import annotations

from greylag.model.catalog.parts import Name
from greylag.schema.models.names import class_name, free, identifier, member
from greylag.schema.models.writing import docstring, string

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from greylag.model.catalog.objects import Enum


def enum_names(enums: Sequence[Enum], taken: Collection[str]) -> dict[Name, str]:
    """The class of every enum type; one whose name a table's class has gets ``Enum`` behind it."""
    found: dict[Name, str] = {}
    for enum in enums:
        words = [word[:1].upper() + word[1:] for word in identifier(enum.name).split("_")]
        name = identifier("".join(words) or "Unnamed")
        if name in taken:
            name = f"{name}Enum"
        if name in found.values():
            name = class_name(f"{enum.schema}_{name}")
        found[Name(enum.schema, enum.name)] = free(name, taken, set(found.values()))
    return found


def enum_class(name: str, values: Sequence[str], comment: str = "") -> list[str]:
    """The lines of the class."""
    lines = [f"class {name}(StrEnum):"]
    about = docstring(comment)
    if about:
        lines += [*about, ""]
    taken: set[str] = set()
    for value in values:
        word = member(value, taken)
        taken.add(word)
        lines.append(f"    {word} = {string(value)}")
    return lines if values or about else [*lines, "    pass"]


class EnumColumns:
    """Classes for enums that have no name of their own, as ClickHouse's: one for each column's values."""

    def __init__(self, taken: Collection[str]) -> None:
        self._taken = set(taken)
        self.classes: dict[str, tuple[str, ...]] = {}

    def name(self, table: str, column: str, values: tuple[str, ...]) -> str:
        """The class of a column: named for both."""
        wanted = class_name(table) + "".join(
            word[:1].upper() + word[1:] for word in identifier(column).split("_") if word
        )
        if self.classes.get(wanted) == values:
            return wanted
        found = free(wanted, self._taken)
        self._taken.add(found)
        self.classes[found] = values
        return found
