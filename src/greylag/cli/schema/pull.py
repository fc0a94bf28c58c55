"""``schema pull``: schema.prisma from the database, the better way."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from greylag.cli.options import place_options
from greylag.cli.render import out
from greylag.cli.visit import way_to
from greylag.errors import UsageError

if TYPE_CHECKING:
    from greylag.cli.options import Place
    from greylag.model.edit import Edit


@click.command()
@place_options
@click.option("--schema", "path", metavar="FILE", help="The schema.prisma.  [default: the config's]")
@click.option("--camel", is_flag=True, help="Name what is new by the convention: model User, createdAt.")
@click.option("--print", "only_print", is_flag=True, help="Print the file, write nothing.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 with the diff of what is out of date.")
def pull(*, place: Place, path: str | None, camel: bool, only_print: bool, check: bool) -> int:
    """Write schema.prisma from the database, for every PostgreSQL target that is meant.

    As prisma db pull, but: Prisma takes what it writes, and a second pull changes nothing; // comments and
    the order of fields stay; COMMENT ON becomes ///; goose's and greylag's tables are left out; INCLUDE
    columns are no keys. Names that the file has are kept.
    """
    from greylag.cli.schema.files import settle
    from greylag.operations.schema_pull import pull as operation
    from greylag.operations.schema_pull import wishes_for

    resolution = place.resolve()
    targets = [
        target for target in resolution.targets if target.engine == "postgres" or target.dsn is not None
    ]
    if not targets:
        raise UsageError(
            "no PostgreSQL database is meant", hint="schema.prisma is made from PostgreSQL alone"
        )
    if path is not None and len(targets) > 1:
        raise UsageError(
            f"--schema is one file, and {len(targets)} databases are meant", hint="name one target"
        )
    edits: list[Edit] = []
    for target in targets:
        with way_to(target, resolution, place) as way:
            wishes = wishes_for(target, resolution, path=path, camel=camel)
            edits.append(operation(way.session, place.table or target.table, wishes))
    if only_print:
        for edit in edits:
            sys.stdout.write(edit.after)
        return 0
    code = settle(edits, check=check, say=out)
    if not check and any(edit.before != edit.after for edit in edits):
        folder = os.path.relpath(os.path.dirname(edits[0].path)) if len(edits) == 1 else ""
        out("next: greylag prisma generate" + (f" --schema {folder}/schema.prisma" if folder else ""))
    return code
