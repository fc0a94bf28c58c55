"""Old and new side by side, and the names that come of it."""

from __future__ import annotations

from greylag.model.catalog.objects import Enum, View
from greylag.schema.prisma.matching import database_name
from tests.plugins.pictures import column, index, key, matching, table

OLD = """
model User {
  id   Int  @id
  size Int? @map("the size")
  @@map("users")
}

model Gone {
  id Int @id
}

enum Kind {
  A @map("a")
  @@map("kind")
}
"""


def test_an_old_name_is_kept() -> None:
    found = matching(
        table("users", "id", "the size"), enums=(Enum("public", "kind", ("a", "b c")),), before=OLD
    )
    users = found.picture.tables[0]
    old = found.model_of(users)
    assert found.table_name(users) == ("User", "users")
    assert found.column_name(users.columns[1], old) == ("size", "the size")
    assert found.enum_name(("public", "kind")) == ("Kind", "kind")
    kind = found.enum_of(found.picture.enums[0])
    assert found.value_name("a", kind) == ("A", "a") and found.value_name("b c", kind) == ("b_c", "b c")
    assert found.gone == {"Gone"}


def test_new_names_are_sanitised_or_renamed() -> None:
    found = matching(table("a-b", "id", "1x", "한"), table("class", "id"))
    seen = found.picture.by_id["public", "a-b"]
    assert found.table_name(seen) == ("a_b", "a-b")
    assert found.table_name(found.picture.by_id["public", "class"]) == ("Renamedclass", "class")
    assert [found.column_name(each, None) for each in seen.columns] == [("id", None), ("x", "1x"), ("", "한")]
    assert found.value_name("", None) == ("EMPTY_ENUM_VALUE", "")


def test_names_that_clash_get_their_schema_in_front() -> None:
    enums = (Enum("public", "a b", ("x",)),)
    found = matching(table("a-b", "id"), table("a_b", "id"), table("fine", "id"), enums=enums)
    assert [found.table_name(each) for each in found.picture.tables] == [
        ("public_a_b", "a-b"), ("public_a_b", "a_b"), ("fine", None),
    ]  # fmt: skip
    assert found.enum_name(("public", "a b")) == ("public_a_b", "a b")
    assert not found.is_single("a b") and found.is_single("fine")


def test_views_count_with_the_preview_alone() -> None:
    view = View("public", "a_b", (column("x"),), "SELECT 1")
    assert matching(table("a-b", "id"), views=False).is_single("a-b")
    found = matching(table("a-b", "id"), views=True)
    assert found.is_single("a-b")
    assert database_name("class") == "Renamedclass" and database_name("a-b") == "a_b" and view.name == "a_b"


def test_a_relation_is_found_by_its_columns() -> None:
    old = """
model users {
  id    Int     @id
  posts posts[]
}

model posts {
  id Int    @id
  u  Int?   @map("user_id")
  by users? @relation(fields: [u], references: [id], map: "whatever")
}
"""
    posts = table("posts", "id", "user_id", "other", constraints=(
        key("a_fk", ("other",), "users"), key("b_fk", ("user_id",), "users"),
    ))  # fmt: skip
    found = matching(table("users", "id"), posts, before=old)
    other, same = found.picture.by_id["public", "posts"].foreign_keys
    assert found.relation_of(other) is None
    relation = found.relation_of(same)
    assert relation is not None and relation.forward is not None and relation.forward.name == "by"


def test_a_join_table_is_found_by_the_relations_name() -> None:
    old = """
model a {
  id Int @id
  bs b[]
}

model b {
  id Int @id
  as a[]
}
"""
    join = table(
        "_aTob", "A", "B", keyed=False,
        constraints=(key("x", ("A",), "a"), key("y", ("B",), "b")),
        indexes=(index("u", "A", "B", unique=True), index("i", "B")),
    )  # fmt: skip
    found = matching(table("a", "id"), table("b", "id"), join, before=old)
    assert found.joins["public", "_aTob"].name == "aTob"
