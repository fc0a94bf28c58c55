"""Relation fields: names, order, marks, and what an old file keeps."""

from __future__ import annotations

import pytest

from greylag.model.catalog.tables import Constraint, Table
from greylag.schema.prisma.relations import Relations, copied, is_ignored
from tests.plugins.pictures import column, index, key, matching, table

USERS = table("users", "id")


def told(*tables: Table, of: str, before: str = "") -> list[tuple[str, str, str]]:
    found = matching(*tables, before=before)
    return list(Relations(found).fields_of(found.picture.by_id["public", of]))


def test_one_relation_is_named_by_its_tables() -> None:
    posts = table("posts", "id", "by", constraints=(key("posts_by_fkey", ("by",), "users"),))
    assert told(USERS, posts, of="posts") == [
        (
            "users",
            "users?",
            "@relation(fields: [by], references: [id], onDelete: NoAction, onUpdate: NoAction)",
        )
    ]
    assert told(USERS, posts, of="users") == [("posts", "posts[]", "")]


def test_several_relations_are_told_apart_by_their_columns() -> None:
    posts = table(
        "posts", "id", "by", "of-x", constraints=(key("f1", ("by",), "users"), key("f2", ("of-x",), "users"))
    )
    names = [cells[0] for cells in told(USERS, posts, of="users")]
    assert names == ["posts_posts_byTousers", "posts_posts_of_xTousers"]
    assert told(USERS, posts, of="posts")[0][2].startswith('@relation("posts_byTousers", fields: [by]')
    assert told(USERS, posts, of="posts")[1][2].endswith('map: "f2")')


def test_a_field_named_like_its_own_column_makes_the_relation_ambiguous() -> None:
    posts = table("posts", "id", "users", constraints=(key("f", ("users",), "users"),))
    assert told(USERS, posts, of="posts")[0][0] == "users_posts_usersTousers"


def test_a_table_that_refers_to_itself() -> None:
    nodes = table("nodes", "id", "up", constraints=(key("nodes_up_fkey", ("up",), "nodes"),))
    assert [cells[0] for cells in told(nodes, of="nodes")] == ["nodes", "other_nodes"]
    assert told(nodes, of="nodes")[1][2] == '@relation("nodesTonodes")'


def test_a_key_that_repeats_another_is_left_out() -> None:
    posts = table("posts", "id", "by", constraints=(key("a", ("by",), "users"), key("b", ("by",), "users")))
    assert [cells[2][-9:] for cells in told(USERS, posts, of="posts")] == ['map: "a")']


@pytest.mark.parametrize(
    ("required", "on_delete", "on_update", "shown"),
    [
        (False, "set null", "cascade", ""),
        (True, "set null", "cascade", ", onDelete: SetNull"),
        (True, "restrict", "restrict", ", onUpdate: Restrict"),
        (False, "restrict", "set default", ", onDelete: Restrict, onUpdate: SetDefault"),
        (True, "cascade", "set null", ", onDelete: Cascade, onUpdate: SetNull"),
    ],
)
def test_rules_are_shown_where_prisma_would_not_guess_them(
    on_delete: str, on_update: str, shown: str, *, required: bool
) -> None:
    made = key("posts_by_fkey", ("by",), "users")
    assert made.references is not None
    made = made._replace(references=made.references._replace(on_delete=on_delete, on_update=on_update))
    posts = table("posts", "id", column("by", nullable=not required), constraints=(made,))
    name, kind, attribute = told(USERS, posts, of="posts")[0]
    assert (name, kind) == ("users", "users" if required else "users?")
    assert attribute == f"@relation(fields: [by], references: [id]{shown})"


def test_the_back_field_is_single_where_the_columns_hold_a_key() -> None:
    posts = table(
        "posts", "id", "by", constraints=(key("posts_by_fkey", ("by",), "users"),),
        indexes=(index("u", "by", unique=True),),
    )  # fmt: skip
    assert told(USERS, posts, of="users") == [("posts", "posts?", "")]


def test_models_without_a_key_are_ignored_from_the_other_side() -> None:
    log = table("log", "by", keyed=False, constraints=(key("log_by_fkey", ("by",), "users"),))
    assert told(USERS, log, of="users") == [("log", "log[]", "@ignore")]
    assert not told(USERS, log, of="log")[0][2].endswith("@ignore")
    again = "model users {\n  id Int @id\n  log log[] @ignore\n}\n\nmodel log {\n  by Int?\n  users users? @relation(fields: [by], references: [id])\n\n  @@ignore\n}\n"
    assert told(USERS, log, of="users", before=again) == [("log", "log[]", "")]  # Prisma asks the wrong side


OLD = """
model User {
  id    Int    @id
  wrote Post[] @relation("Wrote")

  @@map("users")
}

model Post {
  id     Int   @id
  byId   Int?  @map("by")
  author User? @relation("Wrote", fields: [byId], references: [id], map: "stale")

  @@map("posts")
}
"""


def test_names_of_an_old_file_are_kept_even_a_stale_map() -> None:
    posts = table("posts", "id", "by", constraints=(key("renamed", ("by",), "users"),))
    assert told(USERS, posts, of="users", before=OLD) == [("wrote", "Post[]", '@relation("Wrote")')]
    assert told(USERS, posts, of="posts", before=OLD) == [
        (
            "author", "User?",
            '@relation("Wrote", fields: [byId], references: [id], onDelete: NoAction, onUpdate: NoAction, map: "stale")',
        )
    ]  # fmt: skip


def join(name: str, a: str, b: str) -> Table:
    return table(
        name, "A", "B", keyed=False,
        constraints=(Constraint("p", "primary key", ("A", "B")), key("x", ("A",), a), key("y", ("B",), b)),
        indexes=(index("p", "A", "B", unique=True, constraint="p"), index("i", "B")),
    )  # fmt: skip


def test_join_tables_become_two_lists() -> None:
    tags = table("tags", "id")
    assert told(tags, USERS, join("_tagsTousers", "tags", "users"), of="tags") == [("users", "users[]", "")]
    assert told(tags, USERS, join("_likes", "tags", "users"), of="users") == [
        ("tags", "tags[]", '@relation("likes")')
    ]
    both = (join("_likes", "tags", "users"), join("_hates", "tags", "users"))
    assert [cells[0] for cells in told(tags, USERS, *both, of="tags")] == ["users_hates", "users_likes"]
    assert [cells[0] for cells in told(USERS, join("_friends", "users", "users"), of="users")] == [
        "users_A", "users_B",
    ]  # fmt: skip


def test_a_field_copied_from_the_old_file() -> None:
    found = matching(before=OLD)
    author = found.previous.models[1].relation_fields[0]
    assert copied(author) == (
        "author",
        "User?",
        '@relation("Wrote", fields: [byId], references: [id], map: "stale")',
    )
    assert copied(found.previous.models[0].relation_fields[0]) == ("wrote", "Post[]", '@relation("Wrote")')


def test_what_is_ignored() -> None:
    old = matching(before="model t {\n  id Int @id\n\n  @@ignore\n}\n").previous.models[0]
    found = matching(table("t", "id"), table("u", "id", keyed=False), table("w", "x")._replace(columns=()))
    keyed, keyless, empty = found.picture.tables
    assert is_ignored(keyed, old) and not is_ignored(keyed, None)
    assert is_ignored(keyless, None) and not is_ignored(empty, None)
