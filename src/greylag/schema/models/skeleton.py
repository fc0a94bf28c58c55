"""A Catalog as SQLAlchemy's MetaData, as far as sqlacodegen reads it: tables, columns, keys, references."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKeyConstraint, MetaData, PrimaryKeyConstraint, Table, UniqueConstraint
from sqlalchemy.types import NullType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from greylag.model.catalog import tables
    from greylag.schema.models.columns import Context


class Skeleton(MetaData):
    """Tables in the order in which they were put in: sorting them by their references warns of circles."""

    @property
    def sorted_tables(self) -> list[Table]:
        """The tables, first come, first served."""
        return list(self.tables.values())


def skeleton(contexts: Iterable[Context]) -> Skeleton:
    """The MetaData of these tables; each has its Context in ``info``. Types are left out."""
    made = Skeleton()
    for context in contexts:
        table = context.table
        Table(
            table.name,
            made,
            *(Column(each.name, NullType(), nullable=each.nullable) for each in table.columns),
            *_keys(table, context.key),
            *(_foreign(each) for each in context.foreign),
            schema=table.schema or None,
            info={"context": context},
        )
    return made


def _keys(table: tables.Table, key: Sequence[str]) -> Iterable[PrimaryKeyConstraint | UniqueConstraint]:
    if key:
        yield PrimaryKeyConstraint(*key)
    for constraint in table.constraints:
        if constraint.kind == "unique":
            yield UniqueConstraint(*constraint.columns, name=constraint.name or None)
    for index in table.indexes:
        plain = all(each.column for each in index.keys) and not index.predicate and not index.constraint
        if index.unique and plain:
            yield UniqueConstraint(*(each.column for each in index.keys), name=index.name)


def _foreign(constraint: tables.Constraint) -> ForeignKeyConstraint:
    reference = constraint.references
    if reference is None:
        raise ValueError(constraint.name)
    place = f"{reference.table.schema}." if reference.table.schema else ""
    remote = [f"{place}{reference.table.name}.{each}" for each in reference.columns]
    return ForeignKeyConstraint(constraint.columns, remote, name=constraint.name or None)
