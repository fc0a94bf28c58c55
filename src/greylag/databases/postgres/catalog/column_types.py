"""The types of columns, domains and attributes: one object for each that is in use."""

from __future__ import annotations

from greylag.model.catalog.parts import Type

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TypeAlias

    from greylag.model.catalog.parts import TypeKind

    Row: TypeAlias = list[str]

_KINDS: dict[str, TypeKind] = {
    "b": "base", "e": "enum", "d": "domain", "c": "composite", "r": "range", "m": "multirange", "p": "pseudo",
}  # fmt: skip


class Types:
    """Types by their oid and modifier, both as PostgreSQL writes them."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows = {(row[0], row[1]): row for row in rows}
        self._types: dict[tuple[str, str], Type] = {}

    def __getitem__(self, key: tuple[str, str]) -> Type:
        """The type of an oid and a modifier (``-1`` without)."""
        found = self._types.get(key)
        if found is None:
            found = self._types[key] = self._build(key)
        return found

    def base_id(self, type_id: str, modifier: str) -> str:
        """The oid of a type, or of what a domain stands on in the end."""
        while (row := self._rows[type_id, modifier])[8] != "0":
            type_id, modifier = row[8], row[9]
        return type_id

    def _build(self, key: tuple[str, str]) -> Type:
        _, modifier, text, name, schema, letter, array, element, base, base_modifier, required = self._rows[
            key
        ]
        kind = _KINDS[letter]
        nullable = required == "f"
        below: Type | None = None
        if kind == "domain" and array == "t":
            below = self[element, "-1"].base
        elif kind == "domain":
            below = self[base, base_modifier]
            nullable = nullable and below.nullable
        return Type(
            text,
            name,
            schema,
            kind,
            array == "t",
            _modifiers(text) if modifier != "-1" else (),
            below,
            nullable,
        )


def _modifiers(text: str) -> tuple[int, ...]:
    """The numbers in a type's parentheses: ``numeric(5,-2)[]``, ``time(3) with time zone``, ``vector(3)``."""
    words = text.rpartition("(")[2].partition(")")[0].split(",")
    return tuple(int(word) for word in words if word.strip().removeprefix("-").isdecimal())
