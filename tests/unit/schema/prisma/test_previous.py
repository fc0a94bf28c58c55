"""What an old file says: keys, relations and their sides."""

from __future__ import annotations

from greylag.schema.prisma.parser import parse
from greylag.schema.prisma.previous import Previous, generated_name
from tests.plugins.pictures import HEAD

OLD = """
model Post {
  id     Int   @id(map: "pk")
  slug   String @unique(map: "slug_uq") @default(nanoid(9)) @map("the_slug")
  by     Int?
  author User? @relation("Wrote", fields: [by], references: [id], onDelete: Cascade, map: "fk")
  tags   Tag[]

  @@unique([slug, by], name: "both")
  @@index([by], name: "old_style")
  @@map("posts")
  @@schema("blog")
}

model User {
  id    Int    @id
  wrote Post[] @relation("Wrote")
  gone  DateTime? @updatedAt
}

model Tag {
  id    Int    @id
  posts Post[]
  @@ignore
}

enum Kind {
  A @map("a")
  b
}

view Seen {
  id Int @unique
}
"""


def previous(text: str = OLD, *, forget: bool = False) -> Previous:
    return Previous(parse(HEAD + text), forget=forget)


def test_models_views_and_enums_have_their_places() -> None:
    found = previous()
    assert [model.name for model in found.models] == ["Post", "User", "Tag"]
    assert [view.name for view in found.views] == ["Seen"] and found.views[0].is_view
    assert [each.place for each in (*found.models, *found.enums, *found.views)] == [0, 1, 2, 3, 4]
    assert found.enums[0].by_label["a"].name == "A" and found.enums[0].by_label["b"].map is None


def test_names_in_the_database() -> None:
    post = previous().models[0]
    assert (post.mapped, post.map, post.schema) == ("posts", "posts", "blog")
    assert post.column_of("slug") == "the_slug" and post.by_column["the_slug"].name == "slug"
    assert post.by_column["the_slug"].client_default == "nanoid(9)"


def test_indexes_are_found_by_their_name_in_the_database() -> None:
    post = previous().models[0]
    assert [index.constraint for index in post.indexes] == ["slug_uq", "posts_the_slug_by_key", "old_style"]
    assert post.index_for("slug_uq") is post.indexes[0]
    both = post.indexes[1]
    assert both.name == "both" and both.is_for("both") and both.is_for("posts_the_slug_by_key")
    assert post.indexes[2].name is None
    assert post.index_for("nothing") is None


def test_relations_are_told_from_the_side_with_the_columns() -> None:
    found = previous()
    wrote = found.relations_from(found.models[0])[0]
    assert wrote.forward and wrote.back and wrote.name == "Wrote"
    assert (wrote.forward.name, wrote.back.name) == ("author", "wrote")
    assert wrote.forward.fields == ("by",) and wrote.forward.mapped == "fk"
    assert wrote.forward.action("onDelete") == "Cascade" and wrote.forward.action("onUpdate") is None
    assert found.relations_from(found.models[1]) == []


def test_many_to_many_goes_by_the_names_of_the_models() -> None:
    found = previous()
    joined = next(each for each in found.relations if each.kind == "many to many")
    assert (joined.model_a.name, joined.model_b.name, joined.name) == ("Post", "Tag", "PostToTag")
    assert generated_name(found.models[2], found.models[0]) == "PostToTag"


def test_relations_of_one_model_with_itself() -> None:
    found = previous(
        """
model Node {
  id       Int    @id
  parentId Int?
  parent   Node?  @relation("Tree", fields: [parentId], references: [id])
  children Node[] @relation("Tree")
  twinId   Int?   @unique
  twin     Node?  @relation("Twins", fields: [twinId], references: [id])
  of       Node?  @relation("Twins")
  b        Node[] @relation("Friends")
  a        Node[] @relation("Friends")
}
"""
    )
    told = {
        relation.name: (
            relation.kind,
            relation.forward and relation.forward.name,
            relation.back and relation.back.name,
        )
        for relation in found.relations
    }
    assert told == {
        "Tree": ("inline", "parent", "children"),
        "Twins": ("inline", "twin", "of"),
        "Friends": ("many to many", "a", "b"),
    }


def test_a_relation_of_which_one_side_is_missing_is_not_complete() -> None:
    found = previous(
        "\nmodel A {\n  id Int @id\n  b B @relation(fields: [id], references: [id])\n}\nmodel B {\n  id Int @id\n}\n"
    )
    assert [relation.complete for relation in found.relations] == [False]
    found = previous("\nmodel A {\n  id Int @id\n}\nmodel B {\n  id Int @id\n  a A[]\n}\n")
    relation = found.relations[0]
    assert not relation.complete and relation.model_a.name == "A" and relation.forward is None


def test_what_is_forgotten_by_force() -> None:
    found = previous(forget=True)
    assert not (found.models or found.views or found.enums or found.relations)
    assert found.datasource is not None and len(found.generators) == 1
