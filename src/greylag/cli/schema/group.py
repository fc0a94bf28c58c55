"""``greylag schema``: what a database is, and how two of them differ."""

from __future__ import annotations

import click

from greylag.cli.verbs import Table, Verbs

SCHEMA_VERBS: Table = {
    "show": ("greylag.cli.schema.show", "Show tables and columns as the database has them."),
    "pull": ("greylag.cli.schema.pull", "Write schema.prisma from the database."),
    "dump": ("greylag.cli.schema.dump", "Print the schema as SQL, stable enough to commit."),
    "erd": ("greylag.cli.schema.erd", "Draw tables and foreign keys: Mermaid, DOT, SVG."),
    "docs": ("greylag.cli.schema.docs", "Write a page of Markdown about every table."),
    "models": ("greylag.cli.schema.models", "Write typed classes for SQLAlchemy and Pydantic."),
    "diff": ("greylag.cli.schema.diff", "Compare two schemas, object by object."),
}


@click.group(cls=Verbs, table=SCHEMA_VERBS)
def schema() -> None:
    """Look at the schema of a database, compare it, and derive files from it.

    Whatever is derived is derived from the database or from the migrations, never the other way round.
    """
