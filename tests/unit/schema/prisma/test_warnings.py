"""Warnings: groups in Prisma's order, items in the database's."""

from __future__ import annotations

from greylag.model.catalog.objects import Enum
from greylag.model.catalog.tables import Constraint, Index, Key
from greylag.schema.prisma.warnings import HEADLINES, Warnings
from tests.plugins.pictures import column, index, key, pulled, table


def groups(text: str) -> dict[str, list[str]]:
    """Items by the name of their group."""
    assert text.startswith("*** WARNING ***\n\n") and text.endswith("\n")
    names = {headline: name for name, headline in reversed(HEADLINES.items())}  # some stand twice
    found = {}
    for part in text.removeprefix("*** WARNING ***\n\n").removesuffix("\n").split("\n\n"):
        headline, *items = part.split("\n")
        found[names[headline]] = [item.removeprefix("  - ") for item in items]
    return found


def test_nothing_to_warn_of() -> None:
    assert pulled(table("t", "id")).warnings == "" == Warnings().text()


def test_groups_and_items() -> None:
    made = table(
        "b", "id", "한", column("p", "point", comment="c"), "x", keyed=False,
        constraints=(Constraint("ck", "check", ("x",)), Constraint("ex", "exclude", ("x",)), Constraint(
            "b_pkey", "primary key", ("id",), deferrable=True
        )),
        indexes=(
            index("b_pkey", "id", unique=True, constraint="b_pkey"),
            Index("nulls", keys=(Key("x", nulls_first=True),)), Index("low", keys=(Key(expression="e"),)),
        ),
        comment="t", row_security=True,
    )  # fmt: skip
    enums = (Enum("public", "e", ("ok", "100%", "!"), comment="e"),)
    found = groups(pulled(made, enums=enums).warnings)
    assert found == {
        "unnamed fields": ['Model: "b", field(s): ["한"]'],
        "unnamed values": ['Enum: "e", value: "100%"', 'Enum: "e", value: "!"'],
        "no key": ['"b"'],
        "unknown types": ['Model: "b", field: "p", original data type: "point"'],
        "null order": ['Index: "nulls", column: "x"'],
        "row security": ['"b"'],
        "checks": ['Model: "b", constraint: "ck"'],
        "excludes": ['Model: "b", constraint: "ex"'],
        "deferring": ['Model: "b", constraint: "b_pkey"'],
        "comments": ['Type: "enum", name: "e"', 'Type: "model", name: "b"', 'Type: "field", name: "b.p"'],
        "expressions": ['Model: "b", constraint: "low"'],
    }
    order = list(HEADLINES)
    assert [order.index(name) for name in found] == sorted(order.index(name) for name in found)


def test_what_was_taken_from_the_old_file() -> None:
    old = """
model T {
  a Int
  b Int @map("bb")
  @@id([a, b], name: "both")
  @@map("t")
}

enum E {
  X @map("x")
  @@map("e")
}
"""
    made = table(
        "t", column("a", nullable=False), column("bb", nullable=False), keyed=False,
        constraints=(Constraint("t_pkey", "primary key", ("a", "bb")),),
        indexes=(index("t_pkey", "a", "bb", unique=True, constraint="t_pkey"),),
    )  # fmt: skip
    assert groups(pulled(made, enums=(Enum("public", "e", ("x",)),), before=old).warnings) == {
        "mapped fields": ['Model: "T", field: "b"'],
        "named ids": ['"T"'],
        "mapped models": ['"T"'],
        "mapped values": ['Enum: "E", value: "X"'],
        "mapped enums": ['"E"'],
    }


def test_names_that_clash_are_told_of() -> None:
    found = groups(pulled(table("a-b", "id"), table("a b", "id")).warnings)
    assert found == {"duplicates": ['Type: "model", name: "public_a_b"'] * 2}


def test_sides_of_a_join_that_changed_places_follow_the_groups_in_one_line() -> None:
    old = """
model Zed {
  id Int   @id
  b  Bee[] @relation("ab")

  @@map("a")
}

model Bee {
  id Int   @id
  z  Zed[] @relation("ab")

  @@map("b")
}
"""
    join = table(
        "_ab", "A", "B", keyed=False, constraints=(key("x", ("A",), "a"), key("y", ("B",), "b")),
        indexes=(index("u", "A", "B", unique=True), index("i", "B")),
    )  # fmt: skip
    text = pulled(table("a", "id"), table("b", "id"), join, before=old).warnings
    assert text.split("\n")[-1].startswith(
        'The many-to-many relation between "Zed" and "Bee" is broken due to'
    )
