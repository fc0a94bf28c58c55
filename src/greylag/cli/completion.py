"""``greylag completion SHELL``: the script that completes verbs, options and targets."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from greylag.cli.render import out
from greylag.errors import UsageError

_INSTALL = {
    "bash": 'eval "$(greylag completion bash)"   in ~/.bashrc',
    "zsh": 'eval "$(greylag completion zsh)"   in ~/.zshrc',
    "fish": "greylag completion fish > ~/.config/fish/completions/greylag.fish",
}


@click.command(epilog="\b\n" + "\n".join(_INSTALL.values()))
@click.argument("shell", type=click.Choice(list(_INSTALL)))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> int:
    """Print the completion script of a shell."""
    found = get_completion_class(shell)
    if found is None:
        raise UsageError(f"no completion for {shell!r}")
    out(found(ctx.find_root().command, {}, "greylag", "_GREYLAG_COMPLETE").source())
    return 0
