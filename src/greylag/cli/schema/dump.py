"""``schema dump``: a stable schema.sql."""

from __future__ import annotations

import sys

import click

from greylag.cli.options import Place, complete_target, folder_option
from greylag.cli.render import out


@click.command()
@click.argument("target", required=False, shell_complete=complete_target)
@click.option("--dsn", metavar="TEXT", help="Connection string of the database.")
@folder_option
@click.option("-o", "--output", metavar="FILE", help="Write the file, instead of printing.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 with the diff when FILE is out of date.")
def dump(*, target: str | None, dsn: str | None, folder: str | None, output: str | None, check: bool) -> int:
    """Print the schema as SQL: the same text for the same schema, so that a diff shows what changed.

    Unlike a dump of pg_dump it holds no settings, no owners but unusual ones, and nothing of goose's or
    greylag's own. It runs in an empty database.
    """
    from greylag.cli.schema.files import one_session, settle
    from greylag.errors import UsageError
    from greylag.operations.schema_dump import dump as operation
    from greylag.operations.schema_dump import dump_edit

    if check and output is None:
        raise UsageError("--check needs a file to compare with", hint="add --output FILE")
    with one_session(Place((target,) if target else (), dsn, folder)) as (session, table):
        if output is None:
            sys.stdout.write(operation(session, table))
            return 0
        return settle([dump_edit(session, table, output)], check=check, say=out)
