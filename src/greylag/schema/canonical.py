"""A Catalog as JSON values and back: one form for one schema, so that two texts differ where schemas do."""

from __future__ import annotations

from greylag.errors import UsageError
from greylag.model.catalog import catalog as whole
from greylag.model.catalog import objects, parts, tables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from greylag.model.catalog.catalog import Catalog

_LISTS: dict[tuple[str, str], Any] = {
    ("Catalog", "schemas"): objects.Schema,
    ("Catalog", "extensions"): objects.Extension,
    ("Catalog", "enums"): objects.Enum,
    ("Catalog", "domains"): objects.Domain,
    ("Catalog", "composites"): objects.Composite,
    ("Catalog", "sequences"): objects.Sequence,
    ("Catalog", "tables"): tables.Table,
    ("Catalog", "views"): objects.View,
    ("Catalog", "routines"): objects.Routine,
    ("Catalog", "dictionaries"): objects.Dictionary,
    ("Catalog", "others"): objects.Other,
    ("Composite", "attributes"): parts.Column,
    ("Dictionary", "attributes"): parts.Column,
    ("Index", "keys"): tables.Key,
    ("Table", "parents"): parts.Name,
}
"""What the elements of a list are, where the name of the field does not tell it."""

_FIELDS: dict[str, Any] = {
    "columns": parts.Column,
    "constraints": tables.Constraint,
    "indexes": tables.Index,
    "triggers": tables.Trigger,
    "policies": tables.Policy,
    "rules": tables.Rule,
    "projections": tables.Projection,
    "grants": parts.Grant,
}
_VALUES: dict[str, Any] = {
    "type": parts.Type,
    "base": parts.Type,
    "sequence": parts.Name,
    "references": tables.Reference,
    "table": parts.Name,
    "parent": parts.Name,
    "of_type": parts.Name,
    "of": parts.Name,
    "target": parts.Name,
    "function": parts.Name,
    "partition": tables.Partition,
}
_TEXTS = frozenset(
    {("Sequence", "type"), ("Constraint", "columns"), ("Reference", "columns"), ("Trigger", "columns")}
)
"""Fields that bear a name of above and hold plain words."""


def to_json(value: Any) -> Any:
    """A Catalog, or any part of one, as plain values; fields at their default are left out."""
    fields = getattr(value, "_fields", None)
    if fields is not None:
        defaults = value._field_defaults
        return {
            field: to_json(each)
            for field, each in zip(fields, value, strict=True)
            if field not in defaults or each != defaults[field]
        }
    if isinstance(value, tuple):
        return [to_json(each) for each in value]
    return value


def from_json(facts: Any) -> Catalog:
    """The Catalog that to_json() made these of. Raises UsageError for anything else."""
    try:
        catalog: Catalog = _Reader().read(whole.Catalog, facts)
    except (TypeError, AttributeError, ValueError, KeyError) as error:
        raise UsageError(f"this is no catalog in greylag's form: {error}") from None
    return catalog


class _Reader:
    """Makes equal types one object, as a reader of a database does."""

    def __init__(self) -> None:
        self._types: dict[Any, Any] = {}

    def read(self, kind: Any, facts: Any) -> Any:
        name = kind.__name__
        value = kind(**{field: self._field(name, field, each) for field, each in facts.items()})
        return self._types.setdefault(value, value) if name == "Type" else value

    def _field(self, owner: str, field: str, value: Any) -> Any:
        if isinstance(value, list):
            kind = _LISTS.get((owner, field)) or ((owner, field) not in _TEXTS and _FIELDS.get(field))
            if kind:
                return tuple(self.read(kind, each) for each in value)
            return self._owner(value) if field == "owned_by" else _frozen(value)
        if isinstance(value, dict) and (owner, field) not in _TEXTS:
            return self.read(_VALUES[field], value)
        return value

    def _owner(self, value: list[Any]) -> tuple[Any, Any]:
        table, column = value
        return self.read(parts.Name, table), column


def _frozen(value: Any) -> Any:
    return tuple(_frozen(each) for each in value) if isinstance(value, list) else value
