"""The table of ``greylag prisma``."""

from __future__ import annotations

import click

from greylag.cli.prisma.group import PRISMA_VERBS, prisma


def test_every_verb_of_the_table_is_there() -> None:
    context = click.Context(prisma)
    assert prisma.list_commands(context) == list(PRISMA_VERBS)
    found = {name: prisma.get_command(context, name) for name in PRISMA_VERBS}
    assert all(isinstance(command, click.Command) for command in found.values())
    assert isinstance(found["db"], click.Group) and "pull" in found["db"].commands
    assert prisma.get_command(context, "seed") is None
