from __future__ import annotations

import re

import pytest

from greylag.model.catalog.tables import Constraint
from greylag.schema.models.models import models
from tests.plugins.pictures import a_type, catalog, column, key, table

USERS = table("users", "id")


def relations(*tables: object) -> dict[str, str]:
    """The relationships of the written classes, by class and name: what they hold, and how."""
    found: dict[str, str] = {}
    name = ""
    text = re.sub(r"\(\n\s+", "(", models(catalog(*tables)))  # type: ignore[arg-type]
    text = re.sub(r",\n\s+\)", ")", re.sub(r",\n\s+(?=\w+=)", ", ", text))
    for line in text.splitlines():
        name = line.split("(")[0].removeprefix("class ") if line.startswith("class ") else name
        if " = relationship(" in line:
            attribute, _, rest = line.strip().partition(": Mapped[")
            held, _, how = rest.partition("] = relationship(")
            found[f"{name}.{attribute}"] = f"{held}: {how[:-1]}"
    return found


def test_both_sides() -> None:
    posts = table(
        "posts", "id", column("author_id", nullable=False), constraints=(key("f", ("author_id",), "users"),)
    )
    assert relations(USERS, posts) == {
        "Post.author": 'User: back_populates="posts"',
        "User.posts": 'list[Post]: back_populates="author", passive_deletes="all"',
    }


def test_two_references_to_one_table_are_told_apart() -> None:
    keys = (key("f", ("author_id",), "users"), key("g", ("editorId",), "users"))
    found = relations(USERS, table("posts", "id", "author_id", "editorId", constraints=keys))
    assert found["Post.author"].startswith("User | None: foreign_keys=lambda: [Post.author_id]")
    assert found["User.author_posts"].endswith('back_populates="author", passive_deletes="all"')
    assert "Post.editor" in found and "User.editor_posts" in found


def test_one_to_one_where_a_key_is_unique() -> None:
    unique = Constraint("u", "unique", ("user_id",))
    found = relations(
        USERS, table("profiles", "id", "user_id", constraints=(key("f", ("user_id",), "users"), unique))
    )
    assert found["User.profile"].startswith("Profile | None:") and found["Profile.user"].startswith(
        "User | None:"
    )


def test_a_table_that_refers_to_itself() -> None:
    found = relations(table("nodes", "id", "parent_id", constraints=(key("f", ("parent_id",), "nodes"),)))
    assert found == {
        "Node.parent": 'Node | None: remote_side=lambda: [Node.id], back_populates="parent_reverse"',
        "Node.parent_reverse": (
            'list[Node]: remote_side=lambda: [Node.parent_id], back_populates="parent", passive_deletes="all"'
        ),
    }


@pytest.mark.parametrize("schema", ["public", "app"])
def test_a_join_table_is_no_class(schema: str) -> None:
    link = table(
        "post_tags", "post_id", "tag_id", schema=schema, keyed=False,
        constraints=(Constraint("p", "primary key", ("post_id", "tag_id")),
                     key("f", ("post_id",), "posts"), key("g", ("tag_id",), "tags")),
    )  # fmt: skip
    assert relations(table("posts", "id"), table("tags", "id"), link) == {
        "Post.tags": 'list[Tag]: secondary=lambda: t_post_tags, back_populates="posts"',
        "Tag.posts": 'list[Post]: secondary=lambda: t_post_tags, back_populates="tags"',
    }


def test_a_join_of_a_table_with_itself_says_which_end_is_which() -> None:
    link = table(
        "follows", "follower_id", "followed_id", keyed=False,
        constraints=(Constraint("p", "primary key", ("follower_id", "followed_id")),
                     key("f", ("follower_id",), "users"), key("g", ("followed_id",), "users")),
    )  # fmt: skip
    found = relations(USERS, link)
    assert len(found) == 2
    assert all('primaryjoin=lambda: User.id == t_follows.c["' in each for each in found.values())


def test_keys_that_share_a_column_say_so() -> None:
    tenants = table("tenants", "id")
    text = a_type("text")
    parents = table(
        "parents", "tenant_id", "id", keyed=False,
        constraints=(Constraint("p", "primary key", ("tenant_id", "id")), key("f", ("tenant_id",), "tenants")),
    )  # fmt: skip
    children = table(
        "children", "id", "tenant_id", "parent_id", column("x", text),
        constraints=(key("g", ("tenant_id", "parent_id"), "parents", ("tenant_id", "id")),
                     key("h", ("tenant_id",), "tenants")),
    )  # fmt: skip
    found = relations(tenants, parents, children)
    assert found["Child.tenant"].endswith('overlaps="children,parent"')
    assert found["Child.parent"].endswith('overlaps="children,tenant"')
