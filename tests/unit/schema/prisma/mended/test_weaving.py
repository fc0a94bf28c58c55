"""Order and comments of the old file, facts of the new one."""

from __future__ import annotations

import pytest

from greylag.model.catalog.objects import Enum
from greylag.schema.prisma.document import Block
from greylag.schema.prisma.layout import write
from greylag.schema.prisma.mended.weaving import weave
from greylag.schema.prisma.parser import parse
from tests.plugins.pictures import HEAD, column, index, key, table
from tests.plugins.tending import tended


def woven(old: str, new: str) -> str:
    text = write(weave(parse(old), parse(new)))
    assert write(weave(parse(text), parse(new))) == text
    return text


A = table("a", "id", "b", "c", indexes=(index("a_b_c_idx", "b", "c"), index("a_c_idx", "c")))
EVERYWHERE = """\
// top of the models
/// doc of a
model a { // behind the brace
  // first
  c Int? // behind c

  // above id
  id Int @id
  gone Int? // goes with its line
  // about what is gone
  old Int?
  // apart from the attributes

  // above the index
  @@index([c]) // behind the index
  // about an index that is gone
  @@index([gone])
  // at the end of the block
} // behind the block
// between blocks

// above a model that is gone
model removed {
  // in a model that is gone
  id Int @id
}

// at the end of the file
"""
WOVEN = """\
// top of the models
/// doc of a
model a {
  // behind the brace
  // first
  c Int? // behind c

  // above id
  id Int  @id
  b  Int?
  // about what is gone
  // apart from the attributes

  // about an index that is gone
  // at the end of the block

  // above the index
  @@index([c]) // behind the index
  @@index([b, c])
}

// behind the block
// between blocks

// above a model that is gone
// in a model that is gone

// at the end of the file
"""


def test_comments_stay_wherever_they_are() -> None:
    assert tended(A, before=EVERYWHERE) == WOVEN


def test_comments_of_the_settings_stay() -> None:
    head = (
        "// who we are\ngenerator client { // ours\n"
        '  // which\n  provider = "prisma-client-js" // the old one\n  // end\n}\n'
        '/// doc\ndatasource db {\n  provider = "postgresql"\n  url = env("URL")\n}\n'
    )
    text = woven(head, HEAD + "\nmodel a {\n  id Int @id\n}\n")
    for comment in ("// who we are", "// ours", "// which", "// the old one", "// end", "/// doc"):
        assert text.count(comment) == 1
    assert 'url      = env("URL")' in text and "model a {" in text


def test_fields_keep_their_order_and_new_ones_stand_behind_their_neighbours() -> None:
    old = "model t {\n  c Int?\n\n  id Int @id\n  a Int?\n}\n"
    text = tended(table("t", "first", "id", "a", "b", "c", "d", keyed=True), before=old)
    assert [line.split()[0] for line in text.splitlines()[1:-1] if line.strip()] == [
        "first", "c", "d", "id", "a", "b",
    ]  # fmt: skip


def test_relation_fields_stay_beside_their_columns() -> None:
    tables = (
        table("u", "id"),
        table("p", "id", "u_id", "n", constraints=(key("p_u_id_fkey", ("u_id",), "u"),)),
    )
    first = tended(*tables)
    line = next(line for line in first.splitlines() if "@relation(fields" in line)
    moved = first.replace(f"{line}\n", "").replace("  u_id Int?\n", f"  u_id Int?\n{line}\n")
    text = tended(*tables, before=moved)
    assert [each.split()[0] for each in text.split("model p {")[1].splitlines()[1:5]] == [
        "id",
        "u_id",
        "u",
        "n",
    ]


def test_new_blocks_stand_behind_the_last_of_their_kind() -> None:
    old = "model b {\n  id Int @id\n}\n\n// about e\nenum e {\n  x\n}\n\n// end\n"
    text = tended(
        table("a", "id"),
        table("b", "id"),
        enums=(Enum("public", "e", ("x",)), Enum("public", "f", ("y",))),
        before=old,
    )
    places = [text.index(each) for each in ("model b", "model a", "// about e", "enum e", "enum f", "// end")]
    assert places == sorted(places)


def test_a_first_enum_follows_the_models() -> None:
    text = tended(
        table("b", "id"), enums=(Enum("public", "a", ("x",)),), before="model b {\n  id Int @id\n}\n// end\n"
    )
    assert text == "model b {\n  id Int @id\n}\n\nenum a {\n  x\n}\n\n// end\n"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/// doc\n// not doc\n", "/// doc\n// not doc\n"),
        ("///   as it was\n", "///   as it was\n"),
        ("/*\n * two\n * lines\n */\n", "/**\n * two\n * lines\n */\n"),
        ("/// far\n\n", "/// far\n\n"),
    ],
)
def test_documentation_that_says_the_same_stays_as_it_was(old: str, new: str) -> None:
    assert (
        tended(table("a", "id"), before=f"{old}model a {{\n  id Int @id\n}}\n")
        == f"{new}model a {{\n  id Int @id\n}}\n"
    )


def test_documentation_behind_a_field_moves_above_it() -> None:
    text = tended(table("a", "id"), before="model a {\n  // plain\n  id Int @id /// doc\n}\n")
    assert text == "model a {\n  // plain\n  /// doc\n  id Int @id\n}\n"


def test_values_of_enums_keep_comments_and_places() -> None:
    old = "enum e {\n  // about b\n  b // behind b\n  // about gone\n  gone\n  a\n}\n"
    text = tended(table("t", "id"), enums=(Enum("public", "e", ("a", "n", "b")),), before=old)
    assert text.endswith("enum e {\n  // about b\n  b // behind b\n  // about gone\n  a\n  n\n}\n")


def test_empty_lines_between_fields_stay_single() -> None:
    text = tended(table("a", "id", "b"), before="model a {\n\n  id Int @id\n\n\n  b Int?\n\n}\n\n\n\n")
    assert text == "model a {\n  id Int @id\n\n  b Int?\n}\n"


def test_trailing_comments_stay_where_the_type_changes() -> None:
    text = tended(
        table("a", "id", column("b", "text")), before="model a {\n  id Int @id\n  b Int? // note\n}\n"
    )
    assert "b  String? // note" in text


def test_what_weaves_is_a_document_that_can_be_written() -> None:
    found = weave(parse(HEAD), parse(HEAD + "model a {\n  id Int @id\n}\n"))
    assert [each.name for each in found.items if isinstance(each, Block)] == ["client", "db", "a"]
    assert found.problems == ()
