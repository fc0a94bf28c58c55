"""``schema pull``: schema.prisma from the database, the better way."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from greylag.cli.explain import explain
from greylag.cli.options import place_options
from greylag.cli.render import out
from greylag.cli.visit import way_to
from greylag.errors import GreylagError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from greylag.cli.options import Place
    from greylag.model.edit import Edit
    from greylag.model.target import Target
    from greylag.operations.schema_pull import Wishes


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
    wishes = [wishes_for(target, resolution, path=path, camel=camel) for target in targets]
    _refuse_one_file_for_two(targets, wishes)
    edits: list[Edit] = []
    for target, wish in zip(targets, wishes, strict=True):
        try:
            with way_to(target, resolution, place) as way:
                edits.append(operation(way.session, place.table or target.table, wish))
        except GreylagError as error:
            if len(targets) == 1:
                raise
            print(explain(error, subject=target.name), file=sys.stderr)
            return error.exit_code
    if only_print:
        for edit in edits:
            sys.stdout.write(edit.after)
        return 0
    code = settle(edits, check=check, say=out)
    written = [edit.path for edit in edits if edit.before != edit.after]
    if written and not check:
        only = f" --schema {os.path.relpath(written[0])}" if len(written) == 1 else ""
        out(f"next: greylag prisma generate{only}")
    return code


def _refuse_one_file_for_two(targets: Sequence[Target], wishes: Sequence[Wishes]) -> None:
    files: dict[str, Target] = {}
    for target, wish in zip(targets, wishes, strict=True):
        other = files.setdefault(os.path.realpath(wish.path), target)
        if other is not target:
            raise UsageError(
                f"{os.path.relpath(wish.path)} is one file, and {other.name} and {target.name} are meant",
                hint="name one of them",
            )
