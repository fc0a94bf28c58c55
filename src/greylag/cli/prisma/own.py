"""What the project's own Prisma does: generate, studio, validate, format, version."""

from __future__ import annotations

import os

import click

WORDS = {"ignore_unknown_options": True, "help_option_names": [], "allow_interspersed_args": False}
"""Settings of a command whose words all belong to another program."""


def own_command(*verb: str, help: str) -> click.Command:  # noqa: A002 - click's word
    """A command that hands itself and all its words to the project's own Prisma."""

    @click.command(verb[-1], help=help, context_settings=WORDS, add_help_option=False)
    @click.argument("words", nargs=-1, type=click.UNPROCESSED)
    def command(words: tuple[str, ...]) -> int:
        from greylag.operations.prisma_own import become, find_prisma

        become(find_prisma(words, os.getcwd(), os.environ), (*verb, *words), os.environ)

    return command


generate = own_command("generate", help="Generate the client, by the project's own Prisma.")
studio = own_command("studio", help="Open Prisma Studio, by the project's own Prisma.")
validate = own_command("validate", help="Check schema.prisma, by the project's own Prisma.")
format = own_command("format", help="Lay schema.prisma out, by the project's own Prisma.")  # noqa: A001 - the verb
version = own_command("version", help="Print the versions of the project's own Prisma.")
