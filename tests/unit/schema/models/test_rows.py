from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from greylag.model.catalog.tables import Table
from greylag.schema.models import head
from greylag.schema.models.kinds import Kind
from greylag.schema.models.rows import row_class
from tests.plugins.pictures import column

if TYPE_CHECKING:
    from collections.abc import Callable

    from greylag.model.catalog.parts import Column

KINDS = {
    "int4": Kind("", "", "int"),
    "varchar": Kind("", "", "str", {"max_length": "3"}),
    "state": Kind("", "", ""),
    "sure": Kind("", "", "int", nullable=False),
}


def written(*columns: Column, comment: str = "", taken: tuple[str, ...] = ()) -> str:
    made = Table("public", "t", columns, comment=comment)
    return row_class("TRow", made, lambda found: KINDS[found.type.name], taken)


def test_fields() -> None:
    found = written(
        column("id", nullable=False), column("a"), column("s", "varchar", comment="short"), column("d", "sure"),
        comment="What it is",
    )  # fmt: skip
    assert found.splitlines() == [
        "class TRow(Row):",
        '    """What it is"""',
        "",
        "    id: int",
        "    a: int | None = None",
        '    s: str | None = Field(default=None, max_length=3, description="short")',
        "    d: int",
    ]


def test_what_holds_no_value_is_left_out_with_a_word() -> None:
    assert written(column("a\nb", "state")).splitlines() == [
        "class TRow(Row):",
        "    # a b is left out: state holds a state, no value",
        "    pass",
    ]


def test_names_that_no_field_may_have(imported: Callable[[str], Any]) -> None:
    text = written(
        *(column(each, nullable=False) for each in ("json", "metadata", "class", "_id", "x y", "Row"))
    )
    page = f"{head.ROW}\n\n\n{text}"
    made = imported(f"{head.imports(head.names_used(page))}\n\n{page}").TRow
    names = {"json": 1, "metadata": 2, "class": 3, "_id": 4, "x y": 5, "Row": 6}
    row = made.model_validate(names)
    assert (row.json_, row.metadata, row.class_, row.id, row.x_y, row.Row_) == (1, 2, 3, 4, 5, 6)
    assert row.model_dump() == {**names}
    thing = SimpleNamespace(json=1, metadata="SQLAlchemy's", metadata_=2, class_=3, _id=4, x_y=5, Row=6)
    assert made.model_validate(thing) == row
    assert made(json_=1, metadata=2, class_=3, id=4, x_y=5, Row_=6) == row
