"""Models and views as blocks."""

from __future__ import annotations

from greylag.model.catalog.objects import View
from greylag.schema.prisma.introspection import introspect
from greylag.schema.prisma.parser import parse
from tests.plugins.pictures import HEAD, blocks, catalog, column, index, key, table


def test_a_model() -> None:
    users = table("users", "id", indexes=(index("i", "id"),))
    log = table("the log", "user_id", keyed=False, constraints=(key("fk", ("user_id",), "users"),))
    assert (
        blocks(users, log)
        == """\
/// The underlying table does not contain a valid unique identifier and can therefore currently not be handled \
by Prisma Client.
model the_log {
  user_id Int?
  users   users? @relation(fields: [user_id], references: [id], onDelete: NoAction, onUpdate: NoAction, map: "fk")

  @@map("the log")
  @@ignore
}

model users {
  id      Int       @id
  the_log the_log[] @ignore

  @@index([id], map: "i")
}
"""
    )


def test_schemas_are_named_where_several_may_be() -> None:
    head = HEAD.replace('DATABASE_URL")\n', 'DATABASE_URL")\n  schemas = ["b", "public"]\n')
    made = catalog(table("t", "id", schema="b"))
    text = introspect(made, parse(head), ["ignored"]).text
    assert text.endswith('model t {\n  id Int @id\n\n  @@schema("b")\n}\n')
    assert '  schemas  = ["b", "public"]\n' in text


def test_a_table_without_columns_is_commented_out() -> None:
    made = table("t", "x", keyed=False)._replace(columns=())
    assert blocks(made).endswith("check your privileges.\n// model t {\n// }\n")


def test_without_keys_relations_are_copied() -> None:
    head = HEAD.replace('DATABASE_URL")\n', 'DATABASE_URL")\n  relationMode = "prisma"\n')
    old = """
model users {
  id    Int     @id
  posts posts[]
  gone  gone[]
}

model posts {
  id   Int    @id
  u    Int?
  user users? @relation(fields: [u], references: [id])

  @@index([u])
}

model gone {
  id   Int   @id
  user users @relation(fields: [id], references: [id])
}
"""
    tables = (table("users", "id"), table("posts", "id", "u", constraints=(key("fk", ("u",), "users"),)))
    found = introspect(catalog(*tables), parse(head + old), ["public"])
    assert "  user users? @relation(fields: [u], references: [id])\n" in found.text
    assert "gone" not in found.text and "  posts posts[]\n" in found.text
    assert '  - "posts"\n  - "users"' in found.warnings.replace(
        '"users"\n  - "posts"', '"posts"\n  - "users"'
    )


def test_views_keep_their_keys_and_relations() -> None:
    head = HEAD.replace('-js"\n', '-js"\n  previewFeatures = ["views"]\n')
    old = """
model users {
  id    Int   @id
  stats Stats?
}

/// Counted.
view Stats {
  id    Int    @unique
  a     Int
  users users? @relation(fields: [id], references: [id])

  @@unique([id, a], name: "both")
  @@map("stats")
}
"""
    view = View("public", "stats", (column("id"), column("a")), "SELECT 1")
    text = introspect(catalog(table("users", "id"), views=(view,)), parse(head + old), ["public"]).text
    assert text.endswith(
        old.replace("stats Stats?", "stats Stats?").replace("  id    Int   @id\n", "  id    Int    @id\n")
    )
