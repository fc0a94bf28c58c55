"""``greylag prisma``: the commands that stood behind ``pnpm prisma``."""

from __future__ import annotations

import click

from greylag.cli.verbs import Table, Verbs

PRISMA_VERBS: Table = {
    "db": ("greylag.cli.prisma.db", "Write schema.prisma from the database: db pull."),
}


@click.group(cls=Verbs, table=PRISMA_VERBS)
def prisma() -> None:
    """Stand where Prisma's command stood: schema.prisma follows the database, never the other way round."""
