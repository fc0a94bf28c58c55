"""``schema diff``: two schemas compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from greylag.cli.options import Place, json_option
from greylag.cli.render import out, out_json

if TYPE_CHECKING:
    from greylag.operations.schema_diff import Strictness


owner_option = click.option("--no-owner", is_flag=True, help="Owners are no difference.")
privileges_option = click.option(
    "--no-privileges", is_flag=True, help="Privileges (GRANT) are no difference."
)


def strictness(*, no_owner: bool, no_privileges: bool) -> Strictness:
    """What the two options say."""
    from greylag.operations.schema_diff import Strictness

    return Strictness(owners=not no_owner, privileges=not no_privileges)


@click.command()
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@click.option("--dir", "folder", metavar="FOLDER", help="Folder of migrations that a revision is asked for.")
@click.option("--engine", type=click.Choice(["postgres", "clickhouse", "sqlite"]), help="Engine of a folder.")
@click.option("--table", metavar="NAME", envvar="GOOSE_TABLE", help="Version table, which is left out.")
@owner_option
@privileges_option
@json_option
def diff(
    *,
    before: str,
    after: str,
    folder: str | None,
    engine: str | None,
    table: str | None,
    no_owner: bool,
    no_privileges: bool,
    as_json: bool,
) -> int:
    """Compare two schemas; exit 1 when they differ.

    A and B are each a target (auth-service@dev), a connection string, a folder of migrations, a dump
    (.sql, or an archive of pg_dump), a catalog (.json), a schema.prisma, or git:REVISION[:FOLDER], the folder
    (or the schema.prisma) as it was then. Folders, revisions and dumps are run on a scratch database of the
    embedded server. Beside a schema.prisma the other side is what greylag schema pull would make of it.
    """
    from greylag.cli.changes import change_facts, change_lines, summary
    from greylag.operations.schema_diff import between
    from greylag.operations.schema_sides import Sides

    sides = Sides(Place((), None, folder, table).request(), folder=folder, engine=engine, table=table)
    one, other = sides.read(before, after), sides.read(after, before)
    found = between(one, other, strictness(no_owner=no_owner, no_privileges=no_privileges))
    if as_json:
        out_json(
            {"before": one.name, "after": other.name, "differences": [change_facts(each) for each in found]}
        )
        return 1 if found else 0
    out(f"--- {one.name}")
    out(f"+++ {other.name}")
    for line in change_lines(found):
        out(line)
    out(summary(found))
    return 1 if found else 0
