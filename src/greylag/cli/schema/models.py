"""``schema models``: typed classes for Python."""

from __future__ import annotations

import sys

import click

from greylag.cli.options import Place, complete_target, folder_option
from greylag.cli.render import out


@click.command()
@click.argument("target", required=False, shell_complete=complete_target)
@click.option("--dsn", metavar="TEXT", help="Connection string of the database.")
@folder_option
@click.option("--pydantic", is_flag=True, help="Write Pydantic models too, one for each table and view.")
@click.option("--pydantic-only", is_flag=True, help="Write Pydantic models alone.")
@click.option("-o", "--output", metavar="FILE", help="Write the file, instead of printing.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 with the diff when FILE is out of date.")
def models(
    *,
    target: str | None,
    dsn: str | None,
    folder: str | None,
    pydantic: bool,
    pydantic_only: bool,
    output: str | None,
    check: bool,
) -> int:
    """Write the whole schema as SQLAlchemy 2.0 classes; for ClickHouse as Pydantic models.

    Needs pip install 'greylag[models]'. Moments are aware datetimes in UTC, enums are enums. The file
    imports SQLAlchemy (and Pydantic), nothing of greylag.
    """
    from greylag.cli.schema.files import one_session, settle
    from greylag.errors import UsageError
    from greylag.model.edit import Edit
    from greylag.operations.schema_models import write_models
    from greylag.operations.write import read

    if check and output is None:
        raise UsageError("--check needs a file to compare with", hint="add --output FILE")
    with one_session(Place((target,) if target else (), dsn, folder)) as (session, table):
        text = write_models(session, table, orm=not pydantic_only, rows=pydantic or pydantic_only)
    if output is None:
        sys.stdout.write(text)
        return 0
    return settle([Edit(output, read(output), text)], check=check, say=out)
