"""``schema erd``: a diagram of the tables."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from greylag.cli.options import Place, complete_target, folder_option
from greylag.cli.render import out

if TYPE_CHECKING:
    from greylag.operations.schema_erd import Grouping


@click.command()
@click.argument("target", required=False, shell_complete=complete_target)
@click.argument("names", nargs=-1, metavar="[TABLE]...")
@click.option("--dsn", metavar="TEXT", help="Connection string of the database.")
@folder_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["mermaid", "dot", "svg"]),
    help="What to draw it in.  [default: by FILE's ending, else mermaid]",
)
@click.option(
    "--group",
    "grouping",
    type=click.Choice(["auto", "schema", "name", "none"]),
    default="auto",
    show_default=True,
    help="What a group is: tables of one schema, or with the first word of their names in common.",
)
@click.option("-o", "--output", metavar="FILE", help="Write the file, instead of printing.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 with the diff when FILE is out of date.")
def erd(
    *,
    target: str | None,
    names: tuple[str, ...],
    dsn: str | None,
    folder: str | None,
    form: str | None,
    grouping: Grouping,
    output: str | None,
    check: bool,
) -> int:
    """Draw the tables and their foreign keys, all of them or each TABLE (a name or a glob).

    Mermaid is drawn by GitHub and GitLab in Markdown; dot is for Graphviz; svg is a picture that needs
    nothing else. The same schema is always the same text.
    """
    from greylag.cli.schema.files import one_session, settle
    from greylag.errors import UsageError
    from greylag.model.edit import Edit
    from greylag.operations.schema_erd import ENDINGS, draw
    from greylag.operations.write import read

    if check and output is None:
        raise UsageError("--check needs a file to compare with", hint="add --output FILE")
    if target is not None and (dsn is not None or folder is not None):
        names, target = (target, *names), None
    form = form or ENDINGS.get(os.path.splitext(output or "")[1].lower(), "mermaid")
    with one_session(Place((target,) if target else (), dsn, folder)) as (session, table):
        text = draw(session, table, form=form, grouping=grouping, patterns=names)
    if output is None:
        sys.stdout.write(text)
        return 0
    return settle([Edit(output, read(output), text)], check=check, say=out)
