"""Blocks in the making."""

from __future__ import annotations

from greylag.schema.prisma.layout import lay_out
from greylag.schema.prisma.rendering import Rendered


def block(*rows: tuple[str, ...], name: str = "t") -> Rendered:
    made = Rendered("model", name, ["Doc", ""])
    for row in rows:
        made.add(row)
    return made


def test_columns_are_aligned() -> None:
    made = block(("id", "Int", "@id"), ("a_long_name", "String?"))
    made.add(("x", "Int"), ["about x"])
    made.attributes.append('@@map("T")')
    assert made.laid_out() == (
        "/// Doc\n///\nmodel t {\n  id          Int     @id\n  a_long_name String?\n  /// about x\n"
        '  x           Int\n\n  @@map("T")\n}\n'
    )
    assert made.plain and lay_out(made.raw()) == made.laid_out()


def test_what_prisma_cannot_read_is_not_plain() -> None:
    assert not block(name="").plain
    assert not block(("", "X?", "@relation")).plain
    assert not block(("a", "?")).plain
    assert not block(("a", "X", "@relation(fields: [, b])")).plain
    assert block(("a", "X[]")).plain


def test_a_row_that_is_commented_out() -> None:
    made = block(("id", "Int", "@id"))
    made.add(("한", "Int"), commented=True)
    assert not made.plain
    assert made.raw() == "/// Doc\n///\nmodel t {\nid Int @id\n// 한 Int\n}\n"


def test_a_block_that_is_commented_out_keeps_its_documentation() -> None:
    made = block()
    made.commented = True
    assert made.raw() == "/// Doc\n///\n// model t {\n// }\n"
