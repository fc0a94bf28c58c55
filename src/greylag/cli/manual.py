"""The verb that opens the manual: explain."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from greylag.cli.colour import tint
from greylag.cli.render import out

if TYPE_CHECKING:
    from collections.abc import Sequence

    from click.shell_completion import CompletionItem

_LINK = re.compile(r"\[([^\]]+)\]\([^)]+\)")


def _complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> Sequence[CompletionItem]:
    del ctx, param
    from click.shell_completion import CompletionItem

    from greylag.operations.troubles.pages import names

    return [CompletionItem(name) for name in names() if name.lower().startswith(incomplete.lower())]


@click.command()
@click.argument("code", required=False, shell_complete=_complete)
def explain(code: str | None) -> int:
    """Tell what an error code means and how to mend it.

    CODE is a SQLSTATE such as 42804, a code of greylag's such as G021, or the word after "see:" in a message.
    Without it all pages are listed.
    """
    from greylag.operations.troubles.pages import INDEX, page

    for line in shown(page(code or INDEX)):
        out(line)
    return 0


def shown(text: str) -> list[str]:
    """A page for a terminal: headings stand out, links are their words, fences are gone."""
    lines = []
    inside = False
    for line in text.splitlines():
        if line.startswith("```"):
            inside = not inside
        elif inside:
            lines.append(f"    {line}".rstrip())
        elif line.startswith("#"):
            lines.append(tint(line.lstrip("# "), "strong"))
        else:
            lines.append(_LINK.sub(r"\1", line))
    return lines
