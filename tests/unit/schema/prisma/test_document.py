from __future__ import annotations

from greylag.schema.prisma.document import Array, Attribute, Blank, Broken, Call, Comment, Number, Text, Word
from greylag.schema.prisma.parser import parse

TEXT = """// head
generator client {
  provider = "prisma-client-js" // trails
  flags    = ["a", "b"]
}

/// A person,
/// who signs in.
model User {
  id    String                 @id @default(uuid(7)) @db.Uuid
  // plain
  /// Lower case.
  email String?                @unique(map: "u") @map("e_mail") /// Always.
  place Unsupported("point(1)")?

  posts Post[]

  @@index([email(sort: Desc), id], map: "i") // fast
  @@map("users")
}

enum Role {
  a @map("1st")
  b
}
"""


def test_blocks_fields_and_their_names_in_the_database() -> None:
    document = parse(TEXT)
    client, user, role = document.blocks
    assert (client.kind, user.kind, role.kind) == ("generator", "model", "enum")
    assert [block.mapped for block in document.of("model", "enum")] == ["users", "Role"]
    assert [field.mapped for field in user.fields] == ["id", "e_mail", "place", "posts"]
    assert [value.mapped for value in role.values] == ["1st", "b"]
    assert [field.arity for field in user.fields] == ["required", "optional", "optional", "list"]
    assert document.text[user.start : user.end].startswith("model User {")
    assert document.text[user.start : user.end].endswith('@@map("users")\n}')


def test_documentation_is_what_stands_above_and_behind() -> None:
    user = parse(TEXT).of("model")[0]
    assert user.docs == ("A person,", "who signs in.")
    assert user.fields[1].docs == ("Lower case.", "Always.")
    assert user.fields[0].docs == ()


def test_comments_and_empty_lines_keep_their_places() -> None:
    document = parse(TEXT)
    above = {block.name: items for items, block in document.pieces() if block is not None}  # type: ignore[union-attr]
    assert above["client"] == (Comment("// head", 1),)
    assert [type(item) for item in above["User"]] == [Blank, Comment, Comment]
    pieces = [(items, member) for items, member in document.of("model")[0].pieces() if items]
    assert [comment.text for comment in pieces[0][0]] == ["// plain", "/// Lower case."]  # type: ignore[union-attr]
    assert pieces[0][1].name == "email"  # type: ignore[union-attr]


def test_what_follows_the_last_member_comes_with_none() -> None:
    text = "model A {\n  id Int @id\n  // end\n}\n// of file\n"
    assert [*parse(text).of("model")[0].pieces()][-1] == ((Comment("// end", 3),), None)
    assert [*parse(text).pieces()][-1] == ((Blank(4), Comment("// of file", 5)), None)


def test_attributes_give_their_arguments_by_name_and_by_place() -> None:
    user = parse(TEXT).of("model")[0]
    id, email, *_ = user.fields
    default = id.attribute("default")
    assert default is not None and default.argument("value", 0) == Call(
        "uuid",
        default.argument("value", 0).arguments,  # type: ignore[union-attr]
    )
    assert id.attribute("db.Uuid") == Attribute("db.Uuid")
    assert email.attribute("unique").text("map") == "u"  # type: ignore[union-attr]
    assert email.attribute("unique").argument("name") is None  # type: ignore[union-attr]
    assert email.attribute("relation") is None
    index = user.attribute("index")
    assert index is not None and index.names("fields", 0) == ("email", "id")
    assert index.text("fields", 0) is None and index.text("map") == "i"
    assert (index.line, index.comment) == (18, "// fast")
    assert user.attribute("id") is None


def test_values_keep_their_spelling() -> None:
    (block,) = parse('generator g {\n  a = "\\u0041\\n"\n  b = -1.50\n  c = [x, true]\n  d =\n}\n').blocks
    assert block.setting("a") == Text("A\n", '"\\u0041\\n"')
    assert block.setting("b") == Number("-1.50")
    assert block.setting("c") == Array((Word("x"), Word("true")))
    assert block.setting("d") is None and block.setting("e") is None
    assert [setting.key for setting in block.properties] == ["a", "b", "c", "d"]


def test_an_unsupported_type_tells_the_databases() -> None:
    fields = parse(TEXT).of("model")[0].fields
    assert fields[2].unsupported == "point(1)" and fields[0].unsupported is None


def test_comments_say_what_they_say() -> None:
    assert [Comment(text, 1).content for text in ("//  a ", "/// b", "/*\n * c\n */")] == ["a ", "b", "* c"]
    assert [Comment(text, 1).is_doc for text in ("// a", "/// b", "/* c */")] == [False, True, True]


def test_lines_that_cannot_be_read_stay() -> None:
    assert parse("model A {\n  !! what\n}\n").blocks[0].members == (Broken("!! what", 2),)
