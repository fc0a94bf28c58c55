from __future__ import annotations

from greylag.model.catalog.tables import Constraint
from greylag.schema.models.columns import Context
from greylag.schema.models.skeleton import skeleton
from tests.plugins.pictures import index, key, table


def test_tables_keys_and_references_in_the_order_given() -> None:
    unique = Constraint("u", "unique", ("x",))
    first = table(
        "b", "id", "x", constraints=(key("f", ("x",), "a"), unique), indexes=(index("i", "x", unique=True),)
    )
    second = table("a", "id", "x", constraints=(key("g", ("x",), "b"),))
    contexts = [Context(each, "postgres", {}, ("id",), tuple(c for c in each.constraints if c.references))
                for each in (first, second)]  # fmt: skip
    made = skeleton(contexts)
    assert [each.fullname for each in made.sorted_tables] == ["public.b", "public.a"]
    found = made.sorted_tables[0]
    assert list(found.primary_key.columns.keys()) == ["id"] and found.info["context"] is contexts[0]
    (reference,) = found.foreign_key_constraints
    assert reference.referred_table is made.sorted_tables[1]
    assert sorted(
        str(each.name) for each in found.constraints if type(each).__name__ == "UniqueConstraint"
    ) == ["i", "u"]
