"""``drift``: is every database what its migrations make?"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from greylag.cli.options import json_option, place_options, shown_folder
from greylag.cli.render import error_facts, header, out, out_json, server_facts
from greylag.cli.schema.diff import owner_option, privileges_option, strictness

if TYPE_CHECKING:
    from collections.abc import Iterator

    from greylag.cli.options import Place
    from greylag.operations.schema_diff import Drift


@click.command()
@place_options
@owner_option
@privileges_option
@click.option(
    "--jobs",
    metavar="N",
    type=click.IntRange(1, 64),
    default=8,
    show_default=True,
    help="How many databases to look at at once.",
)
@json_option
def drift(*, place: Place, no_owner: bool, no_privileges: bool, jobs: int, as_json: bool) -> int:
    """Compare databases with what their applied files make; exit 1 when one has drifted.

    Files that are pending are no drift. The files are run on a scratch database of the embedded server.
    """
    from greylag.operations.schema_diff import drift as operation

    resolution = place.resolve()
    kept = strictness(no_owner=no_owner, no_privileges=no_privileges)
    facts, code = [], 0
    for found in operation(resolution, os.environ, table=place.table, strictness=kept, at_once=jobs):
        code = max(code, _code(found))
        if as_json:
            facts.append(_facts(found))
            continue
        for line in _lines(found):
            out(line)
    if as_json:
        out_json(facts)
    return code


def _code(found: Drift) -> int:
    if found.error is not None:
        return max(1, found.error.exit_code)
    return 1 if found.changes or found.missing else 0


def _lines(found: Drift) -> Iterator[str]:
    from greylag.cli.changes import change_lines, summary
    from greylag.cli.colour import tint
    from greylag.cli.explain import explain

    if found.error is not None or found.server is None:
        yield f"{found.target.name}: {tint('cannot be judged', 'bad')}"
        if found.error is not None:
            yield from (f"  {line}" for line in explain(found.error).split("\n"))
        return
    yield header(found.target.name, shown_folder(found.target.folder), found.server)
    pending = f" ({found.pending} pending, not counted)" if found.pending else ""
    if found.missing:
        versions = ", ".join(map(str, found.missing))
        yield f"  {tint('cannot be judged', 'bad')}: applied here, and no file for it: {versions}"
        yield "  next: bring the files, or look at them with greylag history"
        return
    for line in change_lines(found.changes):
        yield f"  {line}"
    if found.changes:
        yield f"  {tint('drifted', 'bad')}: {summary(found.changes)}{pending}"
        yield "  - the migrations make it, + the database has it"
    else:
        yield f"  {tint('as its migrations make it', 'good')}{pending}"


def _facts(found: Drift) -> dict[str, object]:
    from greylag.cli.changes import change_facts

    return {
        "target": found.target.name,
        "server": server_facts(found.server) if found.server else None,
        "drifted": bool(found.changes),
        "differences": [change_facts(each) for each in found.changes],
        "without_file": list(found.missing),
        "pending": found.pending,
        "error": error_facts(found.error) if found.error else None,
    }
