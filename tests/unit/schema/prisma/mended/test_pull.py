"""The road as a whole, and what the Catalog is relieved of."""

from __future__ import annotations

import pytest

from greylag.model.catalog.objects import View
from greylag.schema.prisma.introspection import CrossSchemaError, EmptyError
from greylag.schema.prisma.mended.pull import faithful, follows_convention, tend, with_own_docs
from greylag.schema.prisma.parser import parse
from tests.plugins.pictures import HEAD, a_type, catalog, column, index, key, table
from tests.plugins.tending import VIEWS, tended


def test_include_columns_are_no_keys() -> None:
    made = table(
        "t", "id", "payload", indexes=(index("t_payload_key", "payload", unique=True, include=("id",)),)
    )
    (pkey,) = (each for each in made.indexes if each.name == "t_pkey")
    made = made._replace(
        indexes=(pkey._replace(include=("payload",)), *(each for each in made.indexes if each is not pkey))
    )
    assert tended(made) == "model t {\n  id      Int  @id\n  payload Int? @unique\n}\n"
    assert all(not each.include for each in faithful(catalog(made)).tables[0].indexes)


def test_a_column_that_an_index_has_twice_is_told_once() -> None:
    made = table("t", "id", "a", "b", indexes=(index("i", "a", "b", "a"), index("u", "a", "a", unique=True)))
    text = tended(made)
    assert '@@index([a, b], map: "i")' in text and '@unique(map: "u")' in text


@pytest.mark.parametrize("modifiers", [(3, 5), (5, 2046), (5, -2)])
def test_scales_that_prisma_cannot_hold_are_left_out(modifiers: tuple[int, int]) -> None:
    kind = a_type("numeric", modifiers=modifiers)
    assert "n  Decimal? @db.Decimal\n" in tended(table("t", "id", column("n", kind)))
    domain = a_type("share", "public", kind="domain", base=kind)
    assert "n  Decimal? @db.Decimal\n" in tended(table("t", "id", column("n", domain)))
    seen = View("public", "v", (column("n", kind),), "SELECT 1")
    assert "n Decimal? @db.Decimal\n" in tended(table("t", "id"), head=VIEWS, views=(seen,))
    fine = a_type("numeric", modifiers=(10, 2))
    assert "@db.Decimal(10, 2)" in tended(table("t", "id", column("n", fine)))


def test_a_type_that_prisma_does_not_know_has_a_default_of_the_databases() -> None:
    kind = a_type("point", array=True)
    text = tended(table("t", "id", column("p", kind, default="'{}'::point[]")))
    assert """Unsupported("_point")[] @default(dbgenerated("'{}'::point[]"))""" in text


def test_documentation_belongs_to_what_it_stands_above() -> None:
    """Prisma gives that above a datasource to the next model."""
    document = with_own_docs(
        parse("/// of the datasource\n" + HEAD.split("\n\n")[1] + "\nmodel a {\n  id Int @id\n}\n")
    )
    assert [block.docs for block in document.blocks] == [("of the datasource",), ()]


@pytest.mark.parametrize(
    ("models", "expected"),
    [
        ("", False),
        ("model User {\n  id Int @id\n  @@map(\"users\")\n}\n", True),
        ("model users {\n  id Int @id\n}\n", False),
        ("model Users {\n  id Int @id\n}\n", False),
        ("model t {\n  createdAt Int @id @map(\"created_at\")\n}\n", True),
        ("model t {\n  created_at Int @id\n}\n", False),
        ("model User {\n  id Int @id\n  @@map(\"users\")\n}\nmodel a {\n  id Int @id\n}\nmodel b {\n  id Int @id\n}\n", False),
    ],
)  # fmt: skip
def test_a_file_that_was_begun_by_the_convention_goes_on_so(models: str, expected: bool) -> None:
    assert follows_convention(parse(HEAD + models)) is expected


def test_so_what_is_new_is_named() -> None:
    first = tended(table("users", "id", "full_name"), camel=True)
    second = tended(
        table("users", "id", "full_name", "nick_name"), table("order_items", "id", "user_id"), before=first
    )
    assert 'nickName Int? @map("nick_name")' in second and "model OrderItem {" in second


def test_nothing_to_pull_and_keys_into_what_is_not_read() -> None:
    with pytest.raises(EmptyError):
        tend(catalog(), parse(HEAD), ["public"])
    away = catalog(
        table("t", "id", constraints=(key("k", ("id",), "app.u"),)), table("u", "id", schema="app")
    )
    with pytest.raises(CrossSchemaError):
        tend(away, parse(HEAD), ["public"])


def test_a_table_without_columns_is_left_out() -> None:
    assert tended(table("a", "id"), table("empty", keyed=False)) == "model a {\n  id Int @id\n}\n"


def test_what_prisma_would_refuse_is_told() -> None:
    head = HEAD.replace('env("DATABASE_URL")', 'env("DATABASE_URL")\n  relationMode = "prisma"')
    old = "model a {\n  id Int @id\n  bs b[]\n}\nmodel b {\n  id Int @id\n  a a? @relation(fields: [gone], references: [id])\n}\n"
    (problem, *_) = tend(catalog(table("a", "id"), table("b", "id")), parse(head + old), ["public"]).problems
    assert "gone" in problem.message
