"""What a column's type is in Python, one value for all engines."""

from __future__ import annotations

from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from greylag.schema.models.writing import Group

    Limits = Mapping[str, str | Group]
else:
    Limits = dict

_NONE: Limits = {}


class Kind(NamedTuple):
    """``sql`` is SQLAlchemy's type as an expression, ``python`` what a class of it holds (``dt.date``).

    ``row`` is the annotation in a Pydantic model, ``limits`` what its Field checks (``max_length``). An empty
    ``row`` is a column that no model can hold; ``nullable`` is what the type itself says, None for nothing.
    """

    sql: str | Group
    python: str
    row: str
    limits: Limits = _NONE
    nullable: bool | None = None
