"""Prisma's own engine and ours on the same schemas: golden cases, and such as are made of what matters to it."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

import pytest

from greylag.schema.prisma.layout import lay_out
from greylag.schema.prisma.parser import parse
from greylag.schema.prisma.validation import validate
from tests.golden import prisma_cases

if TYPE_CHECKING:
    from tests.plugins.prisma import PrismaLanguage

pytestmark = pytest.mark.peer

COMPLETED = {
    "refused-key-on-the-wrong-side",
    "refused-one-sided-relations",
    "refused-one-to-many",
    "refused-one-to-one",
}
"""Cases in which ``prisma format`` adds to a relation what is missing: that is no layout, and not done here."""

GOOD = """\
generator client {
  provider = "prisma-client-js"
}

datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}

model User {
  id      String   @id @default(uuid()) @db.Uuid
  email   String   @unique @db.VarChar(255)
  score   Decimal? @default(0.5) @db.Decimal(5, 2)
  tags    String[] @default(["a"])
  made    DateTime @default(now()) @db.Timestamptz(6)
  role    Role     @default(USER)
  data    Json?    @default("{}")
  boss    User?    @relation("boss", fields: [boss_id], references: [id])
  boss_id String?  @db.Uuid
  staff   User[]   @relation("boss")
  posts   Post[]
  card    Card?
  log     Log[]    @relation("log") @ignore

  @@unique([email, score], name: "both")
  @@index([made(sort: Desc)], map: "made")
  @@map("users")
}

model Post {
  id      Int     @id @default(autoincrement())
  owner   User    @relation(fields: [user_id], references: [id], onDelete: Cascade)
  user_id String  @db.Uuid
  place   Unsupported("point")?
  labels  Label[]

  @@index([user_id])
}

model Card {
  a       Int
  b       Int
  holder  User?   @relation(fields: [user_id], references: [id])
  user_id String? @unique @db.Uuid

  @@id([a, b])
}

model Label {
  id    Int    @id
  posts Post[]
}

model Log {
  line String?
  user User?   @relation("log", fields: [who], references: [id])
  who  String? @db.Uuid

  @@ignore
}

enum Role {
  USER
  ADMIN @map("admin")

  @@map("role")
}
"""
PIECES = (
    "model A {", "enum E {", "view V {", "type T {", "generator g {", "datasource d {", "foo {", "model {", "}", "} model B {", "", "", " ",
    "  a   Int  @id", "  b String ?@map( 'x' ) // c", "  c [Int]", "  d: Int!", "  e Int[]?", "  f  Unsupported( 'x' )  []  @db.Text", "  größe  T?",
    "  @@index( [ a,b(sort:Desc) ] , map:'i' )// d", "@@map('x')", "@@id([a])", "@@", "  k = [ 'a' , true,f(x: 1.5) ] /* e */", "  l =", "// f",
    "  /// g  ", "/* h", " * i", "*/", "/** j */", "!!", "  m @map('n')@o", "@map('\\q')", "type X = Int @id  ", "\u00a0\tp\u3000Int\t",
)  # fmt: skip
WORDS = sorted(set(re.findall(r"\w+", GOOD)))
FOLLOWED = re.compile(r"(//[^\n\r]*[\n\r]+|\*/[\n\r]*)[ \t\u00a0]+/\*")
"""An indented long comment below another comment: Prisma takes its indentation for the opening, and doubles it."""


@pytest.mark.parametrize("name", [name for name in prisma_cases.CASES if name not in COMPLETED])
def test_golden_layouts(prisma_language: PrismaLanguage, name: str) -> None:
    assert prisma_language.format(prisma_cases.read(name)) == prisma_cases.read(name, "expected.prisma")


@pytest.mark.parametrize("name", prisma_cases.CASES)
def test_golden_refusals(prisma_language: PrismaLanguage, name: str) -> None:
    lines = prisma_cases.read(name, "problems.txt")
    found = [f"{line}: {message}\n" for line, message in prisma_language.problems(prisma_cases.read(name))]
    assert sorted("".join(found).splitlines()) == sorted(lines.splitlines())


@pytest.mark.parametrize("seed", range(20))
def test_layouts(prisma_language: PrismaLanguage, seed: int) -> None:
    chance = random.Random(seed)
    seen = 0
    for _ in range(50):
        lines = chance.choices(PIECES, k=chance.randint(1, 14))
        text = chance.choice(["\n", "\n", "\n", "\r\n"]).join(lines).replace("'", '"')
        if FOLLOWED.search(text):
            continue
        assert lay_out(text) == prisma_language.format(text), text
        seen += 1
    assert seen > 25


def damaged(chance: random.Random) -> str:
    """A good schema with one thing wrong with it, or with none."""
    lines = GOOD.splitlines(keepends=True)
    place = chance.randrange(len(lines))
    match chance.randrange(6):
        case 0:
            del lines[place]
        case 1:
            lines.insert(place, chance.choice(lines))
        case 2:
            lines[place] = re.sub(
                r"\b(Int|String|Json|DateTime)\b", chance.choice(["Int", "Json", "Role"]), lines[place]
            )
        case 3:
            lines[place] = re.sub(
                r"(\w)(\?|\[\]| )( +@|\n)", rf"\1{chance.choice(['?', '[]', ''])}\3", lines[place]
            )
        case 4:
            lines[place] = re.sub(
                r" @@?\w+(\([^()\n]*\))?",
                chance.choice(["", " @unique", ' @map("x")']),
                lines[place],
                count=1,
            )
        case _:
            words = re.findall(r"\w+", lines[place]) or ["id"]
            lines[place] = re.sub(rf"\b{chance.choice(words)}\b", chance.choice(WORDS), lines[place], count=1)
    return "".join(lines)


def test_what_is_damaged_was_good(prisma_language: PrismaLanguage) -> None:
    assert prisma_language.problems(GOOD) == [] and validate(parse(GOOD)) == ()


@pytest.mark.parametrize("seed", range(20))
def test_refusals(prisma_language: PrismaLanguage, seed: int) -> None:
    chance = random.Random(seed)
    refused = 0
    for _ in range(40):
        text = damaged(chance)
        real = prisma_language.problems(text)
        assert bool(validate(parse(text))) == bool(real), text
        refused += bool(real)
    assert 5 < refused < 40
