"""``greylag goose …``: the goose program, for where the script is shadowed by a Go goose on PATH."""

from __future__ import annotations

import click


@click.command(
    context_settings={
        "ignore_unknown_options": True,
        "help_option_names": [],
        "allow_interspersed_args": False,
    },
    add_help_option=False,
)
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def goose(words: tuple[str, ...]) -> int:
    """Be goose: the same program as the script of that name."""
    from greylag.cli.goose.main import run

    return run(words)
