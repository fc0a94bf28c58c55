"""``greylag prisma``: the commands that stood behind ``pnpm prisma``."""

from __future__ import annotations

import click

from greylag.cli.verbs import Table, Verbs

PRISMA_VERBS: Table = {
    "db": ("greylag.cli.prisma.db", "Write schema.prisma from the database: db pull."),
    "generate": ("greylag.cli.prisma.own", "Generate the client, by the project's own Prisma."),
    "studio": ("greylag.cli.prisma.own", "Open Prisma Studio, by the project's own Prisma."),
    "validate": ("greylag.cli.prisma.own", "Check schema.prisma, by the project's own Prisma."),
    "format": ("greylag.cli.prisma.own", "Lay schema.prisma out, by the project's own Prisma."),
    "version": ("greylag.cli.prisma.own", "Print the versions of the project's own Prisma."),
    "migrate": ("greylag.cli.prisma.migrate", "Refused, with goose's way: dev, deploy, reset, resolve."),
}


@click.group(cls=Verbs, table=PRISMA_VERBS)
def prisma() -> None:
    """Stand where Prisma's command stood: schema.prisma follows the database, never the other way round."""
