"""What Prisma would do to a database: refused here, with goose's way of doing it."""

from __future__ import annotations

import click

from greylag.cli.prisma.own import WORDS, own_command
from greylag.errors import UsageError
from greylag.operations.prisma_ways import WAYS


def refused_command(words: str) -> click.Command:
    """A command that says why it is not done, and what to type instead."""

    @click.command(
        words.rpartition(" ")[2],
        help=f"Refused: {WAYS[words].partition(';')[0]}.",
        context_settings=WORDS,
        add_help_option=False,
    )
    @click.argument("rest", nargs=-1, type=click.UNPROCESSED)
    def command(rest: tuple[str, ...]) -> int:
        del rest
        raise UsageError(
            f"prisma {words} is not used here: goose's migrations alone change a database, "
            "and schema.prisma follows it",
            hint=WAYS[words],
        )

    return command


@click.group()
def migrate() -> None:
    """Not used here: goose's migrations alone change a database."""


for _words in WAYS:
    if _words.startswith("migrate "):
        migrate.add_command(refused_command(_words))
for _verb in ("diff", "status"):
    migrate.add_command(own_command("migrate", _verb, help="As it is, by the project's own Prisma."))
