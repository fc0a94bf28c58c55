"""What ``schema pull`` writes, and the real Prisma: it takes it, has no other layout for it, and its client runs."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from greylag.databases.postgres.session import PostgresSession
from greylag.operations.schema_pull import HEAD, Wishes, pull
from greylag.operations.write import write
from greylag.schema.prisma.introspection import CrossSchemaError, EmptyError
from greylag.schema.prisma.mended.pull import tend
from greylag.schema.prisma.parser import parse
from tests.golden import pull_cases
from tests.properties.bench import EMPTY
from tests.properties.schemas import Schema
from tests.properties.test_pull import remarked
from tests.unit.schema.prisma.mended.test_weaving import EVERYWHERE, WOVEN

if TYPE_CHECKING:
    from tests.plugins.prisma import PrismaLanguage

pytestmark = pytest.mark.peer

EXAMPLE = Path(__file__).parents[2] / "examples" / "my-girok"
GENERATOR = """\
generator client {
  provider   = "prisma-client-js"
  output     = "./client"
  engineType = "client"
}
"""
QUERY = """
const { PrismaClient } = require('./client')
const { PrismaPg } = require('@prisma/adapter-pg')

async function main() {
  const adapter = new PrismaPg({ connectionString: process.env.DATABASE_URL, allowExitOnIdle: true })
  const prisma = new PrismaClient({ adapter })
  const createdAt = new Date('2025-01-23T14:30:00.000Z')
  await prisma.user.create({
    data: {
      email: 'ana@example.com', displayName: 'Ana', createdAt,
      sessions: { create: [{ refreshTokenHash: 'x', expiresAt: new Date('2125-01-23T14:30:00.123Z') }] },
      userPreference: { create: { theme: 'dark' } },
    },
  })
  const found = await prisma.user.findMany({
    where: { email: { startsWith: 'ana' } },
    include: { sessions: true, userPreference: true },
  })
  const touched = await prisma.user.update({ where: { id: found[0].id }, data: { displayName: 'Anna' } })
  console.log(JSON.stringify({ found, later: touched.updatedAt > found[0].updatedAt }))
  await prisma.$disconnect()
}
main().catch(error => { console.error(error); process.exit(1) })
"""


def takes(language: PrismaLanguage, text: str) -> None:
    assert language.problems(text) == [], text
    assert language.format(text) == text


@pytest.mark.parametrize("path", sorted(EXAMPLE.rglob("schema.prisma")), ids=lambda path: path.parent.name)
def test_prisma_takes_the_examples(prisma_language: PrismaLanguage, path: Path) -> None:
    takes(prisma_language, path.read_text(encoding="utf-8"))


def test_prisma_takes_the_golden_schemas_and_random_ones(
    prisma_language: PrismaLanguage, database: str
) -> None:
    import psycopg

    count = 0
    made = [Schema(random.Random(seed)).text for seed in range(25)]
    made += [pull_cases.read(case, "schema.sql") for case in pull_cases.CASES]
    with (
        psycopg.connect(database, autocommit=True) as connection,
        closing(PostgresSession(database, "")) as session,
    ):
        for ddl in made:
            schemas = connection.execute(
                "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'"
            ).fetchall()
            for (name,) in schemas:
                connection.execute(f'DROP SCHEMA "{name}" CASCADE'.encode())
            connection.execute(b"CREATE SCHEMA public")
            connection.execute(ddl.encode())
            catalog = session.catalog(["public"])
            for by_convention in (False, True):
                try:
                    found = tend(catalog, parse(HEAD), ["public"], by_convention=by_convention)
                except (EmptyError, CrossSchemaError):  # of golden cases that are about these
                    continue
                takes(prisma_language, found.text)
                count += 1
    assert count > 80


def test_prisma_has_no_other_layout_for_what_was_woven(prisma_language: PrismaLanguage) -> None:
    assert prisma_language.format(WOVEN) == WOVEN
    assert prisma_language.format(EVERYWHERE) != EVERYWHERE


def test_prisma_takes_a_file_with_comments_that_follows_another_schema(
    prisma_language: PrismaLanguage, database: str
) -> None:
    import psycopg

    before = HEAD.replace('"prisma-client-js"', '"prisma-client-js"\n  previewFeatures = ["views"]')
    with (
        psycopg.connect(database, autocommit=True) as connection,
        closing(PostgresSession(database, "")) as session,
    ):
        for seed in range(20):
            connection.execute((EMPTY + Schema(random.Random(seed)).text).encode())
            found = tend(session.catalog(["public"]), parse(before), ["public"], by_convention=seed % 4 > 1)
            takes(prisma_language, found.text)
            before = remarked(found.text)[0] if seed % 2 else found.text


@pytest.fixture
def environ(prisma_folder: Path, database: str) -> dict[str, str]:
    stub = str(
        prisma_folder / "engine-stub.so.node"
    )  # any file there is keeps it from looking for native programs
    return {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": database,
        "PRISMA_QUERY_ENGINE_LIBRARY": stub,
        "PRISMA_SCHEMA_ENGINE_BINARY": stub,
        "PRISMA_HIDE_UPDATE_MESSAGE": "1",
        "CHECKPOINT_DISABLE": "1",
        "NO_COLOR": "1",
    }


def run(environ: dict[str, str], folder: Path, *words: str) -> str:
    done = subprocess.run(
        words, cwd=folder, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_its_client_reads_and_writes_the_migrated_example(
    prisma_folder: Path, environ: dict[str, str], database: str, tmp_path: Path
) -> None:
    folder = EXAMPLE / "services" / "auth-service" / "migrations"
    run(
        environ,
        tmp_path,
        sys.executable,
        "-m",
        "greylag",
        "goose",
        "-dir",
        str(folder),
        "postgres",
        database,
        "up",
    )
    (tmp_path / "node_modules").symlink_to(prisma_folder / "node_modules")
    schema = tmp_path / "schema.prisma"
    schema.write_text(GENERATOR + HEAD.partition("}\n")[2], encoding="utf-8")
    with closing(PostgresSession(database, "goose_db_version")) as session:
        write([pull(session, "goose_db_version", Wishes(str(schema), by_convention=True))])
    run(environ, tmp_path, "node", "node_modules/prisma/build/index.js", "generate", "--schema", str(schema))
    (tmp_path / "query.js").write_text(QUERY, encoding="utf-8")
    answer = json.loads(run(environ, tmp_path, "node", "query.js"))
    (user,) = answer["found"]
    assert user["createdAt"] == "2025-01-23T14:30:00.000Z"
    assert user["sessions"][0]["expiresAt"] == "2125-01-23T14:30:00.123Z"
    assert (user["status"], user["userPreference"]["theme"]) == ("pending", "dark")
    assert answer["later"] is True
