"""Enums as blocks."""

from __future__ import annotations

from greylag.model.catalog.objects import Enum
from tests.plugins.pictures import blocks


def test_labels_become_values() -> None:
    made = Enum("public", "my enum", ("ok", "1st", "", "한", "a-b"))
    assert blocks(enums=(made,)) == (
        'enum my_enum {\n  ok\n  st               @map("1st")\n  EMPTY_ENUM_VALUE @map("")\n'
        '  // 한 @map("한")\n  a_b              @map("a-b")\n\n  @@map("my enum")\n}\n'
    )


def test_comments_are_noted_on_new_enums() -> None:
    made = Enum("public", "e", ("a",), comment="what it is")
    assert blocks(enums=(made,)).startswith("/// This enum is commented in the database")
    old = '/// Mine.\nenum e {\n  /// Its first.\n  A @map("a")\n}\n'
    assert blocks(enums=(made,), before=old) == old.replace("A @", "A @")


def test_enums_without_values_do_not_appear() -> None:
    made = (Enum("public", "none", ()), Enum("public", "one", ("a",)))
    assert blocks(enums=made) == "enum one {\n  a\n}\n"
