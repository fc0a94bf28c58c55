"""Golden cases of a pull: ``NAME/schema.sql`` into a database, then what the real Prisma 6.19.3 made of it.

A case may have ``before.prisma`` (otherwise a file with nothing but settings) and ``schema.txt`` (a ``?schema=``).
It has ``expected.prisma`` and maybe ``expected.warnings.txt``, or the code of an ``expected.error.txt``.
"""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).with_name("prisma_pull")
CASES = sorted(path.name for path in FOLDER.iterdir())
HEAD = """generator client {
  provider = "prisma-client-js"
}

datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}
"""


def read(case: str, name: str, otherwise: str = "") -> str:
    """A file of a case, with its line ends as they are."""
    path = FOLDER / case / name
    return path.read_bytes().decode() if path.is_file() else otherwise
