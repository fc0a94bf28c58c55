"""What a relationship between two classes is written with, beyond what sqlacodegen found."""

from __future__ import annotations

import re

from sqlacodegen.models import ModelClass, RelationshipType

from greylag.schema.models.names import plural, singular
from greylag.schema.models.writing import call, sequence, string

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlacodegen.models import ColumnAttribute, JoinType, Model, RelationshipAttribute

    from greylag.schema.models.writing import Group

_ID = re.compile(r"(?<=[^_])(?:_id|_ID|_uuid|Id|ID)$")
_MANY = (RelationshipType.ONE_TO_MANY, RelationshipType.MANY_TO_MANY)


def settle(model: ModelClass) -> None:
    """Mend the sides of a relationship to itself: what is remote are the columns that are referred to."""
    for each in model.relationships:
        if each.remote_side and each.constraint is not None:
            local = is_referring(each)
            names = [key.column.name if local else key.parent.name for key in each.constraint.elements]
            each.remote_side = [model.get_column_attribute(name) for name in names]


def is_referring(relationship: RelationshipAttribute) -> bool:
    """Whether the foreign key is on this side. Of a relationship to itself the first side is it."""
    constraint = relationship.constraint
    if constraint is None or relationship.association_table is not None:
        return False
    if relationship.source is not relationship.target:
        return constraint.table is relationship.source.table
    first = next(each for each in relationship.source.relationships if each.constraint is constraint)
    return first is relationship


def name_of(relationship: RelationshipAttribute) -> str:
    """How a side of a reference is called; empty where sqlacodegen's own name is taken.

    ``author_id`` and ``authorId`` are ``author``; another column's name says less than its target's. The
    other side is what is there, with the column before it where two references lead to one table:
    ``author_posts``.
    """
    constraint = relationship.constraint
    if constraint is None or relationship.association_table is not None:
        return ""
    columns = [str(each) for each in constraint.columns.keys()]  # noqa: SIM118
    bare = _ID.sub("", columns[0]) if len(columns) == 1 else ""
    target = relationship.target.table.name
    if is_referring(relationship):
        if is_named_by_column(relationship):
            return bare
        return f"{'_'.join(columns)}_{singular(target)}" if relationship.foreign_keys else singular(target)
    if relationship.source is relationship.target:
        return ""
    found = plural(target) if relationship.type in _MANY else singular(target)
    # user_id of the orders of a user says nothing new: they are its orders.
    own = bare.lower() == singular(relationship.source.table.name).lower()
    return f"{bare or '_'.join(columns)}_{found}" if relationship.foreign_keys and not own else found


def is_named_by_column(relationship: RelationshipAttribute) -> bool:
    """Whether the referring column says how its side is called, and so comes first."""
    constraint = relationship.constraint
    columns = [str(each) for each in constraint.columns.keys()] if constraint is not None else []  # noqa: SIM118
    return is_referring(relationship) and len(columns) == 1 and _ID.search(columns[0]) is not None


def annotation(relationship: RelationshipAttribute) -> str:
    """What the attribute holds."""
    name = relationship.target.name
    if relationship.type in _MANY:
        return f"list[{name}]"
    constraint = relationship.constraint
    sure = constraint is not None and not any(each.nullable for each in constraint.columns)
    if sure and is_referring(relationship):
        return name
    return f"{name} | None"


def expression(relationship: RelationshipAttribute, overlaps: Sequence[str]) -> Group:
    """``relationship(…)``."""
    named: dict[str, str | Group] = {}
    link = relationship.association_table
    if link is not None:
        named["secondary"] = f"lambda: {link.name}"
        named |= _joins(relationship)
    if relationship.foreign_keys:
        named["foreign_keys"] = _columns(relationship.foreign_keys)
    if relationship.remote_side:
        named["remote_side"] = _columns(relationship.remote_side)
    if relationship.backref is not None:
        named["back_populates"] = string(relationship.backref.name)
    if link is None and not is_referring(relationship):
        named["passive_deletes"] = string("all")
    if overlaps:
        named["overlaps"] = string(",".join(overlaps))
    return call("relationship", named=named)


def _columns(attributes: Sequence[ColumnAttribute]) -> Group:
    names = [f"{each.model.name}.{each.name}" for each in attributes]
    return sequence(names, "lambda: [")


def _joins(relationship: RelationshipAttribute) -> dict[str, str | Group]:
    """How a join table is reached: said only where both its ends are one class."""
    link = relationship.association_table
    if link is None or not relationship.primaryjoin:
        return {}
    return {
        "primaryjoin": _join(relationship.source, relationship.primaryjoin, link),
        "secondaryjoin": _join(relationship.target, relationship.secondaryjoin, link),
    }


def _join(model: Model, terms: Sequence[JoinType], link: Model) -> str | Group:
    pairs = []
    for _, column, _, other in terms:
        attribute = model.get_column_attribute(str(column)).name if isinstance(model, ModelClass) else column
        pairs.append(f"{model.name}.{attribute} == {link.name}.c[{string(str(other))}]")
    return f"lambda: {pairs[0]}" if len(pairs) == 1 else sequence(pairs, "lambda: sa.and_(")


def overlapping(model: ModelClass) -> dict[str, list[str]]:
    """Relationships of a class that write the same column, each with the names of the others.

    SQLAlchemy warns of them: composite keys that share a tenant's column have them, and mean it.
    """
    found: dict[str, list[str]] = {}
    for each in _writers(model):
        mine = {key.name for key in each.constraint.columns} if each.constraint is not None else set()
        names = []
        for other in _writers(model):
            theirs = {key.name for key in other.constraint.columns} if other.constraint is not None else set()
            if other is not each and mine & theirs:
                names += [other.name, *([other.backref.name] if other.backref else [])]
        if names:
            found[each.name] = sorted(set(names))
    return found


def _writers(model: ModelClass) -> list[RelationshipAttribute]:
    return [each for each in model.relationships if is_referring(each)]
