"""Pydantic models, one for each table and view: what a row holds."""

from __future__ import annotations

from greylag.schema.models.names import ROW_GLOBALS, attribute, field
from greylag.schema.models.writing import Group, call, docstring, statement, string

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from greylag.model.catalog.objects import View
    from greylag.model.catalog.parts import Column
    from greylag.model.catalog.tables import Table
    from greylag.schema.models.kinds import Kind


def row_class(
    name: str, relation: Table | View, kind_of: Callable[[Column], Kind], taken: Collection[str]
) -> str:
    """The model of a relation; ``taken`` are the names of the file that no field may hide."""
    lines = [f"class {name}(Row):"]
    about = docstring(relation.comment)
    lines += [*about, ""] if about else []
    fields: set[str] = set()
    attributes: set[str] = set()
    for column in relation.columns:
        kind = kind_of(column)
        if not kind.row:
            lines += [
                f"    # {_flat(column.name)} is left out: {_flat(column.type.text)} holds a state, no value"
            ]
            continue
        word = field(column.name, ROW_GLOBALS, taken, fields)
        fields.add(word)
        # The class of SQLAlchemy names its attributes on its own: metadata is metadata_ there, and here not.
        other = attribute(column.name, _orm_taken(taken), attributes)
        attributes.add(other)
        lines += _field(word, other, column, kind)
    return "\n".join([*lines, *([] if fields else ["    pass"])])


def _orm_taken(taken: Collection[str]) -> set[str]:
    from greylag.schema.models.names import ORM_GLOBALS

    return {*ORM_GLOBALS, *taken}


def _field(word: str, other: str, column: Column, kind: Kind) -> list[str]:
    optional = column.nullable if kind.nullable is None else kind.nullable and column.nullable
    nullable = optional and kind.row != "None"
    annotation = f"{kind.row} | None" if nullable else kind.row
    named: dict[str, str | Group] = {}
    if optional:
        named["default"] = "None"
    if not word == column.name == other:
        names = dict.fromkeys((other, column.name))
        named["validation_alias"] = call("AliasChoices", [string(each) for each in names])
        if word != column.name:
            named["serialization_alias"] = string(column.name)
    named |= kind.limits
    if column.comment:
        named["description"] = string(column.comment)
    if list(named) == ["default"]:
        return [f"    {word}: {annotation} = None"]
    if not named:
        return [f"    {word}: {annotation}"]
    return statement(f"{word}: {annotation} = ", call("Field", named=named), 4)


def _flat(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
