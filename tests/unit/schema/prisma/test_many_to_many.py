"""Join tables: every condition that makes a table one."""

from __future__ import annotations

import pytest

from greylag.model.catalog.tables import Constraint, Table
from greylag.schema.prisma.many_to_many import is_join_table, sides
from tests.plugins.pictures import index, key, picture, table

POST, USER = table("post", "id"), table("user", "id")


def join(
    name: str = "_likes", *, a: str = "post", b: str = "user", unique: str = "ab", single: str = "B"
) -> Table:
    pair = ("A", "B") if unique == "ab" else ("B", "A")
    return table(
        name, "A", "B", keyed=False,
        constraints=(key("a_fk", ("A",), a), key("b_fk", ("B",), b)),
        indexes=(index("pair", *pair, unique=True), index("single", single)),
    )  # fmt: skip


def is_join(made: Table) -> bool:
    seen = picture(POST, USER, made)
    return is_join_table(seen.by_id["public", made.name])


def test_a_join_table() -> None:
    assert is_join(join())
    seen = picture(POST, USER, join()).by_id["public", "_likes"]
    assert [side.target.name for side in sides(seen)] == ["post", "user"]
    assert seen.joins and seen.hidden


@pytest.mark.parametrize(
    "made",
    [join("likes"), join(a="user", b="post"), join(unique="ba"), join(single="A")],
    ids=["name", "order of the tables", "order of the key", "the index on B"],
)  # fmt: skip
def test_what_is_none(made: Table) -> None:
    assert not is_join(made)


def test_a_third_key_makes_it_an_ordinary_table() -> None:
    made = join()
    third = key("c_fk", ("A",), "user")
    assert not is_join(made._replace(constraints=(*made.constraints, third)))


def test_both_sides_may_be_one_table_and_columns_in_small_letters() -> None:
    made = table(
        "_friends", "a", "b", keyed=False,
        constraints=(key("x", ("b",), "user"), key("y", ("a",), "user")),
        indexes=(index("pair", "a", "b", unique=True, constraint="pk"), index("single", "b", method="hash")),
    )  # fmt: skip
    made = made._replace(constraints=(*made.constraints, Constraint("pk", "primary key", ("a", "b"))))
    assert is_join(made)
    seen = picture(USER, made).by_id["public", "_friends"]
    assert [side.name for side in sides(seen)] == ["y", "x"]
