from __future__ import annotations

import pytest

from greylag.model.change import Change
from greylag.schema.prisma.differences import differences
from greylag.schema.prisma.parser import parse

BASE = """\
generator client {
  provider = "prisma-client-js"
}

datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}

/// People
model User {
  id        Int      @id @default(autoincrement())
  email     String   @unique @map("e_mail") @db.VarChar(80)
  mood      mood     @default(good)
  createdAt DateTime @default(now()) @map("created_at")
  posts     Post[]

  @@index([email, createdAt(sort: Desc)], map: "by_time")
  @@map("users")
}

model Post {
  id     Int  @id
  author Int
  user   User @relation(fields: [author], references: [id], onDelete: Cascade)
}

enum mood {
  good
  bad  @map("not good")
}
"""


def found(old: str, new: str, text: str = BASE) -> list[tuple[str, ...]]:
    """What one replacement in the text makes, seen in both directions: kind, name, what, before, after."""
    assert text.count(old) == 1
    changed = text.replace(old, new)
    there = differences(parse(text), parse(changed))
    back = differences(parse(changed), parse(text))
    opposite = {"missing": "extra", "extra": "missing"}
    assert sorted((each.after, each.before, opposite.get(each.what, each.what)) for each in back) == sorted(
        (each.before, each.after, each.what) for each in there
    )
    return [tuple(each)[:5] for each in there]


def test_a_schema_is_as_it_is() -> None:
    assert differences(parse(BASE), parse(BASE)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  author Int\n", "  // by whom\n  author    Int\n\n"),
        ("  id     Int  @id\n  author Int\n", "  author Int\n  id     Int  @id\n"),
        ('env("DATABASE_URL")', '"postgres://me:secret@host/db"'),
        ('provider = "postgresql"\n', 'provider = "postgresql" // ours\n'),
    ],
)
def test_what_is_no_difference(old: str, new: str) -> None:
    assert found(old, new) == []


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ("  author Int\n", "", ("field", "Post.author", "missing", "Int", "")),
        ("  author Int\n", "  author Int\n  a Int?\n", ("field", "Post.a", "extra", "", "Int?")),
        ("author Int\n", "author Int?\n", ("field", "Post.author", "type", "Int", "Int?")),
        ("posts     Post[]", "articles Post[]", None),
        ("createdAt DateTime", "made DateTime", ("field", "User.createdAt", "name", "createdAt", "made")),
        ("@default(now())", "@default(now()) @updatedAt", ("field", "User.createdAt", "@updatedAt", "", "@updatedAt")),
        ("@default(now())", "", ("field", "User.createdAt", "@default", "@default(now())", "")),
        ("VarChar(80)", "Text", ("field", "User.email", "native type", "@db.VarChar(80)", "@db.Text")),
        (
            "Cascade", "Restrict",
            (
                "field", "Post.user", "@relation",
                "@relation(fields: [author], references: [id], onDelete: Cascade)",
                "@relation(fields: [author], references: [id], onDelete: Restrict)",
            ),
        ),
        ("  author Int\n", "  /// who\n  author Int\n", ("field", "Post.author", "documentation", "", "who")),
        ("/// People\n", "", ("model", "User", "documentation", "People", "")),
        (
            "sort: Desc", "sort: Asc",
            (
                "@@index", "User.[email, createdAt]", "definition",
                '@@index([email, createdAt(sort: Desc)], map: "by_time")',
                '@@index([email, createdAt(sort: Asc)], map: "by_time")',
            ),
        ),
        (
            '  @@map("users")', '  @@unique([mood, email])\n  @@map("users")',
            ("@@unique", "User.[mood, email]", "extra", "", "@@unique([mood, email])"),
        ),
        ('  @@map("users")', '  @@ignore\n  @@map("users")', ("model", "User", "@@ignore", "", "@@ignore")),
        ('@map("not good")', "", None),
        ("  good\n  bad  @map(\"not good\")", "  bad  @map(\"not good\")\n  good",
         ("enum", "mood", "order", "good, not good", "not good, good")),
        ("  good\n", "  good\n  best\n", ("value", "mood.best", "extra", "", "")),
        ("  bad ", "  poor ", ("value", "mood.bad", "name", "bad", "poor")),
        ("enum mood {", "enum feeling {", None),
        ('= "postgresql"\n', '= "postgresql"\n  schemas = ["a"]\n', ("datasource", "db", "schemas", "", '["a"]')),
        ('-client-js"\n', '-client-js"\n  previewFeatures = ["views"]\n',
         ("generator", "client", "previewFeatures", "", '["views"]')),
        ("generator client {", "generator code {", None),
    ],
)  # fmt: skip
def test_every_single_change_is_seen(old: str, new: str, change: tuple[str, ...] | None) -> None:
    seen = found(old, new)
    if change is None:  # what goes and what comes
        assert sorted(each[2] for each in seen) == ["extra", "missing"]
    else:
        assert seen == [change]


def test_a_new_name_of_a_model_is_one_change() -> None:
    text = BASE.replace("model User {", "model Person {").replace("user   User ", "user   Person ")
    assert [tuple(each) for each in differences(parse(BASE), parse(text))] == [
        ("model", "User", "name", "User", "Person", "User"),
        ("field", "Post.user", "type", "User", "Person", "Post"),
    ]


def test_whole_blocks() -> None:
    head, _, _ = BASE.partition("/// People")
    assert differences(parse(BASE), parse(head)) == [
        Change("model", "User", "missing", "users, 5 fields", "", "User"),
        Change("model", "Post", "missing", "3 fields", "", "Post"),
        Change("enum", "mood", "missing", "2 values", "", "mood"),
    ]


def test_a_model_and_a_view_of_one_name_differ_in_kind() -> None:
    text = "model a {\n  id Int @unique\n}\n"
    seen = differences(parse(text), parse(text.replace("model", "view")))
    assert seen == [Change("model", "a", "kind", "model", "view", "a")]


def test_a_field_may_be_called_as_the_column_of_another() -> None:
    text = BASE.replace("  author Int\n", '  author Int @map("user")\n')
    assert differences(parse(text), parse(text)) == []
    seen = differences(parse(text), parse(text.replace('@map("user")', '@map("users")')))
    assert [(each.name, each.what) for each in seen] == [("Post.author", "missing"), ("Post.author", "extra")]
