"""What Prisma refuses: golden cases, which the real one is asked too (tests/peers), and the order of things."""

from __future__ import annotations

import pytest

from greylag.schema.prisma.parser import parse
from greylag.schema.prisma.validation import validate
from tests.golden import prisma_cases


@pytest.mark.parametrize("name", prisma_cases.CASES)
def test_golden(name: str) -> None:
    assert prisma_cases.problems(prisma_cases.read(name)) == prisma_cases.read(name, "problems.txt")


def test_refused_cases_are_refused_and_accepted_ones_are_not() -> None:
    for name in prisma_cases.CASES:
        if name.startswith(("refused-", "accepted-")):
            assert bool(prisma_cases.read(name, "problems.txt")) == name.startswith("refused-"), name


def test_the_parsers_problems_come_first_and_hide_what_concerns_the_whole() -> None:
    found = validate(parse("model A {\n  !!\n  x Foo\n}\n"))
    assert [problem.line for problem in found] == [2, 3]
    assert all("unique criteria" not in problem.message for problem in found)


def test_an_ambiguous_relation_ends_the_search() -> None:
    text = "model A {\n  id Int @id\n  b  A?  @relation(fields: [id], references: [id])\n  c  A[]\n}\n\nmodel B {\n}\n"
    assert [problem.line for problem in validate(parse(text))] == [3]


def test_a_schema_without_a_datasource_is_judged_all_the_same() -> None:
    text = 'model A {\n  id Int @id @db.Foo\n  x  Unsupported("Text")\n}\n'
    assert validate(parse(text)) == () and validate(parse(text + "\nmodel A {\n  id Int @id\n}\n"))
