"""Columns as fields."""

from __future__ import annotations

from greylag.model.catalog.objects import Enum, View
from greylag.schema.prisma.introspection import introspect
from greylag.schema.prisma.parser import parse
from tests.plugins.pictures import HEAD, a_type, blocks, catalog, column, index, table

COLOR = a_type("color", "public", kind="enum")


def fields(*columns: object, before: str = "", **facts: object) -> list[str]:
    made = table("t", *columns)  # type: ignore[arg-type]
    text = blocks(made, before=before, **facts)  # type: ignore[arg-type]
    body = text[text.index("{\n") + 2 : text.index("\n}")].partition("\n\n")[0]
    return [" ".join(line.split()) for line in body.split("\n")]


def test_attributes_stand_in_prismas_order() -> None:
    made = column("the id", a_type("varchar", modifiers=(9,)), default="'x'::text")
    assert fields(made) == ['the_id String @id @default("x") @map("the id") @db.VarChar(9)']


def test_marks() -> None:
    lists = a_type("text", array=True)
    assert fields("id", column("a"), column("b", nullable=False), column("c", lists, nullable=True)) == [
        "id Int @id", "a Int?", "b Int", "c String[]",
    ]  # fmt: skip


def test_identity_counts_without_a_default() -> None:
    assert fields(column("id", "int8", identity="always")) == ["id BigInt @id @default(autoincrement())"]


def test_enum_defaults_have_the_names_of_the_file_and_lists_those_of_the_database() -> None:
    enums = (Enum("public", "color", ("dark blue", "한", "red")),)
    columns = (
        "id",
        column("a", COLOR, default="'dark blue'::color"),
        column("b", COLOR, default="'한'::color"),
        column("c", COLOR._replace(array=True), default="'{red}'::color[]"),
        column("d", COLOR, default="'else'::color"),
    )
    assert fields(*columns, enums=enums) == [
        "id Int @id",
        "a color? @default(dark_blue)",
        'b color? @default(dbgenerated("한"))',
        "c color[] @default([red])",
        'd color? @default(dbgenerated("else"))',
    ]


def test_a_list_of_labels_that_cannot_be_read_stays_unaligned() -> None:
    enums = (Enum("public", "color", ("dark blue",)),)
    made = table(
        "t", "a_long_name", column("c", COLOR._replace(array=True), default="ARRAY['dark blue'::color]")
    )
    assert "\n  c color[] @default([dark blue])\n" in blocks(made, enums=enums)


def test_client_defaults_and_updated_at_are_kept() -> None:
    old = """model t {
  id  String   @id @default(uuid(7))
  /// Doc.
  n   String?  @default("old") @ignore
  at  DateTime @default(now()) @updatedAt
  num Int      @default(5)
}
"""
    columns = (column("id", "text"), column("n", "text"), column("at", "timestamptz"), column("num"))
    assert fields(*columns, before=old) == [
        "id String @id @default(uuid(7))",
        "/// Doc.",
        "n String? @ignore",
        "at DateTime? @updatedAt @db.Timestamptz(6)",
        "num Int?",
    ]


def test_a_default_of_the_database_wins() -> None:
    old = "model t {\n  id String @id @default(uuid())\n}\n"
    assert fields(column("id", "text", default="'x'::text"), before=old) == ['id String @id @default("x")']
    assert fields(column("id", "text", default="NULL::text"), before=old) == [
        "id String @id @default(uuid())"
    ]


def test_a_field_without_a_name_is_commented_out() -> None:
    assert fields("id", "한", "b") == [
        "id Int @id",
        (
            "/// This field was commented out because of an invalid name. Please provide a valid one that matches "
            "[a-zA-Z][a-zA-Z0-9_]*"
        ),
        '// 한 Int? @map("한")',
        "b Int?",
    ]


def test_a_field_that_is_commented_out_has_its_attributes_unsorted() -> None:
    made = table(
        "t", column("한", a_type("varchar", modifiers=(9,))), indexes=(index("u", "한", unique=True),)
    )
    assert '  // 한 String @unique(map: "u") @id @map("한") @db.VarChar(9)\n' in blocks(made)


def test_fields_of_views_are_required_where_the_old_file_says_so() -> None:
    head = HEAD.replace('-js"\n', '-js"\n  previewFeatures = ["views"]\n')
    old = 'view v {\n  id Int @unique(map: "u")\n  list Int[]\n}\n'
    view = View("public", "v", (column("id"), column("list"), column("new")), "SELECT 1")
    text = introspect(catalog(views=(view,)), parse(head + old), ["public"]).text
    assert text.endswith('view v {\n  id   Int   @unique(map: "u")\n  list Int[]\n  new  Int?\n}\n')
