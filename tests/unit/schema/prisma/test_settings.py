"""Generators and datasource, read and written anew."""

from __future__ import annotations

from greylag.schema.prisma.parser import parse
from greylag.schema.prisma.settings import Settings, settings_blocks

TEXT = r"""
datasource mydb {
  url          = env("DATABASE_URL")
  extensions   = [citext]
  provider     = "postgres"
  relationMode = "prisma"
  schemas      = ["b", "a"]
}

/// Lost.
generator client {
  zeta            = env("Z")
  verbose         = true
  level           = 3
  list            = ["a", 1]
  binaryTargets   = "native"
  previewFeatures = ["views", "metrics", "views"]
  provider        = "prisma-client-js"
  output          = "..\\out"
}
"""


def test_what_a_pull_needs_to_know() -> None:
    document = parse(TEXT)
    settings = Settings(document.of("generator"), document.of("datasource")[0])
    assert (settings.name, settings.schemas, settings.keys) == ("mydb", ["a", "b"], False)
    assert settings.features == {"views", "metrics"}
    plain = parse('datasource db {\n  provider = "postgresql"\n}\n')
    settings = Settings((), plain.of("datasource")[0])
    assert (settings.schemas, settings.keys, settings.features) == ([], True, set())


def test_known_settings_come_first_and_values_are_strings() -> None:
    document = parse(TEXT)
    made = settings_blocks(document.of("generator"), document.of("datasource")[0])
    assert (
        "\n".join(block.laid_out() for block in made)
        == r"""generator client {
  provider        = "prisma-client-js"
  output          = "..\\out"
  previewFeatures = ["metrics", "views"]
  binaryTargets   = ["native"]
  level           = "3"
  list            = ["a", "1"]
  verbose         = "true"
  zeta            = env("Z")
}

datasource mydb {
  provider     = "postgres"
  url          = env("DATABASE_URL")
  relationMode = "prisma"
  schemas      = ["a", "b"]
}
"""
    )
