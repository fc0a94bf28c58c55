"""What Prisma writes and refuses, put right."""

from __future__ import annotations

from greylag.schema.prisma.layout import write
from greylag.schema.prisma.mended.repairs import repaired
from greylag.schema.prisma.parser import parse
from greylag.schema.prisma.validation import validate
from tests.plugins.pictures import HEAD, column, index, key, table
from tests.plugins.tending import tended


def mended(text: str) -> str:
    done = write(repaired(parse(HEAD + text)))
    assert validate(parse(done)) == ()
    assert write(repaired(parse(done))) == done
    return done


def test_a_relation_to_an_ignored_model_is_ignored_on_the_other_side_alone() -> None:
    text = mended(
        "model a {\n  id Int @id\n  bs b[]\n}\n"
        "model b {\n  id Int @id\n  a_id Int\n  a a @relation(fields: [a_id], references: [id])\n  @@ignore\n}\n"
    )
    assert "  bs b[] @ignore\n" in text and text.count("@ignore") == 2


def test_a_key_over_a_compound_key_in_another_order_is_to_many() -> None:
    text = mended(
        "model a {\n  x Int\n  y Int\n  b b?\n  @@id([x, y])\n}\n"
        "model b {\n  p Int\n  q Int\n  a a @relation(fields: [q, p], references: [x, y])\n  @@id([p, q])\n}\n"
    )
    assert "  b b[]\n" in text


def test_other_relations_stay() -> None:
    text = (
        "model a {\n  x Int\n  y Int\n  b b?\n  @@id([x, y])\n}\n"
        "model b {\n  p Int\n  q Int\n  a a @relation(fields: [p, q], references: [x, y])\n  @@id([p, q])\n}\n"
    )
    assert "b?" in mended(text)
    single = (
        "model a {\n  x Int @id\n  b b?\n}\n"
        "model b {\n  p Int @id\n  a a @relation(fields: [p], references: [x])\n}\n"
    )
    assert "b?" in mended(single)


def test_so_a_pull_writes_it() -> None:
    parent = table(
        "a",
        column("x", nullable=False),
        column("y", nullable=False),
        keyed=False,
        indexes=(index("a_x_y_key", "x", "y", unique=True),),
    )
    child = table(
        "b", column("p", nullable=False), column("q", nullable=False), keyed=False,
        indexes=(index("b_p_q_key", "p", "q", unique=True),),
        constraints=(key("k", ("q", "p"), "a", ("x", "y")),),
    )  # fmt: skip
    assert "b[]" in tended(parent, child)
