"""What everything is called."""

from __future__ import annotations

import re

from greylag.model.catalog.objects import Enum, View
from tests.plugins.pictures import a_type, column, index, key, table
from tests.plugins.tending import VIEWS, names_in, tended

USERS = table("users", "id", column("full_name", "text"))


def posts(*names: str, **facts: object) -> object:
    keys = tuple(key(f"posts_{name}_fkey", (name,), "users") for name in names)
    return table("posts", "id", *names, constraints=keys, **facts)


def relations(text: str, model: str) -> dict[str, tuple[str, str]]:
    """The fields of a model that lead to another one, with their types and the names of their relations."""
    body = re.search(rf"^model {model} \{{\n(.*?)^\}}", text, re.DOTALL | re.MULTILINE)
    assert body is not None
    found = {}
    for line in body[1].splitlines():
        words = line.split()
        if "@relation" in line or (
            len(words) == 2 and re.search(rf"^model {re.escape(words[1].rstrip('[]?'))} ", text, re.MULTILINE)
        ):
            name = re.search(r'@relation\("([^"]*)"', line)
            found[words[0]] = (words[1], name[1] if name else "")
    return found


def test_by_the_convention_models_are_singular_and_fields_in_camel_case() -> None:
    text = tended(USERS, posts("author_id"), camel=True)
    assert 'model User {\n  id       Int     @id\n  fullName String? @map("full_name")' in text
    assert '@@map("users")' in text and '@@map("posts")' in text
    assert relations(text, "User") == {"posts": ("Post[]", "")}
    assert relations(text, "Post") == {"author": ("User?", "")}


def test_several_relations_between_two_models_say_what_they_are_about() -> None:
    text = tended(USERS, posts("author_id", "editor_id"), camel=True)
    assert relations(text, "Post") == {"author": ("User?", "PostAuthor"), "editor": ("User?", "PostEditor")}
    assert relations(text, "User") == {
        "postsAsAuthor": ("Post[]", "PostAuthor"),
        "postsAsEditor": ("Post[]", "PostEditor"),
    }


def test_columns_that_do_not_say_it_tell_relations_apart() -> None:
    text = tended(USERS, posts("sender", "receiver"), camel=True)
    assert relations(text, "Post") == {
        "userByReceiver": ("User?", "PostReceiver"),
        "userBySender": ("User?", "PostSender"),
    }
    assert set(relations(text, "User")) == {"postsAsReceiver", "postsAsSender"}


def test_a_column_that_takes_the_name_is_not_hidden() -> None:
    text = tended(
        USERS,
        table("posts", "id", "author_id", "author", constraints=(key("k", ("author_id",), "users"),)),
        camel=True,
    )
    assert set(relations(text, "Post")) == {"authorRelation"}


def test_one_to_one_is_one() -> None:
    unique = (index("u", "user_id", unique=True),)
    text = tended(
        USERS,
        table(
            "user_preferences",
            "id",
            "user_id",
            indexes=unique,
            constraints=(key("k", ("user_id",), "users"),),
        ),
        camel=True,
    )
    assert relations(text, "User") == {"userPreference": ("UserPreference?", "")}


def test_a_parent_has_children() -> None:
    tree = table("categories", "id", "parent_id", constraints=(key("k", ("parent_id",), "categories"),))
    assert relations(tended(tree, camel=True), "Category") == {
        "parent": ("Category?", "CategoryParent"),
        "children": ("Category[]", "CategoryParent"),
    }


def test_relations_of_columns_that_sound_alike_have_names_of_their_own() -> None:
    for camel in (False, True):
        text = tended(USERS, posts("a b", "a-b", "a_b"), camel=camel)
        names = [name for _, name in relations(text, "User" if camel else "users").values()]
        assert len(set(names)) == 3


def test_two_keys_over_the_same_columns_to_different_targets() -> None:
    both = (key("a", ("owner",), "users"), key("b", ("owner",), "teams"))
    for camel in (False, True):
        text = tended(
            USERS, table("teams", "id"), table("things", "id", "owner", constraints=both), camel=camel
        )
        assert {kind for kind, _ in relations(text, "Thing" if camel else "things").values()} == (
            {"User?", "Team?"} if camel else {"users?", "teams?"}
        )


def test_without_the_convention_names_are_prismas() -> None:
    text = tended(USERS, posts("author_id"))
    assert relations(text, "posts") == {"users": ("users?", "")}
    assert relations(text, "users") == {"posts": ("posts[]", "")}
    assert "full_name String?" in text and "@@map" not in text


def test_names_that_cannot_stand_are_made_and_clash_with_nothing() -> None:
    tables = (
        table("123", "id", "1", "_"),
        table("한글", "id", "한글", constraints=(key("k", ("한글",), "123"),)),
        table("String", "id"),
        table("class", "id"),
        table("a-b", "id", "x-y", "x y", "x_y"),
        table("a_b", "id"),
    )
    assert names_in(tended(*tables)) == [
        "model public_model", "id", "field2", "field3", "public_model2", "@@map",
        "model StringModel", "id", "@@map",
        "model a_b2", "id", "x_y2", "x_y3", "x_y", "@@map",
        "model a_b", "id",
        "model classModel", "id", "@@map",
        "model public_model2", "id", "field2", "public_model", "@@map",
    ]  # fmt: skip


def test_a_name_that_is_good_as_it_is_goes_before_one_that_is_made() -> None:
    text = tended(
        table("user", "id"), table("users", "id"), enums=(Enum("public", "User", ("x",)),), camel=True
    )
    assert names_in(text) == ["model User2", "id", "@@map", "model User3", "id", "@@map", "enum User", "x"]


def test_enums_and_their_values() -> None:
    labels = ("in-active", "in active", "in_active", "", "1st", "1", "don't")
    enums = (
        Enum("public", "Int", ("a",)),
        Enum("public", "user_status", labels),
        Enum("public", "delete", ("b",)),
    )
    text = tended(table("user_statuses", "id"), enums=enums, camel=True)
    assert {line for line in text.splitlines() if line.startswith("enum")} == {
        "enum IntEnum {", "enum Delete {", "enum UserStatusEnum {",
    }  # fmt: skip
    values = text.split("enum UserStatusEnum {\n")[1].split("\n\n")[0]
    assert [line.split()[0] for line in values.splitlines()] == [
        "in_active2", "in_active3", "in_active", "EMPTY_ENUM_VALUE", "st", "value6", "don_t",
    ]  # fmt: skip


def test_defaults_and_lists_of_defaults_name_values() -> None:
    kind = a_type("state", "public", kind="enum")
    many = kind._replace(array=True)
    text = tended(
        table(
            "t",
            "id",
            column("one", kind, default="'in-active'::state"),
            column("many", many, default="'{in-active,on}'::state[]"),
        ),
        enums=(Enum("public", "state", ("in-active", "on")),),
    )
    assert "@default(in_active)" in text and "@default([in_active, on])" in text


def test_what_the_file_calls_it_stays() -> None:
    old = (
        'model Person {\n  key Int @id @map("id")\n  name String? @map("full_name")\n  written Text[] @relation("Writing")\n'
        '  @@map("users")\n}\n'
        'model Text {\n  id Int @id\n  by Int? @map("author_id")\n'
        '  writer Person? @relation("Writing", fields: [by], references: [key])\n  @@map("posts")\n}\n'
    )
    for camel in (False, True):
        text = tended(USERS, posts("author_id"), before=old, camel=camel)
        assert relations(text, "Text") == {"writer": ("Person?", "Writing")}
        assert relations(text, "Person") == {"written": ("Text[]", "Writing")}
        assert 'by     Int?    @map("author_id")' in text


def test_a_name_of_the_file_that_a_new_column_takes_is_changed() -> None:
    old = "model users {\n  id Int @id\n  posts posts[]\n}\nmodel posts {\n  id Int @id\n  u Int?\n  users users? @relation(fields: [u], references: [id])\n}\n"
    text = tended(table("users", "id", "posts"), posts("u"), before=old)
    assert "posts          Int?" in text and "posts_relation posts[]" in text


def many_to_many(name: str, a: str, b: str) -> object:
    return table(
        name, column("A", nullable=False), column("B", nullable=False), keyed=False,
        indexes=(index(f"{name}_AB", "A", "B", unique=True), index(f"{name}_B", "B")),
        constraints=(key("ka", ("A",), a), key("kb", ("B",), b)),
    )  # fmt: skip


def test_many_to_many_by_a_join_table_is_two_lists() -> None:
    tables = (table("posts", "id"), table("tags", "id"), many_to_many("_posts_tags", "posts", "tags"))
    text = tended(*tables, camel=True)
    assert relations(text, "Post") == {"tags": ("Tag[]", "posts_tags")}
    assert relations(text, "Tag") == {"posts": ("Post[]", "posts_tags")}
    plain = tended(*tables)
    assert relations(plain, "posts") == {"tags": ("tags[]", "posts_tags")}
    assert tended(*tables, before=plain.replace("tags tags[]", "labels tags[]")).count("labels") == 1


def test_many_to_many_to_itself_keeps_its_names() -> None:
    tables = (table("users", "id"), many_to_many("_follows", "users", "users"))
    text = tended(*tables, camel=True)
    assert relations(text, "User") == {"followsA": ("User[]", "follows"), "followsB": ("User[]", "follows")}
    renamed = text.replace("followsA", "followers").replace("followsB", "following")
    assert set(relations(tended(*tables, before=renamed), "User")) == {"followers", "following"}


def test_a_join_table_whose_sides_the_names_would_turn_around_is_a_model() -> None:
    """The client takes the model whose name sorts first for A: Account, which is B in this database."""
    tables = (table("Users", "id"), table("accounts", "id"), many_to_many("_x", "Users", "accounts"))
    text = tended(*tables, camel=True)
    assert "model X {" in text and '@@map("_x")' in text
    straight = (table("Users", "id"), table("accounts", "id"), many_to_many("_x", "accounts", "Users"))
    assert "model X {" not in tended(*straight, camel=True)
    assert "model x {" in tended(*straight)


def test_a_join_table_to_a_model_without_an_id_is_a_model() -> None:
    keyless = table(
        "tags", column("id", nullable=False), keyed=False, indexes=(index("u", "id", unique=True),)
    )
    text = tended(table("posts", "id"), keyless, many_to_many("_p", "posts", "tags"))
    assert '@@map("_p")' in text and "@@unique([A, B]" in text


def test_a_join_table_that_others_refer_to_is_a_model() -> None:
    notes = table("notes", "id", "a", "b", constraints=(key("k", ("a", "b"), "_pt", ("A", "B")),))
    text = tended(table("posts", "id"), table("tags", "id"), many_to_many("_pt", "posts", "tags"), notes)
    assert "model pt {" in text and relations(text, "notes") == {"pt": ("pt?", "")}


def test_a_model_the_file_has_for_a_join_table_stays() -> None:
    tables = (table("posts", "id"), table("tags", "id"), many_to_many("_pt", "posts", "tags"))
    old = 'model Tagging {\n  A Int\n  B Int\n  @@unique([A, B])\n  @@map("_pt")\n}\n'
    assert relations(tended(*tables, before=old), "Tagging") == {"posts": ("posts", ""), "tags": ("tags", "")}


def view(name: str, *columns: str, **facts: object) -> View:
    return View("public", name, tuple(column(each) for each in columns), "SELECT 1", **facts)


def test_views_are_named_as_models_are() -> None:
    text = tended(USERS, head=VIEWS, camel=True, views=(view("active_users", "user_id", "a b", "a_b"),))
    assert (
        'view ActiveUser {\n  userId Int? @map("user_id")\n  aB     Int? @map("a b")\n  aB2    Int? @map("a_b")\n\n  @@map("active_users")\n}'
        in text
    )
    assert "view " not in tended(USERS, views=(view("active_users", "id"),))


def test_a_view_keeps_what_only_the_file_knows() -> None:
    old = (
        'model User {\n  id Int @id\n  stats Stats?\n  @@map("users")\n}\n'
        'view Stats {\n  // about the key\n  userId Int @unique @map("user_id")\n'
        '  user User @relation(fields: [userId], references: [id])\n  @@map("stats")\n}\n'
    )
    text = tended(USERS, before=old, head=VIEWS, views=(view("stats", "user_id", "stats", "user"),))
    assert relations(text, "User") == {}  # a view is no model
    assert re.search(r"stats +Stats\?", text)
    assert "// about the key" in text and re.search(r'userId +Int +@unique @map\("user_id"\)', text)
    assert re.search(r'user2 +Int\? +@map\("user"\)', text)


def test_without_keys_in_the_database_relations_are_the_files() -> None:
    head = (
        VIEWS.replace('env("DATABASE_URL")', 'env("DATABASE_URL")\n  relationMode = "prisma"')
        .replace("url      =", "url          =")
        .replace('provider = "postgresql"', 'provider     = "postgresql"')
    )
    old = (
        "model users {\n  id Int @id\n  full_name String?\n  posts posts[]\n}\n\n"
        "model posts {\n  id Int @id\n  author Int?\n  user users? @relation(fields: [author], references: [id], onDelete: NoAction)\n}\n"
    )
    text = tended(USERS, table("posts", "id", "author"), before=old, head=head)
    assert relations(text, "posts") == {"user": ("users?", "")} and "onDelete: NoAction" in text
    assert relations(text, "users") == {"posts": ("posts[]", "")}


def test_no_relation_leads_to_prismas_own_bookkeeping() -> None:
    columns = (
        "checksum", "finished_at", "migration_name", "logs", "rolled_back_at", "started_at", "applied_steps_count",
    )  # fmt: skip
    own = table("_prisma_migrations", "id", *columns)
    text = tended(own, table("t", "id", "m", constraints=(key("k", ("m",), "_prisma_migrations"),)))
    assert text == "model t {\n  id Int  @id\n  m  Int?\n}\n"


def test_two_keys_over_the_same_columns_to_different_columns() -> None:
    target = table("p", "id", "code", indexes=(index("p_code_key", "code", unique=True),))
    both = (key("a", ("x",), "p"), key("b", ("x",), "p", ("code",)))
    for camel in (False, True):
        text = tended(target, table("c", "id", "x", constraints=both), camel=camel)
        assert text.count("references: [id]") == text.count("references: [code]") == 1
