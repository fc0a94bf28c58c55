"""``schema docs``: a page of Markdown about every table."""

from __future__ import annotations

import sys

import click

from greylag.cli.options import Place, complete_target, folder_option, shown_folder
from greylag.cli.render import out


@click.command()
@click.argument("target", required=False, shell_complete=complete_target)
@click.option("--dsn", metavar="TEXT", help="Connection string of the database.")
@folder_option
@click.option("--title", metavar="TEXT", help="Heading of the page.  [default: the database's name]")
@click.option("--no-history", is_flag=True, help="Do not say which file made and changed a table.")
@click.option("-o", "--output", metavar="FILE", help="Write the file, instead of printing.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 with the diff when FILE is out of date.")
def docs(
    *,
    target: str | None,
    dsn: str | None,
    folder: str | None,
    title: str | None,
    no_history: bool,
    output: str | None,
    check: bool,
) -> int:
    """Write what every table is: comments, columns, keys, who refers to it, which file made and changed it.

    The history is found by running the files one by one on a scratch database of the embedded server.
    """
    from greylag.cli.visit import way_to
    from greylag.environments.resolution import only_target
    from greylag.errors import UsageError
    from greylag.model.edit import Edit
    from greylag.operations.schema_docs import write_docs
    from greylag.operations.scratch import workshop_of
    from greylag.operations.write import read

    if check and output is None:
        raise UsageError("--check needs a file to compare with", hint="add --output FILE")
    place = Place((target,) if target else (), dsn, folder)
    resolution = place.resolve()
    meant = only_target(resolution)
    with way_to(meant, resolution, place) as way:
        text = write_docs(
            way.session,
            meant.table,
            title=title or way.session.connect().database,
            folder=shown_folder(meant.folder),
            workshop=None if no_history else workshop_of(resolution),
        )
    if output is None:
        sys.stdout.write(text)
        return 0
    from greylag.cli.schema.files import settle

    return settle([Edit(output, read(output), text)], check=check, say=out)
